import { diffLines } from './diffLines';
import { lineSpans, spansOf, type Spans } from '../../src/core/diff/internSpans';
import { createBudget, diffSequences, type Budget, type Hunk } from '../../src/core/diff/sequenceDiff';

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
const maxHunks = 3_000;

/** Compares by lines, and by words inside small hunks. Putting the right side's spans into the left gives the right, always. */
export function diffText(left: string, right: string, budget: Budget = createBudget()): TextDiff {
  const a = lineSpans(left);
  const b = lineSpans(right);
  const hunks = diffLines(a, b, budget);
  const lines = joinClosest(hunks, maxHunks);
  if (lines.length < hunks.length) budget.coarse = true;
  const changes: Hunk[] = [];
  for (const hunk of lines) {
    // The last line has no line end: what is put behind it, or taken away there, begins with the one before.
    const last = hunk.toA === a.from.length;
    const before = last && hunk.fromA > 0 ? 1 : 0;
    const span = {
      fromA: startOf(a, hunk.fromA) - before,
      toA: last ? left.length : startOf(a, hunk.toA),
      fromB: startOf(b, hunk.fromB) - before,
      toB: last ? right.length : startOf(b, hunk.toB),
    };
    changes.push(...(refine(left, right, span, budget) ?? [span]));
  }
  return { lines, changes, coarse: budget.coarse };
}

/** Where a line begins; behind the last one, where the next would. */
function startOf({ text, from }: Spans, line: number): number {
  return from[line] ?? text.length + 1;
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
  const a = spansOf(splitWords(left.slice(span.fromA, span.toA)));
  const b = spansOf(splitWords(right.slice(span.fromB, span.toB)));
  const local: Budget = { left: Math.min(200_000, budget.left), coarse: false };
  const before = local.left;
  const hunks = diffSequences(a, b, local);
  budget.left -= before - local.left;
  const place = ({ text, from }: Spans, word: number): number => from[word] ?? text.length;
  const changed = hunks.reduce((sum, hunk) => sum + place(a, hunk.toA) - place(a, hunk.fromA), 0);
  if (local.coarse || changed > lengthA * 0.7) return undefined;
  return hunks.map((hunk) => ({
    fromA: span.fromA + place(a, hunk.fromA),
    toA: span.fromA + place(a, hunk.toA),
    fromB: span.fromB + place(b, hunk.fromB),
    toB: span.fromB + place(b, hunk.toB),
  }));
}

function splitWords(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|[ \t]+|[^]/gu) ?? [];
}
