import type { DatabaseSync } from 'node:sqlite';
import type { Range } from '../../core/time/range';

/** What was received after some event. */
export interface Arrivals {
  /** The number of the last event received; 0 where there is none. Numbers rise in the order of receipt. */
  readonly last: number;
  /** UTC milliseconds of the oldest of them within the range. */
  readonly oldest: number | undefined;
}

/** See `History.arrivals`. */
export function findArrivals(database: DatabaseSync, after: number, { from, to }: Range): Arrivals {
  const last = Number(database.prepare('SELECT max(id) AS id FROM events').get()?.['id'] ?? 0);
  const oldest = database
    .prepare('SELECT min(time) AS time FROM events NOT INDEXED WHERE id > ? AND time >= ? AND time < ?')
    .get(after, from, to)?.['time'];
  return { last, oldest: typeof oldest === 'number' ? oldest : undefined };
}
