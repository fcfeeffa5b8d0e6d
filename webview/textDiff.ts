import { at, createBudget, diffSequences, type Budget, type Hunk } from './sequenceDiff';

/** The differences of two texts as spans of characters, in order. */
export interface TextDiff {
  readonly changes: readonly Hunk[];
  /** The texts differ too much to be told apart line by line everywhere: some spans are larger than they had to be. */
  readonly coarse: boolean;
}

/** A hunk longer than this (characters on one side) is shown as whole lines. */
const refinedLength = 4_000;

/** Compares by lines, and by words inside small hunks. Putting the right side's spans into the left gives the right, always. */
export function diffText(left: string, right: string, budget: Budget = createBudget()): TextDiff {
  const a = splitLines(left);
  const b = splitLines(right);
  const startsA = offsets(a);
  const startsB = offsets(b);
  const changes: Hunk[] = [];
  for (const hunk of diffSequences(a, b, budget)) {
    const span = {
      fromA: at(startsA, hunk.fromA),
      toA: at(startsA, hunk.toA),
      fromB: at(startsB, hunk.fromB),
      toB: at(startsB, hunk.toB),
    };
    changes.push(...(refine(left, right, span, budget) ?? [span]));
  }
  return { changes, coarse: budget.coarse };
}

/** Lines with their line ends, so that joining them gives the text back. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function offsets(parts: readonly string[]): number[] {
  const starts = [0];
  for (const part of parts) starts.push(at(starts, starts.length - 1) + part.length);
  return starts;
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
