import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { uncover } from './coverage';
import type { Kinds } from './kinds';
import type { Lookups } from './lookups';
import { inTransaction, noTime } from './schema';
import { Tallies } from './tallies';

const eventsPerStep = 1_000;
const lookupSlices = 64;

/** Hashes spread evenly over -2^53 to 2^53. */
function hashAt(slice: number): number {
  return Math.round((slice / lookupSlices - 0.5) * 2 ** 54);
}

/** Deletes events older than `time` in small transactions, until the database is closed. What is deleted no longer counts as loaded. */
export async function trimEvents(
  database: DatabaseSync,
  kinds: Kinds,
  lookups: Lookups,
  time: number,
): Promise<number> {
  inTransaction(database, () => uncover(database, { from: -Infinity, to: time }));
  await lookups.merge();
  let removed = 0;
  for (let step = eventsPerStep; step === eventsPerStep; removed += step) {
    if (!database.isOpen) return removed;
    step = inTransaction(database, () => {
      // Another window may be loading these very times.
      uncover(database, { from: -Infinity, to: time });
      return removeOldest(database, kinds, time);
    });
    await nextTurn();
  }
  if (removed === 0) return 0;
  const removeLookups = database.prepare(
    `DELETE FROM lookups WHERE hash >= ? AND hash < ? AND time > ${noTime} AND time < ?
       AND event NOT IN (SELECT id FROM events)`,
  );
  for (let slice = 0; slice < lookupSlices; slice++) {
    if (!database.isOpen) return removed;
    removeLookups.run(hashAt(slice), hashAt(slice + 1), time);
    await nextTurn();
  }
  if (database.isOpen) database.exec('PRAGMA incremental_vacuum');
  return removed;
}

function removeOldest(database: DatabaseSync, kinds: Kinds, time: number): number {
  const rows = database
    .prepare(
      `DELETE FROM events WHERE id IN
         (SELECT id FROM events WHERE time > ${noTime} AND time < ? ORDER BY time LIMIT ${eventsPerStep})
       RETURNING id, time, kind`,
    )
    .all(time);
  const tallies = new Tallies();
  const removeBodies = database.prepare('DELETE FROM bodies WHERE id = ?');
  for (const row of rows) {
    removeBodies.run(Number(row['id']));
    const { source, success } = kinds.get(Number(row['kind']));
    tallies.add(Number(row['time']), source, success === 'no', -1);
  }
  tallies.write(database);
  return rows.length;
}

/** Deletes all events and what is known about their loading, and gives the space back. Facts stay. */
export function clearEvents(database: DatabaseSync): void {
  inTransaction(database, () => {
    database.exec(`
      DELETE FROM events; DELETE FROM bodies; DELETE FROM kinds; DELETE FROM lookups; DELETE FROM unsorted;
      DELETE FROM tallies; DELETE FROM coverage; DELETE FROM fields;`);
  });
  database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
}
