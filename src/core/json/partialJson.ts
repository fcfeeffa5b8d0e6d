import type { Json } from './json';
import { findStringEnd } from './jsonStrings';

/** What could be read of JSON that may be cut off. */
interface PartialJson {
  /** Undefined where not even the beginning is JSON. */
  readonly value: Json | undefined;
  /** Whether this is all: lists that end here may go on in what was cut off. */
  readonly whole: boolean;
}

/** Reads JSON as far as it goes: a body may be cut off, by whom ever. What stands before the damage is read. */
export function readPartialJson(text: string): PartialJson {
  try {
    return { value: JSON.parse(text) as Json, whole: true };
  } catch {
    return { value: readBeginning(text), whole: false };
  }
}

/** Closes what is open behind the last whole member or element. */
function readBeginning(text: string): Json | undefined {
  const open: string[] = [];
  /** The end of the last place where the text could be closed, and with what. */
  let end = 0;
  let closing = '';
  let at = 0;
  const mark = (): void => {
    end = at;
    closing = open.toReversed().join('');
  };
  while (at < text.length && open.length < deepest) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = findStringEnd(text, at + 1).end + 1;
      continue;
    }
    at++;
    if (code === 123 || code === 91) {
      open.push(code === 123 ? '}' : ']');
      mark();
    } else if (code === 125 || code === 93) {
      if (open.pop() !== String.fromCharCode(code)) break;
      mark();
      if (open.length === 0) break;
    } else if (code === 44) {
      at--;
      mark();
      at++;
    }
  }
  if (end === 0) return undefined;
  try {
    return JSON.parse(text.slice(0, end) + closing) as Json;
  } catch {
    return undefined;
  }
}

/** What stands deeper than this nobody asks for. */
const deepest = 200;
