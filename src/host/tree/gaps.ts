import { format } from '../../core/base/message';
import type { Missing } from '../../core/time/missing';
import type { GapNode, GapsNode } from './nodes';

/** More gaps than this stand in a row of their own that opens. */
const shownAtTop = 3;

/** How many that row shows when it is open. */
const shownAtMost = 500;

/**
 * The rows of what is missing, newest first. What several of the `streams` lack for the same reason is one row. They stand
 * above all others, even where a gap lies within one day: below it they would be hidden while the day is closed, would
 * have no place where nothing of the day is there, and would come once for each component. The row of the day says which
 * part of it is there, its tooltip why.
 */
export function gapRows(missing: readonly Missing[], streams: number): (GapNode | GapsNode)[] {
  const rows = new Map<string, { -readonly [K in keyof Omit<GapNode, 'parent'>]: GapNode[K] }>();
  for (const { stream, range, reason } of missing) {
    const key = `${range.from}-${range.to} ${format(reason)}`;
    const row = rows.get(key);
    if (row) row.streams = [...row.streams, stream];
    else rows.set(key, { kind: 'gap', id: '', streams: [stream], range, reason });
  }
  const gaps = [...rows.values()].map((row): Omit<GapNode, 'parent'> => {
    const names = row.streams.includes('') || row.streams.length === streams ? [] : row.streams;
    return { ...row, streams: names, id: `gap:${names.join()}:${row.range.from}-${row.range.to}` };
  });
  if (gaps.length <= shownAtTop) return gaps.map((gap) => ({ ...gap, parent: undefined }));
  return [{ kind: 'gaps', id: 'gaps', gaps }];
}

/** The gaps that such a row holds. */
export function gapsOf(parent: GapsNode): GapNode[] {
  return parent.gaps.slice(0, shownAtMost).map((gap) => ({ ...gap, parent }));
}
