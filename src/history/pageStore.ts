import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { deriveKey } from '../core/decode';
import { fieldText, type EventField } from '../core/event';
import type { Range } from '../core/range';
import { union } from '../core/ranges';
import { readCoverage, writeCoverage } from './coverage';
import { hash53 } from './hash';
import type { Names } from './names';
import type { PreparedRecord } from './preparePage';
import { readRecord, recordColumns, type RecordRow } from './rows';
import { inTransaction } from './schema';
import { namedFields } from './searchSql';
import { Tallies } from './tallies';

const columns = [
  'id',
  'time',
  ...namedFields,
  'key_hash',
  'event_id',
  'request_id',
  'uri',
  'key',
  'timestamp',
  'resource',
  'shape',
];

/** An event that is stored already under the key of one that arrives. */
interface Known {
  readonly id: number;
  readonly time: number;
}

/** Writes pages: each is one transaction together with its coverage. */
export class PageStore {
  readonly #database: DatabaseSync;
  readonly #names: Names;
  readonly #insertEvent: StatementSync;
  readonly #insertBodies: StatementSync;
  readonly #insertLink: StatementSync;
  readonly #addField: StatementSync;
  readonly #findKeys: StatementSync;
  readonly #findKey: StatementSync;
  readonly #fields = new Set<string>();
  /** The last event of each stream, to keep the server's order within a second that two pages share. */
  readonly #last = new Map<string, Known>();

  constructor(database: DatabaseSync, names: Names) {
    this.#database = database;
    this.#names = names;
    this.#insertEvent = database.prepare(
      `INSERT INTO events (${columns.join()}) VALUES (${columns.map(() => '?').join()})`,
    );
    this.#insertBodies = database.prepare('INSERT INTO bodies VALUES (?, ?, ?)');
    this.#insertLink = database.prepare('INSERT OR IGNORE INTO links VALUES (?, ?, ?)');
    this.#addField = database.prepare('INSERT OR IGNORE INTO fields VALUES (?)');
    this.#findKeys = database.prepare(
      'SELECT DISTINCT key_hash FROM events WHERE key_hash IN (SELECT value FROM json_each(?))',
    );
    this.#findKey = database.prepare(
      `SELECT ${recordColumns} FROM events e JOIN bodies b ON b.id = e.id
       WHERE e.key_hash = ? AND coalesce(e.key, e.event_id) = ?`,
    );
  }

  /** Returns how many events were new. */
  store(records: readonly PreparedRecord[], stream: string, complete: Range | undefined): number {
    try {
      return inTransaction(this.#database, () => {
        const added = this.#storeRecords(records, stream);
        if (complete) this.#addCoverage(stream, complete);
        return added;
      });
    } catch (error) {
      this.#names.forget();
      this.forget();
      throw error;
    }
  }

  /** Drops what is remembered of the database: it was changed by others, or a change was taken back. */
  forget(): void {
    this.#fields.clear();
    this.#last.clear();
  }

  #storeRecords(records: readonly PreparedRecord[], stream: string): number {
    let id = Number(this.#database.prepare('SELECT max(id) AS id FROM events').get()?.['id'] ?? 0);
    const taken = this.#findTaken(records);
    const tallies = new Tallies();
    let last = this.#last.get(stream);
    let added = 0;
    for (const record of records) {
      const found = taken.has(record.keyHash) ? this.#findKnown(record) : { key: record.key, known: undefined };
      let { known } = found;
      let moved = false;
      if (known && last?.time === known.time && known.id < last.id) {
        // It was stored on an earlier visit to this second, but the server has it after one that is new.
        this.#remove(known.id, record);
        known = undefined;
        moved = true;
      }
      if (!known) {
        known = { id: ++id, time: record.time };
        this.#insert(record, found.key, id);
        taken.add(record.keyHash);
        if (!moved) {
          tallies.add(
            record.time,
            this.#names.add(fieldText(record.event, 'source')),
            this.#names.add(fieldText(record.event, 'success')),
          );
          added++;
        }
      }
      last = known;
    }
    if (last) this.#last.set(stream, last);
    tallies.write(this.#database);
    return added;
  }

  /** Hashes of keys that may be stored already. */
  #findTaken(records: readonly PreparedRecord[]): Set<number> {
    const hashes = JSON.stringify(records.map((record) => record.keyHash));
    return new Set(this.#findKeys.all(hashes).map((row) => Number(row['key_hash'])));
  }

  /** The same record where it is stored already, and the key it has or gets. */
  #findKnown(record: PreparedRecord): { key: string; known: Known | undefined } {
    for (let attempt = 0; ; attempt++) {
      const derived = attempt > 0 ? deriveKey(record.event) : '';
      const key = attempt === 0 ? record.key : attempt === 1 ? derived : `${derived}-${attempt}`;
      const row = this.#findKey.get(hash53(key), key) as RecordRow | undefined;
      if (!row) return { key, known: undefined };
      if (deriveKey(readRecord(row, this.#names)) === deriveKey(record.event)) return { key, known: row };
    }
  }

  #insert(record: PreparedRecord, key: string, id: number): void {
    const { event, time } = record;
    const eventId = fieldText(event, 'event_id');
    const name = (field: EventField): number => this.#names.add(fieldText(event, field));
    this.#insertEvent.run(
      id,
      time,
      name('source'),
      name('success'),
      name('action'),
      name('method'),
      name('user_email'),
      name('user_id'),
      name('user_agent'),
      key === record.key ? record.keyHash : hash53(key),
      eventId,
      fieldText(event, 'request_id'),
      fieldText(event, 'uri'),
      key === eventId ? null : key,
      record.timestamp,
      record.resource,
      record.shape,
    );
    this.#insertBodies.run(id, fieldText(event, 'request_body'), fieldText(event, 'response_body'));
    for (const resource of record.resources) this.#insertLink.run(resource, time, id);
    for (const field of record.extras) {
      if (this.#fields.has(field)) continue;
      this.#addField.run(field);
      this.#fields.add(field);
    }
  }

  /** Makes room for a stored event to be stored again further down. */
  #remove(id: number, record: PreparedRecord): void {
    this.#database.prepare('DELETE FROM events WHERE id = ?').run(id);
    this.#database.prepare('DELETE FROM bodies WHERE id = ?').run(id);
    const removeLink = this.#database.prepare('DELETE FROM links WHERE resource = ? AND time = ? AND event = ?');
    for (const resource of record.resources) removeLink.run(resource, record.time, id);
  }

  #addCoverage(stream: string, complete: Range): void {
    const ranges = union([...readCoverage(this.#database, stream), complete]);
    writeCoverage(this.#database, stream, ranges);
  }
}
