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
  const near = readNear(database, stream, requester, complete);
  replace(database, stream, requester, near, union([...near, complete]));
}

/** No stream counts as complete in `range` any more, for nobody; inside a transaction. */
export function uncover(database: DatabaseSync, range: Range): void {
  for (const row of database.prepare('SELECT DISTINCT stream, requester FROM coverage').all()) {
    const [stream, requester] = [String(row['stream']), String(row['requester'])];
    const near = readNear(database, stream, requester, range);
    const kept = near.flatMap((covered) => subtract(covered, [range]));
    replace(database, stream, requester, near, kept);
  }
}

/** What this requester has loaded, and no other, that overlaps `range` or touches it. */
function readNear(database: DatabaseSync, stream: string, requester: string, range: Range): Range[] {
  const rows = database
    .prepare('SELECT "from", "to" FROM coverage WHERE stream = ? AND requester = ? AND "from" <= ? AND "to" >= ?')
    .all(stream, requester, range.to, range.from);
  return rows.map((row) => ({ from: Number(row['from']), to: Number(row['to']) }));
}

/** Writes what `after` has and `before` has not, and the other way round. */
function replace(
  database: DatabaseSync,
  stream: string,
  requester: string,
  before: readonly Range[],
  after: readonly Range[],
): void {
  const lacks = (ranges: readonly Range[], { from, to }: Range): boolean =>
    !ranges.some((range) => range.from === from && range.to === to);
  const remove = database.prepare('DELETE FROM coverage WHERE stream = ? AND requester = ? AND "from" = ?');
  for (const range of before) if (lacks(after, range)) remove.run(stream, requester, range.from);
  const insert = database.prepare('INSERT INTO coverage VALUES (?, ?, ?, ?)');
  for (const range of after) if (lacks(before, range)) insert.run(stream, requester, range.from, range.to);
}
