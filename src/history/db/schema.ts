import type { DatabaseSync } from 'node:sqlite';

/** Stands for "no readable time" where a number must stand; older than every date JavaScript knows. */
export const noTime = -9e15;

/** Rollups count events per quarter of an hour: every time zone's days are made of whole ones. */
export const bucketLength = 900_000;

/** Runs `work` as one transaction that holds the write lock from its beginning; all or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // Some failures (disk full) have already rolled back.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
