import type { Spans } from '../../src/core/diff/internSpans';
import { diffSequences, type Budget, type Hunk } from '../../src/core/diff/sequenceDiff';
import { lastAt } from './unifiedText';

/** How many lines of both sides are compared where they begin to differ: few first, then more. */
const windows = [64, 512];

/** Equal lines behind a difference that show that both sides are in step again. */
const inStep = 8;

/** With more differences than this the texts are compared as a whole. */
const maxWindows = 500;

/**
 * The lines that differ. Two large texts that differ in a few places are walked in step, so that only those places cost
 * more than reading; where they fall out of step the rest is compared as a whole.
 */
export function diffLines(a: Spans, b: Spans, budget: Budget): Hunk[] {
  const hunks: Hunk[] = [];
  let [i, j] = [0, 0];
  const add = (hunk: Hunk): void => {
    hunks.push({ fromA: i + hunk.fromA, toA: i + hunk.toA, fromB: j + hunk.fromB, toB: j + hunk.toB });
  };
  for (let count = 0; count < maxWindows; count++) {
    const equal = countEqual(a, i, b, j);
    i += equal;
    j += equal;
    const next = nextHunks(part(a, i), part(b, j), budget);
    if (!next) break;
    next.hunks.forEach(add);
    if (next.end) return hunks;
    const last = next.hunks.at(-1) as Hunk;
    i += last.toA;
    j += last.toB;
  }
  diffSequences(part(a, i), part(b, j), budget).forEach(add);
  return hunks;
}

/** The differences that begin here, as far as they are sure; `end`: there are no others. Undefined where none is sure. */
function nextHunks(a: Spans, b: Spans, budget: Budget): { hunks: readonly Hunk[]; end: boolean } | undefined {
  for (const size of windows) {
    const hunks = diffSequences(part(a, 0, size), part(b, 0, size), budget);
    if (a.from.length <= size && b.from.length <= size) return { hunks, end: true };
    const lines = Math.min(size, a.from.length);
    const sure = hunks.findLastIndex(({ toA }, index) => (hunks[index + 1]?.fromA ?? lines) - toA >= inStep);
    if (sure >= 0) return { hunks: hunks.slice(0, sure + 1), end: false };
  }
  return undefined;
}

function part({ text, from, to }: Spans, start: number, count = from.length): Spans {
  return { text, from: from.subarray(start, start + count), to: to.subarray(start, start + count) };
}

/** How many lines from here on are equal. */
function countEqual(a: Spans, i: number, b: Spans, j: number): number {
  const [startA, startB] = [a.from[i] ?? a.text.length, b.from[j] ?? b.text.length];
  const most = Math.min(a.text.length - startA, b.text.length - startB);
  let length = 0;
  // Comparing slices is many times faster than comparing characters.
  for (let step = 65_536; step >= 1; step = step > 1 ? step >> 1 : 0) {
    while (
      length + step <= most &&
      a.text.slice(startA + length, startA + length + step) === b.text.slice(startB + length, startB + length + step)
    ) {
      length += step;
    }
  }
  if (length === a.text.length - startA && length === b.text.length - startB) return a.from.length - i;
  return lastAt(a.from.length, (index) => (a.from[index] as number) <= startA + length) - i;
}
