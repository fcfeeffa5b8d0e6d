import { openedMark } from './jsonLayout';
import { endOfString, JsonScanner } from './jsonScanner';

/** Values nested deeper than this are taken as one value each. */
const maxDepth = 200;

/**
 * A JSON value with its place in the text, so that numbers, escapes and duplicate keys stay as they are written. What is
 * inside is read when it is asked for: most of two large texts is equal, and never is.
 */
export class JsonNode {
  /** It stands in a string, in the body itself. */
  readonly opened: boolean;
  /** Includes the mark of a value that was opened. */
  from: number;
  #fields: ReadonlyMap<string, JsonNode> | undefined;
  #items: readonly JsonNode[] | undefined;

  /** @param start behind the mark, if there is one; `to` is exclusive */
  constructor(
    private readonly text: string,
    start: number,
    public to: number,
    private readonly depth: number,
  ) {
    this.opened = text[start - 1] === openedMark;
    this.from = this.opened ? start - 1 : start;
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
    const scanner = new JsonScanner(text, this.from + (this.opened ? 2 : 1));
    let key = '';
    while (nextPart(scanner) && scanner.start < this.to - 1) {
      if (keyed) {
        // Where a mask hides the quote before a key, it ends with one all the same.
        scanner.end = Math.min(endOfString(text, scanner.start) + 1, text.length);
        const raw = text.slice(scanner.start, scanner.end);
        key = raw.includes('\\') ? readString(raw) : raw.slice(1, -1);
        nextPart(scanner);
      }
      const { start } = scanner;
      passValue(scanner);
      add(new JsonNode(text, start, scanner.end, this.depth + 1), key);
    }
  }
}

/** The value of a text that is known to be JSON. */
export function readJson(text: string): JsonNode {
  const scanner = new JsonScanner(text);
  nextPart(scanner);
  return new JsonNode(text, scanner.start, text.trimEnd().length, 0);
}

/** Goes on to what is neither comma nor colon. */
function nextPart(scanner: JsonScanner): boolean {
  do if (!scanner.next()) return false;
  while (scanner.token === ',' || scanner.token === ':');
  return true;
}

/** Goes to the last token of the value at hand. */
function passValue(scanner: JsonScanner): void {
  let depth = 0;
  do {
    const { token } = scanner;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
  } while ((depth > 0 || goesOn(scanner)) && scanner.next());
}

/** Whether more of the value stands behind the token: a mask without quotes is no word, but what stands together is one value. */
function goesOn({ text, token, end }: JsonScanner): boolean {
  const isWord = token === 'word' || token === 'foreign' || token === ':';
  return isWord && !' \n\r\t,}]'.includes(text.charAt(end));
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
