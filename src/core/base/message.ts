/** A text for people, kept apart from its language: an English template with `{0}`-style places, and what stands there. */
export interface Message {
  readonly template: string;
  readonly args: readonly (string | number | Message)[];
}

/** Makes a {@link Message}. `template` must be a literal: the translation check collects it from the source. */
export function message(template: string, ...args: (string | number | Message)[]): Message {
  return { template, args };
}

/**
 * The message as text, in the language of `bundle` (template -> translation), in English where it holds none.
 * An empty argument takes the space before its place along.
 *
 * Translations may inflect words. That of a thing which stands in other messages names its gender (m, f, n or p for plural) and
 * the forms it takes: `f|сеть {0}|сети {0}`. A template around it chooses a form by number, `{0/1}` (the last one where there
 * are fewer), and words of its own by the gender, `{0?Создан|Создана|Создано|Созданы}`.
 */
export function format(text: Message, bundle: Readonly<Record<string, string>> = {}): string {
  return inflect(text, bundle).forms[0] ?? '';
}

interface Inflected {
  /** An index into the words to choose from. */
  readonly gender: number;
  readonly forms: readonly string[];
}

const place = /( ?)\{(\d+)(?:\/(\d)|\?([^}]*))?\}/g;

function inflect(text: Message, bundle: Readonly<Record<string, string>>): Inflected {
  const template = bundle[text.template] ?? text.template;
  const args = text.args.map((arg) =>
    typeof arg === 'object' ? inflect(arg, bundle) : { gender: 0, forms: [String(arg)] },
  );
  const fill = (form: string): string =>
    form.replace(place, (whole, space: string, index: string, number?: string, words?: string) => {
      const arg = args[Number(index)];
      if (!arg) return whole;
      const value =
        words === undefined ? (arg.forms[Number(number ?? 0)] ?? arg.forms.at(-1)) : words.split('|')[arg.gender];
      return value ? space + value : '';
    });
  const [, gender, forms] = /^([mfnp])\|(.*)$/s.exec(template) ?? [];
  return {
    gender: gender === undefined ? 0 : 'mfnp'.indexOf(gender),
    forms: (forms?.split('|') ?? [template]).map(fill),
  };
}
