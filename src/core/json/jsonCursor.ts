const word = /[\w.+-]+/y;

/**
 * Walks JSON text member by member without building it, so that a few values of a large file are found at the cost of one pass,
 * and their places stay known. Checks only what it needs to go on.
 */
export class JsonCursor {
  #at = 0;
  /** Whether the next member or element is the first of its container. */
  #first = false;

  constructor(readonly text: string) {
    if (text.startsWith('\uFEFF')) this.#at = 1;
  }

  /** Offset of the next value, spaces before it skipped. */
  get offset(): number {
    this.#skipSpace();
    return this.#at;
  }

  /** Goes into an object or array; false, and nothing happens, where the next value is another. */
  enter(bracket: '{' | '['): boolean {
    if (this.text[this.offset] !== bracket) return false;
    this.#at++;
    this.#first = true;
    return true;
  }

  /** The next key of the entered object, its value to be read, entered or skipped; undefined after the last, outside again. */
  nextKey(): string | undefined {
    if (!this.#next('}')) return undefined;
    const key = this.readString();
    if (key === undefined || this.text[this.offset] !== ':') throw this.#error();
    this.#at++;
    return key;
  }

  /** Whether the entered array has another element, to be read, entered or skipped; false after the last, outside again. */
  nextElement(): boolean {
    return this.#next(']');
  }

  /** The next value if it is a string, else nothing happens. */
  readString(): string | undefined {
    if (this.text[this.offset] !== '"') return undefined;
    return JSON.parse(this.takeValue()) as string;
  }

  /** Passes the next value; returns its text. */
  takeValue(): string {
    const { text } = this;
    const start = this.offset;
    let at = start;
    let depth = 0;
    do {
      const code = text.charCodeAt(at);
      if (code === 34) at = this.#endOfString(at);
      else if (depth > 0 && (isSpace(code) || code === 44 || code === 58)) at++;
      else if (code === 123 || code === 91 || code === 125 || code === 93) {
        depth += code === 123 || code === 91 ? 1 : -1;
        at++;
      } else at = this.#endOfWord(at);
    } while (depth > 0);
    if (depth < 0) throw this.#error();
    this.#at = at;
    return text.slice(start, at);
  }

  #next(end: '}' | ']'): boolean {
    const character = this.text[this.offset];
    if (character === end) {
      this.#at++;
      this.#first = false;
      return false;
    }
    if (!this.#first) {
      if (character !== ',') throw this.#error();
      this.#at++;
    }
    this.#first = false;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.#at))) this.#at++;
  }

  #endOfString(start: number): number {
    const { text } = this;
    for (let end = start; ;) {
      end = text.indexOf('"', end + 1);
      if (end < 0) throw this.#error();
      let slashes = 0;
      while (text.charCodeAt(end - 1 - slashes) === 92) slashes++;
      if (slashes % 2 === 0) return end + 1;
    }
  }

  #endOfWord(start: number): number {
    word.lastIndex = start;
    if (!word.test(this.text)) throw this.#error();
    return word.lastIndex;
  }

  #error(): SyntaxError {
    return new SyntaxError(`Not JSON at offset ${this.#at}`);
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
