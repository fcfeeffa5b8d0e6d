import type { DatabaseSync } from 'node:sqlite';
import type { Range } from '../core/range';
import { subtract } from '../core/ranges';
import type { Counter } from './counter';
import { inTransaction } from './schema';

/** Events may arrive late: the last minutes never count as complete, so that every load asks for them again. */
export const settlingTime = 120_000;

/** The times of `stream` that are completely stored, sorted and disjoint. */
export function readCoverage(database: DatabaseSync, stream: string): Range[] {
  const rows = database.prepare('SELECT "from", "to" FROM coverage WHERE stream = ? ORDER BY "from"').all(stream);
  return rows.map((row) => ({ from: Number(row['from']), to: Number(row['to']) }));
}

/** Replaces what is known of `stream`; inside a transaction. */
export function writeCoverage(database: DatabaseSync, stream: string, ranges: readonly Range[]): void {
  database.prepare('DELETE FROM coverage WHERE stream = ?').run(stream);
  const insert = database.prepare('INSERT INTO coverage VALUES (?, ?, ?)');
  for (const { from, to } of ranges) insert.run(stream, from, to);
}

/** See `History.forgetFuture`. */
export async function forgetFuture(database: DatabaseSync, counter: Counter, now: number): Promise<void> {
  const ahead = database.prepare('SELECT 1 FROM coverage WHERE "to" > ? LIMIT 1').get(now - settlingTime);
  if (!ahead) return;
  const past = { range: { from: Number.MIN_SAFE_INTEGER, to: now } };
  const { newest = -Infinity } = await counter.count(past, 'utc', new AbortController().signal);
  inTransaction(database, () => uncover(database, { from: newest - settlingTime, to: Infinity }));
}

/** No stream counts as complete in `range` any more; inside a transaction. */
export function uncover(database: DatabaseSync, range: Range): void {
  for (const row of database.prepare('SELECT DISTINCT stream FROM coverage').all()) {
    const stream = String(row['stream']);
    const kept = readCoverage(database, stream).flatMap((covered) => subtract(covered, [range]));
    writeCoverage(database, stream, kept);
  }
}
