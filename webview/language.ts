import { UserError } from '../src/core/errors';
import { format, type Message } from '../src/core/message';

/** The language of the editor: everything visible goes through it. */
export interface Language {
  readonly say: (text: Message) => string;
  /** "2 hours ago". */
  readonly ago: (time: number, now: number) => string;
  /** "2 hr": without sign. */
  readonly span: (milliseconds: number) => string;
  /** 12,345 */
  readonly count: (value: number) => string;
}

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

export function createLanguage(locale: string, bundle: Readonly<Record<string, string>>): Language {
  const supported = Intl.DateTimeFormat.supportedLocalesOf([locale]);
  const relative = new Intl.RelativeTimeFormat(supported, { numeric: 'auto' });
  const numbers = new Intl.NumberFormat(supported);
  return {
    say: (text) => format(text, bundle),
    ago(time, now) {
      const seconds = Math.round((time - now) / 1000);
      const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
      return relative.format(Math.trunc(seconds / length), unit);
    },
    span(milliseconds) {
      const seconds = Math.round(Math.abs(milliseconds) / 1000);
      const [unit, length] = units.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
      return new Intl.NumberFormat(supported, { style: 'unit', unit }).format(Math.trunc(seconds / length));
    },
    count: (value) => numbers.format(value),
  };
}

/** What an error says to a person. Commands have put theirs into the editor's language already. */
export function explain(error: unknown, language: Language): string {
  if (error instanceof UserError) return language.say(error.text);
  return error instanceof Error ? error.message : String(error);
}
