import type { Json } from './json';
import { JsonScanner } from './jsonScanner';

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
  const scanner = new JsonScanner(text);
  const open: string[] = [];
  /** The end of the last place where the text could be closed. */
  let end = 0;
  while (open.length < deepest && scanner.next()) {
    const { token } = scanner;
    if (token === '{' || token === '[') {
      open.push(token === '{' ? '}' : ']');
      end = scanner.end;
    } else if (token === '}' || token === ']') {
      if (open.at(-1) !== token) break;
      open.pop();
      end = scanner.end;
      if (open.length === 0) break;
    } else if (token === ',') end = scanner.start;
  }
  if (end === 0) return undefined;
  try {
    return JSON.parse(text.slice(0, end) + open.reverse().join('')) as Json;
  } catch {
    return undefined;
  }
}

/** What stands deeper than this nobody asks for. */
const deepest = 200;
