import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { subtract } from '../core/ranges';
import { readCoverage, writeCoverage } from './coverage';
import { inTransaction, noTime } from './schema';
import { Tallies } from './tallies';

const eventsPerStep = 1_000;
const linkSlices = 64;
const hashes = 2 ** 53;

/** Deletes events older than `time` in small transactions, until the database is closed. What is deleted no longer counts as loaded. */
export async function trimEvents(database: DatabaseSync, time: number): Promise<number> {
  inTransaction(database, () => {
    for (const row of database.prepare('SELECT DISTINCT stream FROM coverage').all()) {
      const stream = String(row['stream']);
      const kept = readCoverage(database, stream).flatMap((range) => subtract(range, [{ from: -Infinity, to: time }]));
      writeCoverage(database, stream, kept);
    }
  });
  let removed = 0;
  for (let step = eventsPerStep; step === eventsPerStep; removed += step) {
    if (!database.isOpen) return removed;
    step = inTransaction(database, () => removeOldest(database, time));
    await nextTurn();
  }
  if (removed === 0) return 0;
  const removeLinks = database.prepare(
    `DELETE FROM links WHERE resource >= ? AND resource < ? AND time > ${noTime} AND time < ?`,
  );
  for (let slice = 0; slice < linkSlices; slice++) {
    if (!database.isOpen) return removed;
    removeLinks.run((slice * hashes) / linkSlices, ((slice + 1) * hashes) / linkSlices, time);
    await nextTurn();
  }
  if (database.isOpen) database.exec('PRAGMA incremental_vacuum');
  return removed;
}

function removeOldest(database: DatabaseSync, time: number): number {
  const rows = database
    .prepare(
      `DELETE FROM events WHERE id IN
         (SELECT id FROM events WHERE time > ${noTime} AND time < ? ORDER BY time LIMIT ${eventsPerStep})
       RETURNING id, time, source, success`,
    )
    .all(time);
  const tallies = new Tallies();
  const removeBodies = database.prepare('DELETE FROM bodies WHERE id = ?');
  for (const row of rows) {
    removeBodies.run(Number(row['id']));
    tallies.add(Number(row['time']), Number(row['source']), Number(row['success']), -1);
  }
  tallies.write(database);
  return rows.length;
}

/** Deletes all events and what is known about their loading, and gives the space back. Facts stay. */
export function clearEvents(database: DatabaseSync): void {
  inTransaction(database, () => {
    database.exec(`
      DELETE FROM events; DELETE FROM bodies; DELETE FROM links; DELETE FROM tallies; DELETE FROM coverage;
      DELETE FROM fields; DELETE FROM names WHERE id > 2;`);
  });
  database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
}
