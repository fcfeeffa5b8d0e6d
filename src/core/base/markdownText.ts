import { visibleText } from './visibleText';

/** More backticks than stand together anywhere in the text. */
export function fenceFor(text: string): string {
  let fence = '```';
  while (text.includes(fence)) fence += fence;
  return fence;
}

/** One line in which nothing is markup, a link, a mention or a new cell; characters that hide are shown. */
export function escapeInline(text: string): string {
  return escapeHtml(text).replace(/[\\`*_[\]~|$]/g, '\\$&');
}

/** One line for a place where Markdown takes HTML. An empty comment parts what would become a link or a mention by itself. */
export function escapeHtml(text: string): string {
  return visibleText(text, Infinity)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=[\w-])|#(?=\d)|:(?=\/\/)|www(?=\.)/gi, '$&<!-- -->');
}
