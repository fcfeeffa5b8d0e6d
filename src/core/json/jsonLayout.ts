/** Where and why a text is no JSON. Positions are UTF-16 units from 0. */
export interface JsonProblem {
  readonly position: number;
  readonly what: 'cutOff' | 'unexpected' | 'badString' | 'trailing';
}

/** Deeper than this, JSON stays on one line: indenting every level would make the text grow with the square of its depth. */
const maxIndentedDepth = 40;
/** A text that would grow past this many times its length (and a megabyte) stays as it was. */
const maxGrowth = 12;

/** JSON in strings in strings... is opened this deep. */
const maxOpened = 8;

const indents = Array.from({ length: maxIndentedDepth + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`);

/** Stands before a value that was opened by {@link sortJson}. A space to JSON, and one that a laid out text has nowhere else. */
export const openedMark = '\t';

/**
 * Lays JSON out in lines, every token as written: big numbers, `1.0`, repeated keys and escapes stay. Reads strictly, without
 * recursion, in linear time.
 * @param opened whether an {@link openedMark} stays
 */
export function layOutJson(text: string, opened = false): string | JsonProblem {
  const laidOut = new TextBuilder();
  let depth = 0;
  /** What is copied next, unbroken: most of the text stands in the order and style it needs already. */
  let from = 0;
  let to = 0;
  let afterKey = false;
  const flush = (added: string): void => {
    if (to > from) laidOut.add(text.slice(from, to));
    if (added !== '') laidOut.add(added);
    from = to = 0;
  };
  const copy = (start: number, end: number): void => {
    const expected = afterKey ? to + 2 : to;
    if (start !== expected || (afterKey && text.charCodeAt(to + 1) !== 32)) {
      flush(afterKey ? ': ' : '');
      from = start;
    }
    afterKey = false;
    to = end;
  };
  const breakLine = (): void => {
    if (depth <= maxIndentedDepth) flush(indents[depth] as string);
  };
  const problem = readJson(text, {
    open(at) {
      copy(opened && text[at - 1] === openedMark ? at - 1 : at, at + 1);
      depth++;
    },
    close(at, _list, empty) {
      depth--;
      if (!empty && depth < maxIndentedDepth) breakLine();
      copy(at, at + 1);
    },
    comma(at) {
      copy(at, at + 1);
    },
    member: breakLine,
    key(start, end) {
      copy(start, end);
      afterKey = true;
    },
    value: copy,
  });
  if (problem) return problem;
  flush('');
  return laidOut.length > text.length * maxGrowth + 1_000_000 ? text : laidOut.toString();
}

/** Joins many small texts: a chain of `+` would keep each of them in memory, which takes longer than the work itself. */
class TextBuilder {
  length = 0;
  readonly #done: string[] = [];
  #parts: string[] = [];

  add(part: string): void {
    this.length += part.length;
    if (this.#parts.push(part) < 4_096) return;
    this.#done.push(this.#parts.join(''));
    this.#parts = [];
  }

  toString(): string {
    return this.#done.join('') + this.#parts.join('');
  }
}

/**
 * The same JSON on one line with the keys of every object in order; members of equal keys keep theirs. Every token as written.
 * @param opener tells of a text which of its strings (by their places, quotes included) may be opened: where such a string
 *   holds a JSON object or list, that stands there instead, sorted too, behind an {@link openedMark}
 */
export function sortJson(text: string, opener?: StringOpener, nesting = 0): string | JsonProblem {
  const opens = nesting < maxOpened ? opener?.(text) : undefined;
  const open: Container[] = [{ members: [], name: '', prefix: '' }];
  const put = (value: string): void => {
    const { members, name, prefix } = open.at(-1) as Container;
    members.push({ name, text: prefix + value });
  };
  const problem = readJson(text, {
    open() {
      open.push({ members: [], name: '', prefix: '' });
    },
    close(_at, list) {
      const { members } = open.pop() as Container;
      if (!list) members.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      const body = joinMembers(members);
      put(list ? `[${body}]` : `{${body}}`);
    },
    comma() {},
    member() {},
    key(start, end) {
      const container = open.at(-1) as Container;
      const key = text.slice(start, end);
      container.name = key.includes('\\') ? (JSON.parse(key) as string) : key.slice(1, -1);
      container.prefix = `${key}:`;
    },
    value(start, end) {
      const value = text.slice(start, end);
      const inner = opens && holdsJson.test(value) && opens(start, end);
      const sorted = inner ? sortJson(JSON.parse(value) as string, opener, nesting + 1) : undefined;
      put(typeof sorted === 'string' ? openedMark + sorted : value);
    },
  });
  return problem ?? (open[0]?.members[0]?.text as string);
}

/** Joined where that is short, which is much less to keep; else chained: a join at every level would copy the innermost text once per level. */
function joinMembers(members: Container['members']): string {
  let length = 0;
  for (const { text } of members) length += text.length;
  if (length < 4_096) return members.map(({ text }) => text).join();
  let body = '';
  for (const { text } of members) body = body === '' ? text : `${body},${text}`;
  return body;
}

export type StringOpener = (text: string) => (start: number, end: number) => boolean;

/** A string literal that begins like an object or a list. */
const holdsJson = /^"(?:\s|\\[nrt])*[[{]/;

interface Container {
  readonly members: { readonly name: string; readonly text: string }[];
  /** The current key: what it stands for, and as it is written before its value. */
  name: string;
  prefix: string;
}

interface JsonEvents {
  open(at: number, list: boolean): void;
  close(at: number, list: boolean, empty: boolean): void;
  comma(at: number): void;
  /** Before each value of a list and each key of an object. */
  member(): void;
  key(start: number, end: number): void;
  value(start: number, end: number): void;
}

/** Reads strict JSON (RFC 8259) and tells what it meets; returns what is wrong with it, if anything. */
function readJson(text: string, events: JsonEvents): JsonProblem | undefined {
  /** Open containers: true for lists. */
  const lists: boolean[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let first = false; // the container was just opened
  let state: 'value' | 'key' | 'after' = 'value';
  const fail = (position: number, what: JsonProblem['what'] = 'unexpected'): JsonProblem => ({
    position,
    what: position >= text.length ? 'cutOff' : what,
  });
  for (;;) {
    at = skipSpace(text, at);
    const code = text.charCodeAt(at); // NaN at the end
    const list = lists.at(-1);
    if (state === 'after') {
      if (list === undefined) return at < text.length ? fail(at, 'trailing') : undefined;
      if (code === 44 /* , */) {
        events.comma(at++);
        state = list ? 'value' : 'key';
        events.member();
      } else if (code === (list ? 93 : 125)) {
        lists.pop();
        events.close(at++, list, false);
      } else return fail(at);
      continue;
    }
    if (first && code === (list ? 93 : 125)) {
      first = false;
      lists.pop();
      events.close(at++, list as boolean, true);
      state = 'after';
      continue;
    }
    if (first) events.member();
    first = false;
    if (state === 'key') {
      if (code !== 34) return fail(at);
      const end = endOfString(text, at);
      if (end < 0) return fail(-1 - end, 'badString');
      events.key(at, end);
      at = skipSpace(text, end);
      if (text.charCodeAt(at) !== 58) return fail(at);
      at++;
      state = 'value';
    } else if (code === 123 /* { */ || code === 91 /* [ */) {
      lists.push(code === 91);
      events.open(at++, code === 91);
      first = true;
      state = code === 91 ? 'value' : 'key';
    } else {
      const end = code === 34 ? endOfString(text, at) : endOfWord(text, at);
      if (end < 0) return fail(-1 - end, code === 34 ? 'badString' : 'unexpected');
      events.value(at, end);
      at = end;
      state = 'after';
    }
  }
}

function skipSpace(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at;
    at++;
  }
}

const escape = /["\\/bfnrt]|u[\da-fA-F]{4}/y;

/** The end behind the closing quote, or `-1 - position` of what is wrong. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code < 32) return -1 - at;
    if (code !== 92) continue;
    escape.lastIndex = at + 1;
    if (!escape.test(text)) return -1 - (text.length - at < 6 && cutEscape.test(text.slice(at)) ? text.length : at);
    at = escape.lastIndex - 1;
  }
  return -1 - text.length;
}

const cutEscape = /^\\(?:u[\da-fA-F]{0,3})?$/;
const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?![\w.+-])/y;

function endOfWord(text: string, at: number): number {
  word.lastIndex = at;
  if (word.test(text)) return word.lastIndex;
  const cut = /^(?:-?\d*(?:\.\d*)?(?:[eE][+-]?)?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/.test(text.slice(at, at + 400));
  return -1 - (cut && text.length - at < 400 ? text.length : at);
}
