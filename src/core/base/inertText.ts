import { visibleText } from './visibleText';

/**
 * The text for a place in which the editor makes links of `[text](address)` and icons of `$(name)`, whoever wrote them: a space keeps
 * what they are made of apart. Characters that hide or turn text around are shown; line ends stay.
 */
export function inertText(text: string): string {
  const lines = text.split(/\r\n|[\r\n]/).map((line) => visibleText(line, Infinity));
  return lines.join('\n').replace(/(?<=[\]$])\(/g, ' (');
}
