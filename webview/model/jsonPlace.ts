import { joinPath } from '../../src/core/diff/changedPaths';
import { JsonScanner } from '../../src/core/json/jsonScanner';
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

/**
 * The value at a position: what is written there, the value of the key that stands there, else the object or list
 * around. Reads without recursion; undefined where the text is no JSON up to there.
 */
export function placeAt(text: string, at: number): JsonPlace | undefined {
  const scanner = new JsonScanner(text);
  const open: Frame[] = [];
  let wanted: { path: string; from: number; depth: number } | undefined;
  let afterKey = false;
  let keyHit = false;
  const around = ({ from }: Frame) => ({ path: pathOf(open.slice(0, -1)), from, depth: open.length - 1 });
  while (scanner.next()) {
    const { token, start, end } = scanner;
    const frame = open.at(-1);
    if (token === 'foreign' && text.charCodeAt(start) > 32) return undefined;
    if (token === ':' || token === 'foreign') continue;
    if (frame && !frame.list && !afterKey && token === '"') {
      frame.key = text.slice(start, end);
      keyHit = at >= start && at <= end;
      afterKey = true;
      continue;
    }
    // Past the position, between two tokens: what is around.
    if (!wanted && !keyHit && start > at && frame) wanted = around(frame);
    if (token === '{' || token === '[') {
      if (!wanted && (keyHit || (at >= start && at <= end))) {
        wanted = { path: pathOf(open), from: start, depth: open.length };
      }
      open.push({ list: token === '[', from: start, key: '', index: 0 });
    } else if (token === '}' || token === ']') {
      if (!wanted && at <= end && frame) wanted = around(frame);
      open.pop();
      if (wanted && open.length === wanted.depth) return { path: wanted.path, from: wanted.from, to: end };
    } else if (token === ',') {
      if (frame) frame.index++;
    } else if (!wanted && (keyHit || at <= end)) return { path: pathOf(open), from: start, to: end };
    afterKey = keyHit = false;
  }
  return undefined;
}

function pathOf(open: readonly Frame[]): string {
  return open.reduce(
    (path, { list, key, index }) => (list ? `${path}[${index}]` : joinPath(path, readString(key))),
    '',
  );
}
