import type { Arrivals } from '../history';
import type { DatabaseSync } from 'node:sqlite';
import type { Range } from '../../core/time/range';

/** See `History.arrivals`. */
export function findArrivals(database: DatabaseSync, after: number, { from, to }: Range): Arrivals {
  const last = Number(database.prepare('SELECT max(id) AS id FROM events').get()?.['id'] ?? 0);
  const oldest = database
    .prepare('SELECT min(time) AS time FROM events NOT INDEXED WHERE id > ? AND time >= ? AND time < ?')
    .get(after, from, to)?.['time'];
  return { last, oldest: typeof oldest === 'number' ? oldest : undefined };
}
