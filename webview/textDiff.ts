import { at, createBudget, diffSequences, type Budget, type Hunk } from './sequenceDiff';

/** The differences of two texts, in order. */
export interface TextDiff {
  /** Stretches of lines, numbered from 0. */
  readonly lines: readonly Hunk[];
  /** The same as spans of characters, by words where lines have much in common. */
  readonly changes: readonly Hunk[];
  /** The texts differ too much to be told apart line by line everywhere: some stretches are larger than they had to be. */
  readonly coarse: boolean;
}

/** A hunk longer than this (characters on one side) is shown as whole lines. */
const refinedLength = 4_000;

/** More stretches than this are of no use to a reader and slow to draw: those that stand closest are joined. */
const mostHunks = 3_000;

/** Compares by lines, and by words inside small hunks. Putting the right side's spans into the left gives the right, always. */
export function diffText(left: string, right: string, budget: Budget = createBudget()): TextDiff {
  const a = left.split('\n');
  const b = right.split('\n');
  const startsA = offsets(a, 1);
  const startsB = offsets(b, 1);
  const hunks = diffSequences(a, b, budget);
  const lines = joinClosest(hunks, mostHunks);
  if (lines.length < hunks.length) budget.coarse = true;
  const changes: Hunk[] = [];
  for (const hunk of lines) {
    // The last line has no line end: what is put behind it, or taken away there, begins with the one before.
    const last = hunk.toA === a.length;
    const before = last && hunk.fromA > 0 ? 1 : 0;
    const span = {
      fromA: at(startsA, hunk.fromA) - before,
      toA: last ? left.length : at(startsA, hunk.toA),
      fromB: at(startsB, hunk.fromB) - before,
      toB: last ? right.length : at(startsB, hunk.toB),
    };
    changes.push(...(refine(left, right, span, budget) ?? [span]));
  }
  return { lines, changes, coarse: budget.coarse };
}

/** Where each part begins, and where the last one ends; `between` characters stand between two. */
function offsets(parts: readonly string[], between = 0): Int32Array {
  const starts = new Int32Array(parts.length + 1);
  parts.forEach((part, index) => (starts[index + 1] = at(starts, index) + part.length + between));
  return starts;
}

/** At most `most` hunks: where there are more, those with the fewest items between them become one. */
function joinClosest(hunks: readonly Hunk[], most: number): readonly Hunk[] {
  if (hunks.length <= most) return hunks;
  const gap = (index: number): number => (hunks[index] as Hunk).fromA - (hunks[index - 1] as Hunk).toA;
  const closest = Array.from({ length: hunks.length - 1 }, (_, index) => index + 1).sort((i, j) => gap(i) - gap(j));
  const joins = new Set(closest.slice(0, hunks.length - most));
  const joined: Hunk[] = [];
  hunks.forEach((hunk, index) => {
    const last = joined.at(-1);
    if (last && joins.has(index)) joined[joined.length - 1] = { ...last, toA: hunk.toA, toB: hunk.toB };
    else joined.push(hunk);
  });
  return joined;
}

/** The words that differ inside a hunk; undefined where its sides have too little in common for that to help. */
function refine(left: string, right: string, span: Hunk, budget: Budget): Hunk[] | undefined {
  const lengthA = span.toA - span.fromA;
  const lengthB = span.toB - span.fromB;
  if (lengthA === 0 || lengthB === 0 || lengthA > refinedLength || lengthB > refinedLength) return undefined;
  const a = splitWords(left.slice(span.fromA, span.toA));
  const b = splitWords(right.slice(span.fromB, span.toB));
  const local: Budget = { left: Math.min(200_000, budget.left), coarse: false };
  const before = local.left;
  const hunks = diffSequences(a, b, local);
  budget.left -= before - local.left;
  const startsA = offsets(a);
  const startsB = offsets(b);
  const changed = hunks.reduce((sum, hunk) => sum + at(startsA, hunk.toA) - at(startsA, hunk.fromA), 0);
  if (local.coarse || changed > lengthA * 0.7) return undefined;
  return hunks.map((hunk) => ({
    fromA: span.fromA + at(startsA, hunk.fromA),
    toA: span.fromA + at(startsA, hunk.toA),
    fromB: span.fromB + at(startsB, hunk.fromB),
    toB: span.fromB + at(startsB, hunk.toB),
  }));
}

function splitWords(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|[ \t]+|[^]/gu) ?? [];
}
