import { UserError } from '../../src/core/base/errors';
import { format, type Message } from '../../src/core/base/message';
import { relativeTime, timeUnits } from '../../src/core/base/relativeTime';

/** The language of the editor: everything visible goes through it. */
export interface Language {
  readonly say: (text: Message) => string;
  /** "2 hours ago". */
  readonly ago: (time: number, now: number) => string;
  /** "2 hr": without sign. */
  readonly span: (milliseconds: number) => string;
  /** 12,345 */
  readonly count: (value: number) => string;
  /** What an error says to a person. Commands have put theirs into the editor's language already. */
  readonly explain: (error: unknown) => string;
}

export function createLanguage(locale: string, bundle: Readonly<Record<string, string>>): Language {
  const supported = Intl.DateTimeFormat.supportedLocalesOf([locale]);
  const numbers = new Intl.NumberFormat(supported);
  return {
    say: (text) => format(text, bundle),
    ago: relativeTime(locale),
    span(milliseconds) {
      const seconds = Math.round(Math.abs(milliseconds) / 1000);
      const [unit, length] = timeUnits.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
      return new Intl.NumberFormat(supported, { style: 'unit', unit }).format(Math.trunc(seconds / length));
    },
    count: (value) => numbers.format(value),
    explain(error) {
      if (error instanceof UserError) return format(error.text, bundle);
      return error instanceof Error ? error.message : String(error);
    },
  };
}
