import type { DatabaseSync } from 'node:sqlite';
import { type Json } from '../../core/json/json';
import { eventFields, type ActivityEvent, type EventField } from '../../core/event/event';

/** The tables of the first schema. */
export const version1 = `
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
    shape TEXT NOT NULL
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
`;

/** An event of the first schema. */
export interface Version1Event {
  readonly time: number;
  readonly kind: number;
  /** Where it was not the event's own. */
  readonly key: string | null;
  readonly record: ActivityEvent;
}

const atOnce = 500;

/** The events of the first schema in the order of their numbers, some at a time. */
export function* readVersion1(database: DatabaseSync): Generator<Version1Event[], undefined> {
  const read = database.prepare(
    `SELECT e.*, k.*, b.request_body, b.response_body, e.id AS id FROM events1 e
     JOIN kinds k ON k.id = e.kind JOIN bodies1 b ON b.id = e.id WHERE e.id > ? ORDER BY e.id LIMIT ${atOnce}`,
  );
  for (let last = -1; ;) {
    const rows = read.all(last) as unknown as Row[];
    const row = rows.at(-1);
    if (!row) return;
    last = row.id;
    yield rows.map((row) => ({ time: row.time, kind: row.kind, key: row.key, record: recordOf(row) }));
  }
}

type Row = Readonly<Record<Exclude<EventField, 'timestamp'>, string>> & {
  readonly id: number;
  readonly time: number;
  readonly kind: number;
  readonly key: string | null;
  readonly timestamp: string | null;
  /**
   * The order of the fields as letters (`a` = the first of eventFields) where all are documented ones with text values;
   * otherwise the record as JSON, in which '' stands for each documented field's text that is stored by itself.
   */
  readonly shape: string;
};

function recordOf(row: Row): ActivityEvent {
  const texts = { ...row, timestamp: row.timestamp ?? `${new Date(row.time).toISOString().slice(0, -5)}Z` };
  if (row.shape.startsWith('{')) {
    const record = JSON.parse(row.shape) as Record<string, Json>;
    for (const field of eventFields)
      if (Object.hasOwn(record, field) && record[field] === '') record[field] = texts[field];
    return record;
  }
  const fields = Array.from(row.shape, (letter) => eventFields[letter.charCodeAt(0) - 97]);
  return Object.fromEntries(fields.filter((field) => field !== undefined).map((field) => [field, texts[field]]));
}
