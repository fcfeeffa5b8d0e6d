/** Takes the span of a secret and the name it goes by. */
export type Found = (start: number, end: number, name: string) => void;

/** What stands for a secret that is not there. */
export function isLiteral(text: string): boolean {
  return text === '' || /^(?:true|false|null|none|nil|undefined|yes|no|~)$/i.test(text);
}

const quotes = /(?:[ubr@])?\\*(?:"""|'''|["'`])/iy;

/** Reads a quoted value to its closing quote, or what `unquoted` takes. An opening brace begins something with names of its own. */
export function readValue(text: string, at: number, unquoted: RegExp, name: string, found: Found): number {
  quotes.lastIndex = at;
  const quote = quotes.exec(text)?.[0];
  if (quote !== undefined) {
    const start = at + quote.length;
    const end = endOfQuoted(text, start, quote.replace(/^[ubr@]/i, ''));
    if (end > start && !isLiteral(text.slice(start, Math.min(end, start + 10)))) found(start, end, name);
    return end;
  }
  if (text.startsWith('{', at)) return at;
  unquoted.lastIndex = at;
  const value = unquoted.exec(text)?.[0].trimEnd();
  if (value === undefined || isLiteral(value)) return at;
  found(at, at + value.length, name);
  return at + value.length;
}

function endOfQuoted(text: string, from: number, quote: string): number {
  if (quote.length > 1) {
    const end = text.indexOf(quote, from);
    return end < 0 ? text.length : end;
  }
  let end = from;
  while (end < text.length) {
    // Doubled, a quote stands for itself in SQL, YAML and CSV.
    if (text[end] === quote && (text[end + 1] !== quote || end === from)) break;
    end += text[end] === '\\' || text[end] === quote ? 2 : 1;
  }
  return Math.min(end, text.length);
}

/** The span of the pattern's only group, for a pattern with the flags `d` and `y`; returns where the search goes on. */
export function readPattern(text: string, pattern: RegExp, at: number, name: string, found: Found): number {
  pattern.lastIndex = at;
  const span = pattern.exec(text)?.indices?.[1];
  if (!span) return at;
  found(span[0], span[1], name);
  return span[1];
}
