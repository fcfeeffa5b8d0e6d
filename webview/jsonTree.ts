import { openedMark } from '../src/core/jsonLayout';

/** A JSON value with its place in the text, so that numbers, escapes and duplicate keys stay as they are written. */
export interface JsonNode {
  readonly type: 'object' | 'array' | 'value';
  /** Where the value is written, its mark included where it was opened; `to` is exclusive. */
  from: number;
  to: number;
  /** It stands in a string, in the body itself. */
  readonly opened?: boolean;
  /** Of an object, in order of appearance; a repeated key appears as `key #2`. */
  readonly fields?: ReadonlyMap<string, JsonNode>;
  /** Of an array. */
  readonly items?: readonly JsonNode[];
}

/** Values nested deeper than this are taken as one value each. */
const maxDepth = 200;

/** Reads a JSON text. Undefined where it is not JSON. */
export function readJson(text: string): JsonNode | undefined {
  const reader = new Reader(text);
  try {
    const node = reader.value(0);
    return reader.atEnd() ? node : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const space = /[ \t\r\n]*/y;
const scalar = /-?\d[\d.eE+-]*|true|false|null/y;

class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.#match(space);
    return this.#at === this.text.length;
  }

  value(depth: number): JsonNode {
    this.#match(space);
    const first = this.text[this.#at];
    const opened = this.text[this.#at - 1] === openedMark;
    const from = opened ? this.#at - 1 : this.#at;
    if (first !== '{' && first !== '[') {
      if (first === '"') this.#string();
      else if (!this.#match(scalar)) throw new SyntaxError('value expected');
      return { type: 'value', from, to: this.#at };
    }
    if (depth === maxDepth) {
      this.#skip();
      return { type: 'value', from, to: this.#at };
    }
    this.#at++;
    if (first === '{') {
      const fields = new Map<string, JsonNode>();
      this.#list('}', () => {
        const key = this.#key();
        this.#expect(':');
        fields.set(unused(fields, key), this.value(depth + 1));
      });
      return { type: 'object', from, to: this.#at, opened, fields };
    }
    const items: JsonNode[] = [];
    this.#list(']', () => items.push(this.value(depth + 1)));
    return { type: 'array', from, to: this.#at, opened, items };
  }

  #list(end: string, readItem: () => void): void {
    if (this.#take(end)) return;
    do readItem();
    while (this.#take(','));
    this.#expect(end);
  }

  #key(): string {
    this.#match(space);
    return readString(this.#string());
  }

  /** By hand: a pattern would run out of stack on a string of some megabytes. */
  #string(): string {
    const from = this.#at;
    if (this.text[from] !== '"') throw new SyntaxError('string expected');
    for (let at = from + 1; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 0x5c) at++;
      else if (code === 0x22) {
        this.#at = at + 1;
        return this.text.slice(from, this.#at);
      }
    }
    throw new SyntaxError('unclosed string');
  }

  #take(character: string): boolean {
    this.#match(space);
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw new SyntaxError(`${character} expected`);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }

  /** Passes over a bracketed value without looking inside. */
  #skip(): void {
    let open = 0;
    while (this.#at < this.text.length) {
      const character = this.text[this.#at];
      if (character === '"') {
        this.#string();
        continue;
      }
      this.#at++;
      if (character === '{' || character === '[') open++;
      else if ((character === '}' || character === ']') && --open === 0) return;
    }
    throw new SyntaxError('unclosed');
  }
}

function unused(fields: ReadonlyMap<string, unknown>, key: string): string {
  if (!fields.has(key)) return key;
  let count = 2;
  while (fields.has(`${key} #${count}`)) count++;
  return `${key} #${count}`;
}

/** The content of a JSON string literal; as written where an escape in it is wrong. */
export function readString(raw: string): string {
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.slice(1, -1);
  }
}
