/** A text for people, kept apart from its language: an English template with `{0}`-style places, and what stands there. */
export interface Message {
  readonly template: string;
  readonly args: readonly (string | number | Message)[];
}

/** Makes a {@link Message}. `template` must be a literal: the translation check collects it from the source. */
export function message(template: string, ...args: (string | number | Message)[]): Message {
  return { template, args };
}

/** The message as text, in the language of `bundle` (template -> translation), in English where it holds none. */
export function format(text: Message, bundle: Readonly<Record<string, string>> = {}): string {
  const template = bundle[text.template] ?? text.template;
  return template.replace(/\{(\d+)\}/g, (place, index: string) => {
    const arg = text.args[Number(index)];
    return typeof arg === 'object' ? format(arg, bundle) : String(arg ?? place);
  });
}
