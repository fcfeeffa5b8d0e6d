/**
 * What a token of JSON is: a sign, a string (by its quote), or what stands between: a `word` such as `true` and `1e3`, in broken JSON
 * anything. `foreign` is one character that begins nothing in JSON: a control character, or a blank of another kind.
 */
export type Token = '{' | '}' | '[' | ']' | ',' | ':' | '"' | 'word' | 'foreign' | 'end';

const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
/** What begins with each character of ASCII, and whether a word ends before it. */
const tokens = ascii.map((character): Token =>
  '{}[],:"'.includes(character) ? (character as Token) : character > ' ' ? 'word' : 'foreign',
);
const endsWord = ascii.map((character) => /[\s,:{}[\]"]/.test(character));
const word = /[^\s,:{}[\]"]+/y;

/**
 * Reads JSON text token by token, once from left to right, and keeps nothing of it. Checks nothing and fails nowhere: what is
 * wrong in JSON, each reader takes in its own way.
 */
export class JsonScanner {
  token: Token = 'end';
  /** Where the token begins; at the end of the text, that. */
  start: number;
  /** Behind the token. What is read next begins here: to go on elsewhere, set it. */
  end: number;
  /** Of a string: where its content ends. Equal to `end` where the closing quote is missing. */
  contentEnd = 0;

  constructor(
    readonly text: string,
    from = 0,
  ) {
    this.start = this.end = from;
  }

  /** Goes on to the next token; false at the end of the text. */
  next(): boolean {
    const { text } = this;
    let start = this.end;
    let code = text.charCodeAt(start);
    while (code === 32 || code === 10 || code === 13 || code === 9) code = text.charCodeAt(++start);
    const token = code < 128 ? (tokens[code] as Token) : start < text.length ? 'word' : 'end';
    this.token = token;
    this.start = start;
    this.end = start + 1;
    if (token === '"') {
      this.contentEnd = endOfString(text, start);
      this.end = Math.min(this.contentEnd + 1, text.length);
    } else if (token === 'word') {
      const end = endOfWord(text, start);
      if (end > start) this.end = end;
      else this.token = 'foreign';
    } else if (token === 'end') {
      this.end = start;
      return false;
    }
    return true;
  }
}

/** Where the string that begins at `start` has its closing quote; the end of the text where it is cut off. */
export function endOfString(text: string, start: number): number {
  let end = start;
  do end = text.indexOf('"', end + 1);
  while (end >= 0 && isEscaped(text, end));
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
  return slashes % 2 === 1;
}

function endOfWord(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) {
      word.lastIndex = at;
      return word.test(text) ? word.lastIndex : at;
    }
    if (endsWord[code]) return at;
  }
  return text.length;
}
