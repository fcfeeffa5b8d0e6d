import { JsonScanner } from './jsonScanner';

const word = /[\w.+-]+/y;

/**
 * Walks JSON text member by member without building it, so that a few values of a large file are found at the cost of one pass,
 * and their places stay known. Checks only what it needs to go on.
 */
export class JsonCursor {
  /** At the token that is read next. */
  readonly #scanner: JsonScanner;
  /** Whether the next member or element is the first of its container. */
  #first = false;

  constructor(private readonly text: string) {
    this.#scanner = new JsonScanner(text, text.startsWith('\uFEFF') ? 1 : 0);
    this.#scanner.next();
  }

  /** Offset of the next value, spaces before it skipped. */
  get offset(): number {
    return this.#scanner.start;
  }

  /** Goes into an object or array; false, and nothing happens, where the next value is another. */
  enter(bracket: '{' | '['): boolean {
    if (this.#scanner.token !== bracket) return false;
    this.#scanner.next();
    this.#first = true;
    return true;
  }

  /** The next key of the entered object, its value to be read, entered or skipped; undefined after the last, outside again. */
  nextKey(): string | undefined {
    if (!this.#next('}')) return undefined;
    const key = this.readString();
    if (key === undefined || this.#scanner.token !== ':') throw this.#error();
    this.#scanner.next();
    return key;
  }

  /** Whether the entered array has another element, to be read, entered or skipped; false after the last, outside again. */
  nextElement(): boolean {
    return this.#next(']');
  }

  /** The next value if it is a string, else nothing happens. */
  readString(): string | undefined {
    if (this.#scanner.token !== '"') return undefined;
    return JSON.parse(this.takeValue()) as string;
  }

  /** Passes the next value; returns its text. */
  takeValue(): string {
    const scanner = this.#scanner;
    const { start } = scanner;
    let end: number;
    let depth = 0;
    do {
      const { token } = scanner;
      if (token === '"') {
        if (scanner.contentEnd === scanner.end) throw this.#error();
      } else if (token === '{' || token === '[') depth++;
      else if (token === '}' || token === ']') depth--;
      else if (depth === 0 || (token !== ',' && token !== ':')) scanner.end = this.#endOfWord();
      end = scanner.end;
      scanner.next();
    } while (depth > 0);
    if (depth < 0) throw this.#error();
    return this.text.slice(start, end);
  }

  #next(end: '}' | ']'): boolean {
    const scanner = this.#scanner;
    const isFirst = this.#first;
    this.#first = false;
    if (scanner.token === end) {
      scanner.next();
      return false;
    }
    if (!isFirst) {
      if (scanner.token !== ',') throw this.#error();
      scanner.next();
    }
    return true;
  }

  #endOfWord(): number {
    word.lastIndex = this.offset;
    if (!word.test(this.text)) throw this.#error();
    return word.lastIndex;
  }

  #error(): SyntaxError {
    return new SyntaxError(`Not JSON at offset ${this.offset}`);
  }
}
