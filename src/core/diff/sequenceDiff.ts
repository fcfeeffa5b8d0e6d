import { internSpans, type Spans } from './internSpans';

/** A stretch that differs: `fromA..toA` of the left became `fromB..toB` of the right. Ends are exclusive. */
export interface Hunk {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Work that may still be done, in comparisons. Shared by the parts of one diff, so that the whole is bounded. */
export interface Budget {
  left: number;
  /** Set when something was left coarse because the work ran out. */
  coarse: boolean;
}

/** An item that stands once on either side. */
interface Pair {
  readonly atA: number;
  readonly atB: number;
}

/** The item at an index that is known to be there. */
function at(list: ArrayLike<number>, index: number): number {
  return list[index] as number;
}

/** Enough for 5 MB of reordered JSON; about a second of work at worst. */
export function createBudget(left = 15_000_000): Budget {
  return { left, coarse: false };
}

/** More single insertions and deletions than this in a stretch without any unique common item are not worth telling apart. */
const maxEdits = 250;

/**
 * The differences of two lists, in order: patience (unique common items anchor the rest), then bounded Myers between
 * the anchors. Where `budget` runs out a whole stretch becomes one hunk; the result is exact in any case.
 */
export function diffSequences(left: Spans, right: Spans, budget: Budget): Hunk[] {
  const { a, b, size } = internSpans(left, right);
  const hunks: Hunk[] = [];
  const counts = { a: new Int32Array(size), b: new Int32Array(size), at: new Int32Array(size) };
  const segments: Hunk[] = [{ fromA: 0, toA: a.length, fromB: 0, toB: b.length }];
  for (let segment = segments.pop(); segment; segment = segments.pop()) {
    const rest = trim(a, b, segment);
    if (rest.fromA === rest.toA && rest.fromB === rest.toB) continue;
    if (rest.fromA === rest.toA || rest.fromB === rest.toB) {
      hunks.push(rest);
      continue;
    }
    const parts = splitAtAnchors(a, b, rest, counts, budget);
    if (parts) {
      for (let index = parts.length - 1; index >= 0; index--) segments.push(parts[index] as Hunk);
      continue;
    }
    const exact = diffByEdits(a, b, rest, budget);
    if (exact) hunks.push(...exact);
    else {
      budget.coarse = true;
      hunks.push(rest);
    }
  }
  return hunks;
}

function trim(a: Int32Array, b: Int32Array, { fromA, toA, fromB, toB }: Hunk): Hunk {
  while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) {
    fromA++;
    fromB++;
  }
  while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) {
    toA--;
    toB--;
  }
  return { fromA, toA, fromB, toB };
}

/** The stretches between the items that occur exactly once on both sides, in the longest order both share. */
function splitAtAnchors(
  a: Int32Array,
  b: Int32Array,
  segment: Hunk,
  counts: { a: Int32Array; b: Int32Array; at: Int32Array },
  budget: Budget,
): Hunk[] | undefined {
  budget.left -= segment.toA - segment.fromA + segment.toB - segment.fromB;
  if (budget.left < 0) return undefined;
  for (let i = segment.fromA; i < segment.toA; i++) counts.a[at(a, i)] = at(counts.a, at(a, i)) + 1;
  for (let i = segment.fromB; i < segment.toB; i++) {
    counts.b[at(b, i)] = at(counts.b, at(b, i)) + 1;
    counts.at[at(b, i)] = i;
  }
  const pairs: Pair[] = [];
  for (let i = segment.fromA; i < segment.toA; i++) {
    const item = at(a, i);
    if (counts.a[item] === 1 && counts.b[item] === 1) pairs.push({ atA: i, atB: at(counts.at, item) });
  }
  for (let i = segment.fromA; i < segment.toA; i++) counts.a[at(a, i)] = 0;
  for (let i = segment.fromB; i < segment.toB; i++) counts.b[at(b, i)] = 0;
  if (pairs.length === 0) return undefined;

  const parts: Hunk[] = [];
  let { fromA, fromB } = segment;
  for (const { atA, atB } of longestIncreasing(pairs)) {
    if (atA > fromA || atB > fromB) parts.push({ fromA, toA: atA, fromB, toB: atB });
    fromA = atA + 1;
    fromB = atB + 1;
  }
  parts.push({ fromA, toA: segment.toA, fromB, toB: segment.toB });
  return parts;
}

/** The longest run of `pairs` (sorted by `atA`) whose `atB` rises too. */
function longestIncreasing(pairs: readonly Pair[]): Pair[] {
  const tails: number[] = [];
  const before = new Int32Array(pairs.length);
  pairs.forEach(({ atB }, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[at(tails, middle)] as Pair).atB < atB) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? at(tails, low - 1) : -1;
    tails[low] = index;
  });
  const run: Pair[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = at(before, index)) run.push(pairs[index] as Pair);
  return run.reverse();
}

/** Myers' greedy algorithm, given up past {@link maxEdits} or the budget. */
function diffByEdits(a: Int32Array, b: Int32Array, segment: Hunk, budget: Budget): Hunk[] | undefined {
  const lengthA = segment.toA - segment.fromA;
  const lengthB = segment.toB - segment.fromB;
  const limit = Math.min(maxEdits, lengthA + lengthB);
  if (Math.abs(lengthA - lengthB) > limit) return undefined;
  const furthest = new Int32Array(2 * limit + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits++) {
    budget.left -= edits + 1;
    if (budget.left < 0) return undefined;
    trace.push(furthest.slice(limit + 1 - edits - 1, limit + 1 + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(furthest, limit + k) < at(furthest, limit + k + 2));
      let x = down ? at(furthest, limit + k + 2) : at(furthest, limit + k) + 1;
      let y = x - k;
      const start = x;
      while (x < lengthA && y < lengthB && a[segment.fromA + x] === b[segment.fromB + y]) {
        x++;
        y++;
      }
      budget.left -= x - start;
      furthest[limit + 1 + k] = x;
      if (x >= lengthA && y >= lengthB) return walkBack(trace, edits, lengthA, lengthB, segment);
    }
  }
  return undefined;
}

/** `trace[d]` holds diagonals -d-1..d+1 as they were before step `d`. */
function walkBack(trace: Int32Array[], edits: number, lengthA: number, lengthB: number, segment: Hunk): Hunk[] {
  const hunks: Hunk[] = [];
  let x = lengthA;
  let y = lengthB;
  for (let d = edits; d > 0; d--) {
    const before = trace[d] as Int32Array;
    const k = x - y;
    const down = k === -d || (k !== d && at(before, d + k) < at(before, d + k + 2));
    const fromX = down ? at(before, d + k + 2) : at(before, d + k);
    const fromY = fromX - (down ? k + 1 : k - 1);
    const toX = down ? fromX : fromX + 1;
    const toY = down ? fromY + 1 : fromY;
    const last = hunks.at(-1);
    const hunk = {
      fromA: segment.fromA + fromX,
      toA: segment.fromA + toX,
      fromB: segment.fromB + fromY,
      toB: segment.fromB + toY,
    };
    if (last && last.fromA === hunk.toA && last.fromB === hunk.toB) {
      hunks[hunks.length - 1] = { ...last, fromA: hunk.fromA, fromB: hunk.fromB };
    } else hunks.push(hunk);
    x = fromX;
    y = fromY;
  }
  return hunks.reverse();
}
