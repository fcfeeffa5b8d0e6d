import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Range } from '../core/range';
import { intersect } from '../core/ranges';
import type { Cursor, ListQuery } from './history';
import { hashOfResource } from './lookups';
import { noTime } from './schema';
import type { Condition } from './searchSql';

/** A place in the order of all lists: newest first, within one time in the order of receipt. */
export interface Place {
  readonly time: number;
  readonly id: number;
}

export function writeCursor({ time, id }: Place): Cursor {
  return `${time}:${id}`;
}

export function readCursor(cursor: Cursor): Place {
  const [time = NaN, id = NaN] = cursor.split(':').map(Number);
  if (!Number.isSafeInteger(time) || !Number.isSafeInteger(id)) throw new RangeError('Not a cursor of this history');
  return { time, id };
}

/** Where rows `e` of `events` come from, and the columns that order them. */
export interface Base {
  readonly from: string;
  readonly time: string;
  readonly id: string;
  readonly condition: Condition;
}

/** All events, or those that name one resource. */
export function baseOf(resourceId: string | undefined): Base {
  if (resourceId === undefined) {
    const condition = { sql: '1', parameters: [] };
    return { from: 'events e INDEXED BY events_order', time: 'e.time', id: 'e.id', condition };
  }
  return {
    from: 'lookups l CROSS JOIN events e ON e.id = l.event AND e.time = l.time',
    time: 'l.time',
    id: 'l.event',
    condition: { sql: 'l.hash = ?', parameters: [hashOfResource(resourceId)] },
  };
}

export const undated: Range = { from: noTime, to: noTime + 1 };

/** The times a list is about, newest first; {@link undated} is last. */
export function spansOf({ view, within }: Pick<ListQuery, 'view' | 'within'>): Range[] {
  if (within === 'none') return [undated];
  const dated = within ? intersect(view.range, within) : view.range;
  const range = dated && intersect(dated, { from: undated.to, to: Number.MAX_SAFE_INTEGER });
  return [...(range ? [range] : []), ...(within ? [] : [undated])];
}

/** Events looked through before other work gets its turn: at first, at most, and how long that should take. */
const firstWindow = 2_000;
const maxWindow = 200_000;
const slowMs = 20;

/**
 * Cuts `spans` into conditions of bounded work each, in the order of the lists, and lets others in between.
 * @throws the reason of `signal`
 */
export async function* windows(
  database: DatabaseSync,
  base: Base,
  spans: readonly Range[],
  after: Place | undefined,
  signal: AbortSignal,
): AsyncGenerator<Condition, undefined> {
  const beyond = `${base.condition.sql} AND ${base.time} <= ? AND (${base.time} < ? OR ${base.id} > ?) AND ${base.time} >= ?`;
  const findEnd = database.prepare(
    `SELECT ${base.time} AS time, ${base.id} AS id FROM ${base.from} WHERE ${beyond}
     ORDER BY ${base.time} DESC, ${base.id} LIMIT 1 OFFSET ?`,
  );
  let size = firstWindow;
  for (const span of spans) {
    if (after && after.time < span.from) continue;
    let start: Place | undefined = after && after.time < span.to ? after : { time: span.to - 1, id: -1 };
    while (start) {
      signal.throwIfAborted();
      const began = performance.now();
      const parameters = [...base.condition.parameters, start.time, start.time, start.id, span.from];
      const end = findEnd.get(...parameters, size - 1) as unknown as Place | undefined;
      yield end
        ? {
            sql: `${beyond} AND (${base.time} > ? OR ${base.id} <= ?)`,
            parameters: [...parameters.slice(0, -1), end.time, end.time, end.id],
          }
        : { sql: beyond, parameters };
      const took = performance.now() - began;
      if (took > slowMs) size = Math.max(firstWindow >> 3, size >> 1);
      else if (took < slowMs / 2) size = Math.min(maxWindow, size << 1);
      start = end;
      await nextTurn();
    }
  }
}
