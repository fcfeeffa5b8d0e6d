import { visibleText } from './visibleText';

/** More backticks than stand together anywhere in the text. */
export function fenceFor(text: string): string {
  let fence = '```';
  while (text.includes(fence)) fence += fence;
  return fence;
}

/** One line in which nothing is markup, a link (but for mail addresses), a mention or a new cell; characters that hide are shown. */
export function escapeInline(text: string): string {
  return escapeHtml(text)
    .replace(/[\\`*_[\]~|$]/g, '\\$&')
    .replace(/(?<![\w.+-])@(?=\w)|#(?=\d)|:(?=\/\/)|www(?=\.)/gi, '$&<!-- -->');
}

export function escapeHtml(text: string): string {
  return visibleText(text, Infinity).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
