import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { uncover } from '../db/coverage';
import type { Parts } from './parts';
import type { Row } from './scan';
import { inTransaction, noTime } from '../db/schema';
import { Rollups } from '../store/rollups';

const eventsPerStep = 1_000;
const pagesPerStep = 1_000;

/** Deletes events older than `time` in small transactions, until the database is closed. What is deleted no longer counts as loaded. */
export async function trimEvents(parts: Parts, time: number): Promise<number> {
  const { database, lookups } = parts;
  inTransaction(database, () => uncover(database, { from: -Infinity, to: time }));
  let removed = 0;
  for (let step = eventsPerStep; step === eventsPerStep; removed += step) {
    if (!database.isOpen) return removed;
    step = inTransaction(database, () => {
      // Another window may be loading these very times.
      uncover(database, { from: -Infinity, to: time });
      return removeOldest(parts, time);
    });
    await nextTurn();
  }
  if (removed > 0 && database.isOpen) {
    lookups.merge();
    lookups.forgetEmptyRuns();
  }
  await giveBackSpace(database);
  return removed;
}

async function giveBackSpace(database: DatabaseSync): Promise<void> {
  let before = Infinity;
  while (database.isOpen) {
    const free = Number(database.prepare('PRAGMA freelist_count').get()?.['freelist_count']);
    if (free === 0 || free >= before) return;
    before = free;
    database.exec(`PRAGMA incremental_vacuum(${pagesPerStep})`);
    await nextTurn();
  }
}

function removeOldest({ database, chunks, kinds }: Parts, time: number): number {
  const rows = database
    .prepare(
      `DELETE FROM events WHERE id IN
         (SELECT id FROM events WHERE time > ${noTime} AND time < ? ORDER BY time LIMIT ${eventsPerStep})
       RETURNING id, time, kind`,
    )
    .all(time) as unknown as Row[];
  const rollups = new Rollups();
  for (const { time, kind } of rows) {
    const { source, success } = kinds.get(kind);
    rollups.add(time, source, success === 'no', -1);
  }
  rollups.write(database);
  const ids = JSON.stringify(rows.map(({ id }) => id));
  database.prepare('DELETE FROM renamed WHERE id IN (SELECT value FROM json_each(?))').run(ids);
  // A chunk goes with the last of its events.
  database
    .prepare(
      `DELETE FROM chunks WHERE first IN
         (SELECT DISTINCT (SELECT first FROM chunks WHERE first <= value ORDER BY first DESC LIMIT 1) FROM json_each(?))
       AND NOT EXISTS (SELECT 1 FROM events WHERE id BETWEEN first AND first + length(ends) / 4 - 1)`,
    )
    .run(ids);
  chunks.forget();
  return rows.length;
}

/** Deletes all events and what is known about their loading, and gives the space back. Facts stay. */
export function clearEvents(database: DatabaseSync): void {
  inTransaction(database, () => {
    database.exec(`
      DELETE FROM events; DELETE FROM renamed; DELETE FROM chunks; DELETE FROM kinds; DELETE FROM segments;
      DELETE FROM runs; DELETE FROM lookups; DELETE FROM rollups; DELETE FROM coverage; DELETE FROM fields;`);
  });
  database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
}
