import type { Range } from './range';

/** The ranges merged: sorted, disjoint, neighbours joined, empty ones gone. */
export function union(ranges: Iterable<Range>): Range[] {
  const sorted = [...ranges].filter((range) => range.from < range.to).sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last && range.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push({ from: range.from, to: range.to });
  }
  return merged;
}

/** What of `range` none of `ranges` covers, sorted. */
export function subtract(range: Range, ranges: Iterable<Range>): Range[] {
  const rest: Range[] = [];
  let from = range.from;
  for (const covered of union(ranges)) {
    if (covered.to <= from) continue;
    if (covered.from >= range.to) break;
    if (covered.from > from) rest.push({ from, to: covered.from });
    from = covered.to;
  }
  if (from < range.to) rest.push({ from, to: range.to });
  return rest;
}

/** The part both share, or undefined. */
export function intersect(a: Range, b: Range): Range | undefined {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : undefined;
}

/** Milliseconds that `ranges` cover together. */
export function total(ranges: Iterable<Range>): number {
  return union(ranges).reduce((sum, range) => sum + range.to - range.from, 0);
}

/** Whether `ranges` leave no gap in `range`. */
export function covers(ranges: Iterable<Range>, range: Range): boolean {
  return subtract(range, ranges).length === 0;
}
