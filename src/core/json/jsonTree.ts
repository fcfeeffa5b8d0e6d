import { openedMark } from './jsonLayout';

/** Values nested deeper than this are taken as one value each. */
const maxDepth = 200;

/**
 * A JSON value with its place in the text, so that numbers, escapes and duplicate keys stay as they are written. What is
 * inside is read when it is asked for: most of two large texts is equal, and never is.
 */
export class JsonNode {
  /** It stands in a string, in the body itself. */
  readonly opened: boolean;
  #fields: ReadonlyMap<string, JsonNode> | undefined;
  #items: readonly JsonNode[] | undefined;

  /** `from` includes the mark of a value that was opened; `to` is exclusive. */
  constructor(
    private readonly text: string,
    public from: number,
    public to: number,
    private readonly depth: number,
  ) {
    this.opened = text[from] === openedMark;
  }

  /** Of an object, in order of appearance; a repeated key appears as `key #2`. */
  get fields(): ReadonlyMap<string, JsonNode> | undefined {
    if (!this.#fields && this.#begins('{')) {
      const fields = new Map<string, JsonNode>();
      const counts = new Map<string, number>();
      this.#readChildren((child, key) => fields.set(unused(fields, key, counts), child), true);
      this.#fields = fields;
    }
    return this.#fields;
  }

  /** Of a list. */
  get items(): readonly JsonNode[] | undefined {
    if (!this.#items && this.#begins('[')) {
      const items: JsonNode[] = [];
      this.#readChildren((child) => items.push(child), false);
      this.#items = items;
    }
    return this.#items;
  }

  /** What was read of what is inside, in the order of the text. */
  get known(): readonly JsonNode[] {
    return this.#items ?? [...(this.#fields?.values() ?? [])];
  }

  #begins(bracket: string): boolean {
    return this.depth < maxDepth && this.text[this.from + (this.opened ? 1 : 0)] === bracket;
  }

  #readChildren(add: (child: JsonNode, key: string) => void, keyed: boolean): void {
    const { text } = this;
    let at = this.from + (this.opened ? 2 : 1);
    for (;;) {
      at = skipBetween(text, at);
      if (at >= this.to - 1) return;
      let key = '';
      if (keyed) {
        const end = endOfString(text, at);
        const raw = text.slice(at, end);
        key = raw.includes('\\') ? readString(raw) : raw.slice(1, -1);
        at = skipBetween(text, end);
      }
      // One step at least: what is no JSON after all must not hold this up.
      const end = Math.max(endOfValue(text, at), at + 1);
      add(new JsonNode(text, text[at - 1] === openedMark ? at - 1 : at, end, this.depth + 1), key);
      at = end;
    }
  }
}

/** The value of a text that is known to be JSON. */
export function readJson(text: string): JsonNode {
  const from = skipBetween(text, 0);
  return new JsonNode(text, text[from - 1] === openedMark ? from - 1 : from, text.trimEnd().length, 0);
}

/** Spaces, commas and colons. */
function skipBetween(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 44 && code !== 58 && code !== 9 && code !== 13) return at;
    at++;
  }
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = endOfString(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (code === 44 || code === 32 || code === 10 || code === 9 || code === 13)) return at;
  }
  return text.length;
}

/** Most strings are short: going through them is quicker than searching for their end. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code === 92) at++;
  }
  return text.length;
}

/** `counts` tells how often a key has been there: to count anew each time would take ever longer. */
function unused(fields: ReadonlyMap<string, unknown>, key: string, counts: Map<string, number>): string {
  if (!fields.has(key)) return key;
  let count = counts.get(key) ?? 2;
  while (fields.has(`${key} #${count}`)) count++;
  counts.set(key, count + 1);
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
