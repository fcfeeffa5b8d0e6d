import { joinPath } from '../../src/core/diff/changedPaths';
import { readString } from '../../src/core/json/jsonTree';

/** A value in a JSON text, and the way to it. */
export interface JsonPlace {
  /** `server.networks[0].uuid`; '' for the whole. */
  readonly path: string;
  /** Where the value is written; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
}

interface Frame {
  readonly list: boolean;
  readonly from: number;
  key: string;
  index: number;
}

const token = /[{}[\],]|[^\s{}[\],:"]+/y;

/**
 * The value at a position: what is written there, the value of the key that stands there, else the object or list
 * around. Reads without recursion; undefined where the text is no JSON up to there.
 */
export function placeAt(text: string, at: number): JsonPlace | undefined {
  const open: Frame[] = [];
  let wanted: { path: string; from: number; depth: number } | undefined;
  let afterKey = false;
  let keyHit = false;
  for (let start = skip(text, 0); start < text.length; start = skip(text, start)) {
    const frame = open.at(-1);
    const character = text[start];
    let end: number;
    if (character === '"') end = stringEnd(text, start);
    else {
      token.lastIndex = start;
      const found = token.exec(text);
      if (!found) return undefined;
      end = token.lastIndex;
    }
    if (frame && !frame.list && !afterKey && character === '"') {
      frame.key = text.slice(start, end);
      keyHit = at >= start && at <= end;
      afterKey = true;
      start = end;
      continue;
    }
    // Past the position, between two tokens: what is around.
    if (!wanted && !keyHit && start > at && frame) {
      wanted = { path: pathOf(open.slice(0, -1)), from: frame.from, depth: open.length - 1 };
    }
    if (character === '{' || character === '[') {
      if (!wanted && (keyHit || (at >= start && at <= end))) {
        wanted = { path: pathOf(open), from: start, depth: open.length };
      }
      open.push({ list: character === '[', from: start, key: '', index: 0 });
      afterKey = keyHit = false;
    } else if (character === '}' || character === ']') {
      if (!wanted && at <= end && frame) {
        wanted = { path: pathOf(open.slice(0, -1)), from: frame.from, depth: open.length - 1 };
      }
      open.pop();
      if (wanted && open.length === wanted.depth) return { path: wanted.path, from: wanted.from, to: end };
      afterKey = false;
    } else if (character === ',') {
      if (frame) frame.index++;
      afterKey = keyHit = false;
    } else {
      if (!wanted && (keyHit || at <= end)) return { path: pathOf(open), from: start, to: end };
      afterKey = keyHit = false;
    }
    start = end;
  }
  return undefined;
}

/** Where the string literal that begins at `start` ends, behind its quote. */
export function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  return text.length;
}

function skip(text: string, at: number): number {
  while (at < text.length && (text.charCodeAt(at) <= 32 || text[at] === ':')) at++;
  return at;
}

function pathOf(open: readonly Frame[]): string {
  return open.reduce(
    (path, { list, key, index }) => (list ? `${path}[${index}]` : joinPath(path, readString(key))),
    '',
  );
}
