import { MarkdownString } from 'vscode';
import { escapeInline } from '../../core/base/markdownText';

/**
 * Markdown for tooltips and hovers. The template is ours; a string that is put into it is text, whoever wrote it: nothing in it is
 * markup, a link or an icon.
 */
export function markdown(template: TemplateStringsArray, ...values: (string | MarkdownString)[]): MarkdownString {
  const texts = values.map((value) => (typeof value === 'string' ? escapeInline(value) : value.value));
  return new MarkdownString(String.raw({ raw: template }, ...texts));
}

/** A link of ours that runs a command, which is to be among those that {@link joinMarkdown} is given. */
export function markdownLink(
  text: string,
  { command, argument }: { readonly command: string; readonly argument: object },
): MarkdownString {
  const query = encodeURIComponent(JSON.stringify([argument]))
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
  return markdown`[${text}](${new MarkdownString(`command:${command}?${query}`)})`;
}

/** The parts behind each other, with links that may run these commands. */
export function joinMarkdown(
  parts: readonly MarkdownString[],
  enabledCommands: readonly string[] = [],
): MarkdownString {
  const joined = new MarkdownString(parts.map(({ value }) => value).join(''));
  if (enabledCommands.length > 0) joined.isTrusted = { enabledCommands };
  return joined;
}
