import type { DatabaseSync } from 'node:sqlite';
import type { Range } from '../core/range';

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
