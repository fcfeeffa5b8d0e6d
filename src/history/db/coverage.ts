import type { DatabaseSync } from 'node:sqlite';
import type { Range } from '../../core/time/range';
import { subtract, union } from '../../core/time/ranges';
import { sawAsMuch } from '../../core/openstack/requester';

/** The times of `stream` that are completely stored as far as the requester with this key may see, sorted and disjoint. */
export function readCoverage(database: DatabaseSync, stream: string, requester: string): Range[] {
  const rows = database.prepare('SELECT requester, "from", "to" FROM coverage WHERE stream = ?').all(stream);
  const counting = rows.filter((row) => sawAsMuch(String(row['requester']), requester));
  return union(counting.map((row) => ({ from: Number(row['from']), to: Number(row['to']) })));
}

/** Adds what the requester with this key has loaded; inside a transaction. */
export function addCoverage(database: DatabaseSync, stream: string, requester: string, complete: Range): void {
  writeCoverage(database, stream, requester, [...readOwn(database, stream, requester), complete]);
}

/** No stream counts as complete in `range` any more, for nobody; inside a transaction. */
export function uncover(database: DatabaseSync, range: Range): void {
  for (const row of database.prepare('SELECT DISTINCT stream, requester FROM coverage').all()) {
    const [stream, requester] = [String(row['stream']), String(row['requester'])];
    const kept = readOwn(database, stream, requester).flatMap((covered) => subtract(covered, [range]));
    writeCoverage(database, stream, requester, kept);
  }
}

/** What this requester has loaded, and no other. */
function readOwn(database: DatabaseSync, stream: string, requester: string): Range[] {
  const rows = database
    .prepare('SELECT "from", "to" FROM coverage WHERE stream = ? AND requester = ?')
    .all(stream, requester);
  return rows.map((row) => ({ from: Number(row['from']), to: Number(row['to']) }));
}

function writeCoverage(database: DatabaseSync, stream: string, requester: string, ranges: readonly Range[]): void {
  database.prepare('DELETE FROM coverage WHERE stream = ? AND requester = ?').run(stream, requester);
  const insert = database.prepare('INSERT INTO coverage VALUES (?, ?, ?, ?)');
  for (const { from, to } of union(ranges)) insert.run(stream, requester, from, to);
}
