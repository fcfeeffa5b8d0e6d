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
    return JSON.parse(this.skip()) as string;
  }

  /** Passes the next value; returns its text. */
  skip(): string {
    const start = this.offset;
    let depth = 0;
    do {
      const character = this.text[this.offset];
      if (character === undefined) throw this.#error();
      if (character === '"') this.#skipString();
      else if (!'{}[],:'.includes(character)) this.#skipWord();
      else {
        if (character === '{' || character === '[') depth++;
        else if (character === '}' || character === ']') depth--;
        this.#at++;
      }
    } while (depth > 0);
    if (depth < 0) throw this.#error();
    return this.text.slice(start, this.#at);
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
    for (let code; (code = this.text.charCodeAt(this.#at)) === 32 || code === 10 || code === 13 || code === 9;)
      this.#at++;
  }

  #skipString(): void {
    let end = this.#at;
    let slashes: number;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) throw this.#error();
      slashes = 0;
      while (this.text[end - 1 - slashes] === '\\') slashes++;
    } while (slashes % 2 === 1);
    this.#at = end + 1;
  }

  #skipWord(): void {
    word.lastIndex = this.#at;
    if (!word.test(this.text)) throw this.#error();
    this.#at = word.lastIndex;
  }

  #error(): SyntaxError {
    return new SyntaxError(`Not JSON at offset ${this.#at}`);
  }
}
