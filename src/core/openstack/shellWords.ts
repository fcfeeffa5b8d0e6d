/**
 * Splits a command line as a POSIX shell does: single and double quotes, backslashes, lines continued with a backslash. Also
 * takes the `^` and backtick that continue lines in the shells of Windows. Expands nothing; an open quote runs to the end.
 */
export function splitCommand(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const piece = /\\\r?\n|[\^`][ \t]*\r?\n|\s+|\$?'((?:[^'])*)(?:'|$)|"((?:[^"\\]|\\[^])*)(?:"|$)|\\([^]|$)|([^])/gy;
  for (const [whole, single, double, escaped, plain] of command.matchAll(piece)) {
    if (single !== undefined) word = (word ?? '') + single;
    else if (double !== undefined) word = (word ?? '') + double.replace(/\\\r?\n/g, '').replace(/\\(["\\$`])/g, '$1');
    else if (escaped !== undefined) word = (word ?? '') + escaped;
    else if (plain !== undefined) word = (word ?? '') + plain;
    else if (word !== undefined && /^\s/.test(whole)) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
