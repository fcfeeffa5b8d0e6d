import type { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { DamagedError } from './failures';
import { inTransaction } from './schema';

/** The number of the oldest schema that a history may have. */
const oldest = 2;

/**
 * - `events.id` rises in the order of receipt, which within one second is the order of the server.
 * - `kinds` holds what many events share, so that `events_order` answers counts and most filters.
 * - `chunks` holds the records as received, packed. See chunks.ts.
 * - `lots`, `runs` and `lookups` find events by key, request id and resource. See lookups.ts, and checksum.ts for their bytes.
 */
const version2 = `
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
  CREATE TABLE events (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL) STRICT;
  CREATE INDEX events_order ON events (time DESC, id, kind);
  CREATE TABLE renamed (id INTEGER PRIMARY KEY, key TEXT NOT NULL) STRICT; -- events whose id is another one's, too
  CREATE INDEX renamed_keys ON renamed (key);
  CREATE TABLE chunks (first INTEGER PRIMARY KEY, plain INTEGER NOT NULL, ends BLOB NOT NULL, records BLOB NOT NULL) STRICT;
  CREATE TABLE lots (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, entries BLOB NOT NULL) STRICT;
  CREATE TABLE runs (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, entries INTEGER NOT NULL) STRICT;
  CREATE TABLE lookups (id INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
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
`;

/** `coverage.requester` says who loaded it: see requester.ts. Of what was loaded before that is not known. */
const version3 = `
  ALTER TABLE coverage RENAME TO coverage2;
  CREATE TABLE coverage (
    stream TEXT NOT NULL,
    requester TEXT NOT NULL,
    "from" INTEGER NOT NULL,
    "to" INTEGER NOT NULL,
    PRIMARY KEY (stream, requester, "from")
  ) STRICT, WITHOUT ROWID;
  INSERT INTO coverage SELECT stream, '', "from", "to" FROM coverage2;
  DROP TABLE coverage2;
`;

/** Tables are called what the code calls them. */
const version4 = `
  ALTER TABLE lots RENAME TO segments;
  ALTER TABLE tallies RENAME TO rollups;
  ALTER TABLE facts RENAME TO metadata;
`;

type Migration = (database: DatabaseSync) => void;

/**
 * What makes the oldest schema, then one step to each next one, never changed once released. Each runs in a transaction with all
 * that follow.
 */
const migrations: readonly Migration[] = [version2, version3, version4].map((sql) => (database) => database.exec(sql));

/**
 * Brings the database to the current schema; safe while another process does the same.
 * @throws UserError when it is newer; DamagedError when it is older than any there was
 */
export function migrate(database: DatabaseSync, steps: readonly Migration[] = migrations): void {
  const newest = newestOf(steps);
  if (readVersion(database) === newest) return;
  inTransaction(database, () => {
    const version = readVersion(database);
    if (version > newest) {
      throw new UserError(
        message(
          'The stored history was written by a newer version of this extension. Update the extension to read it.',
        ),
      );
    }
    if (version !== 0 && version < oldest) throw new DamagedError(`No history has version ${version}`);
    for (const step of steps.slice(version === 0 ? 0 : version - oldest + 1)) step(database);
    database.exec(`PRAGMA user_version = ${newest}`);
  });
}

export function isCurrent(database: DatabaseSync): boolean {
  return readVersion(database) === newestOf(migrations);
}

function newestOf(steps: readonly Migration[]): number {
  return oldest + steps.length - 1;
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}
