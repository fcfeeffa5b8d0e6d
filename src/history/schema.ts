import type { DatabaseSync } from 'node:sqlite';
import { UserError } from '../core/errors';
import { message } from '../core/message';

/** Stands for "no readable time" where a number must stand; older than every date JavaScript knows. */
export const noTime = -9e15;

/** Tallies count events per quarter of an hour: every time zone's days are made of whole ones. */
export const bucketLength = 900_000;

/**
 * One step per schema version, never changed once released.
 * - `events.id` rises in the order of receipt, which within one second is the order of the server.
 * - `kinds` holds what many events share, so that `events_order` covers counts and most filters.
 * - Bodies stand apart: lists never touch their pages.
 * - `lookups` finds events by key and by resource. Its order is random, which would make every insert dirty a page of its
 *   own; new entries wait in `unsorted` and are merged many at a time. See lookups.ts.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE kinds (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    success TEXT NOT NULL,
    action TEXT NOT NULL,
    method TEXT NOT NULL,
    user_email TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    UNIQUE (action, user_email, source, success, method, user_id, user_agent)
  ) STRICT;
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    uri TEXT NOT NULL,
    key TEXT, -- where it is not event_id
    timestamp TEXT, -- where it is not time as yyyy-MM-ddTHH:mm:ssZ
    resource TEXT,
    shape TEXT NOT NULL -- see record.ts
  ) STRICT;
  CREATE INDEX events_order ON events (time DESC, id, kind);
  CREATE TABLE bodies (id INTEGER PRIMARY KEY, request_body TEXT NOT NULL, response_body TEXT NOT NULL) STRICT;
  CREATE TABLE lookups (
    hash INTEGER NOT NULL,
    time INTEGER NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (hash, time DESC, event)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE unsorted (id INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
  CREATE TABLE tallies (
    bucket INTEGER NOT NULL,
    source TEXT NOT NULL,
    failed INTEGER NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (bucket, source, failed)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE coverage (
    stream TEXT NOT NULL,
    "from" INTEGER NOT NULL,
    "to" INTEGER NOT NULL,
    PRIMARY KEY (stream, "from")
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE fields (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID; -- received beyond the documented ones
  `,
];

/** Brings the database to the current schema; safe while another process does the same. @throws UserError when it is newer. */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  if (readVersion(database) === steps.length) return;
  inTransaction(database, () => {
    const version = readVersion(database);
    if (version > steps.length) {
      throw new UserError(
        message(
          'The stored history was written by a newer version of this extension. Update the extension to read it.',
        ),
      );
    }
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

export function isCurrent(database: DatabaseSync): boolean {
  return readVersion(database) === migrations.length;
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

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
