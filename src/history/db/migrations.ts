import type { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { describe } from './batch';
import { Chunks } from './chunks';
import { EventWriter } from './eventWriter';
import { Lookups } from './lookups';
import { inTransaction } from './schema';
import { readVersion1, version1 } from './version1';

/**
 * - `events.id` rises in the order of receipt, which within one second is the order of the server.
 * - `kinds` holds what many events share, so that `events_order` answers counts and most filters.
 * - `chunks` holds the records as received, packed. See chunks.ts.
 * - `lots`, `runs` and `lookups` find events by key, request id and resource. See lookups.ts, and seal.ts for their bytes.
 */
const version2 = `
  CREATE TABLE events (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL) STRICT;
  CREATE INDEX events_order ON events (time DESC, id, kind);
  CREATE TABLE renamed (id INTEGER PRIMARY KEY, key TEXT NOT NULL) STRICT; -- events whose id is another one's, too
  CREATE INDEX renamed_keys ON renamed (key);
  CREATE TABLE chunks (first INTEGER PRIMARY KEY, plain INTEGER NOT NULL, ends BLOB NOT NULL, records BLOB NOT NULL) STRICT;
  CREATE TABLE lots (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, entries BLOB NOT NULL) STRICT;
  CREATE TABLE runs (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, entries INTEGER NOT NULL) STRICT;
  CREATE TABLE lookups (id INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
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

type Migration = (database: DatabaseSync) => void;

/** One step per schema version, never changed once released. Each runs in a transaction with all that follow. */
const migrations: readonly Migration[] = [
  (database) => database.exec(version1),
  migrateVersion1,
  (database) => database.exec(version3),
];

/** Packs the records into chunks; numbers of events are given anew in the same order. */
function migrateVersion1(database: DatabaseSync): void {
  database.exec(`
    DROP INDEX events_order; DROP TABLE lookups; DROP TABLE unsorted;
    ALTER TABLE events RENAME TO events1; ALTER TABLE bodies RENAME TO bodies1;
    ${version2}`);
  const chunks = new Chunks(database);
  // Keys were told apart by the first schema already.
  const writer = new EventWriter(database, chunks, new Lookups(database, () => []));
  for (const events of readVersion1(database)) {
    const renewed = events.map(({ time, kind, key, record }) => {
      return { ...describe(record), time, kind, renamed: key ?? undefined, json: Buffer.from(JSON.stringify(record)) };
    });
    writer.write(chunks.next(), renewed);
  }
  database.exec('DROP TABLE events1; DROP TABLE bodies1');
}

/** Brings the database to the current schema; safe while another process does the same. @throws UserError when it is newer. */
export function migrate(database: DatabaseSync, steps: readonly Migration[] = migrations): void {
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
    for (const step of steps.slice(version)) step(database);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

export function isCurrent(database: DatabaseSync): boolean {
  return readVersion(database) === migrations.length;
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}
