import type { Hunk } from '../../src/core/diff/sequenceDiff';

/** A stretch of lines of the unified text that stand on one side only, or on both. Lines are numbered from 0. */
export interface Segment {
  readonly kind: 'same' | 'removed' | 'added';
  readonly line: number;
  readonly count: number;
  /** The number of its first line on the side it comes from (of `same`: on the right). */
  readonly origin: number;
}

/** Both texts in one: the lines that were removed above those that were added. */
export interface UnifiedText {
  readonly lines: readonly string[];
  readonly segments: readonly Segment[];
  /** Where the words that differ stand, in order, in the joined text. */
  readonly words: readonly { readonly from: number; readonly to: number }[];
  /** The place in the joined text of a place in either text; `left` only for lines that were removed. */
  placeOf(side: 'left' | 'right', position: number): number;
}

/** @param hunks stretches of lines that differ @param changes the same as spans of characters */
export function unifyTexts(left: string, right: string, hunks: readonly Hunk[], changes: readonly Hunk[]): UnifiedText {
  const a = left.split('\n');
  const b = right.split('\n');
  const lines: string[] = [];
  const segments: Segment[] = [];
  const words: { from: number; to: number }[] = [];
  /** Stretches of characters: `to` in the joined text is `from` of a side. */
  const spans = { left: [] as Span[], right: [] as Span[] };
  const done = { left: 0, right: 0, joined: 0 };
  const sources = { left: a, right: b };

  const take = (kind: Segment['kind'], side: 'left' | 'right', from: number, to: number): Span => {
    if (to > from) segments.push({ kind, line: lines.length, count: to - from, origin: from });
    let length = 0;
    for (let index = from; index < to; index++) {
      const line = sources[side][index] as string;
      lines.push(line);
      length += line.length + 1;
    }
    const span = { from: done[side], length, joined: done.joined };
    spans[side].push(span);
    done[side] += length;
    done.joined += length;
    return span;
  };
  const mark = (span: Span, from: number, to: number): void => {
    const start = Math.max(from, span.from);
    const end = Math.min(to, span.from + span.length - 1);
    if (start < end) words.push({ from: span.joined + start - span.from, to: span.joined + end - span.from });
  };

  let at = { a: 0, b: 0, change: 0 };
  for (const { fromA, toA, fromB, toB } of [
    ...hunks,
    { fromA: a.length, toA: a.length, fromB: b.length, toB: b.length },
  ]) {
    const same = take('same', 'right', at.b, fromB);
    done.left += same.length;
    const removed = take('removed', 'left', fromA, toA);
    const added = take('added', 'right', fromB, toB);
    let next = at.change;
    const inside = (change: Hunk): boolean =>
      change.fromA <= removed.from + removed.length && change.fromB <= added.from + added.length;
    while (next < changes.length && inside(changes[next] as Hunk)) next++;
    const own = changes.slice(at.change, next);
    for (const change of own) mark(removed, change.fromA, change.toA);
    for (const change of own) mark(added, change.fromB, change.toB);
    at = { a: toA, b: toB, change: next };
  }
  return {
    lines,
    segments,
    words,
    placeOf(side, position) {
      const list = spans[side];
      const span = list[lastAt(list.length, (index) => (list[index] as Span).from <= position)];
      return span ? span.joined + Math.min(position - span.from, Math.max(0, span.length - 1)) : 0;
    },
  };
}

interface Span {
  readonly from: number;
  readonly length: number;
  readonly joined: number;
}

/** The last index for which `holds`, which holds for all before it; -1 where there is none. */
export function lastAt(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A stretch of lines that both sides share and that is far from what differs. Lines are numbered from 0. */
export interface Unchanged {
  readonly left: number;
  readonly right: number;
  readonly unified: number;
  readonly count: number;
}

/** Lines kept in sight beside what differs, and the fewest lines worth folding. */
const margin = 3;
const shortest = 6;

/** @param total lines on the right */
export function findUnchanged(hunks: readonly Hunk[], total: { left: number; right: number }): Unchanged[] {
  const found: Unchanged[] = [];
  let before = { toA: 0, toB: 0, unified: 0 };
  const ends = [...hunks, { fromA: total.left, toA: total.left, fromB: total.right, toB: total.right }];
  ends.forEach((hunk, index) => {
    const first = index === 0 ? 0 : margin;
    const count = hunk.fromB - before.toB - first - (index === hunks.length ? 0 : margin);
    if (count >= shortest) {
      found.push({ left: before.toA + first, right: before.toB + first, unified: before.unified + first, count });
    }
    const same = hunk.fromB - before.toB;
    before = {
      toA: hunk.toA,
      toB: hunk.toB,
      unified: before.unified + same + hunk.toA - hunk.fromA + hunk.toB - hunk.fromB,
    };
  });
  return found;
}
