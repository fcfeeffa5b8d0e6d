import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { deriveKey } from '../core/decode';
import { fieldText } from '../core/event';
import type { Range } from '../core/range';
import { union } from '../core/ranges';
import { resourceOf } from '../core/resources';
import { BulkInsert } from './bulkInsert';
import { readCoverage, writeCoverage } from './coverage';
import type { Kinds } from './kinds';
import { hashOfKey, hashOfResource, type Lookups } from './lookups';
import type { PreparedRecord } from './preparePage';
import { readRecord, recordColumns, type RecordRow } from './rows';
import { inTransaction, noTime } from './schema';
import { Tallies } from './tallies';

/** More chains than ever run at once. */
const maxChains = 64;

/** A stored event. */
interface Known {
  readonly id: number;
  readonly time: number;
}

/** Writes pages: each is one transaction together with its coverage. */
export class PageStore {
  readonly #database: DatabaseSync;
  readonly #kinds: Kinds;
  readonly #lookups: Lookups;
  readonly #events: BulkInsert;
  readonly #bodies: BulkInsert;
  readonly #addField: StatementSync;
  readonly #findRecord: StatementSync;
  readonly #fields = new Set<string>();
  /** The last event of each chain of pages, to keep the server's order within a second that two of them share. */
  readonly #last = new Map<number, Known>();

  constructor(database: DatabaseSync, kinds: Kinds, lookups: Lookups) {
    this.#database = database;
    this.#kinds = kinds;
    this.#lookups = lookups;
    this.#events = new BulkInsert(database, 'events', [
      'id',
      'time',
      'kind',
      'event_id',
      'request_id',
      'uri',
      'key',
      'timestamp',
      'resource',
      'shape',
    ]);
    this.#bodies = new BulkInsert(database, 'bodies', ['id', 'request_body', 'response_body']);
    this.#addField = database.prepare('INSERT OR IGNORE INTO fields VALUES (?)');
    this.#findRecord = database.prepare(
      `SELECT ${recordColumns} FROM events e JOIN bodies b ON b.id = e.id WHERE e.id = ?`,
    );
  }

  /** Returns how many events were new. */
  store(records: readonly PreparedRecord[], stream: string, complete: Range | undefined, chain?: number): number {
    try {
      return inTransaction(this.#database, () => {
        const added = this.#storeRecords(records, chain);
        if (complete) this.#addCoverage(stream, complete);
        return added;
      });
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Drops what is remembered of the database: it was changed by others, or a change was taken back. */
  forget(): void {
    this.#events.drop();
    this.#bodies.drop();
    this.#kinds.forget();
    this.#fields.clear();
    this.#last.clear();
  }

  #storeRecords(records: readonly PreparedRecord[], chain: number | undefined): number {
    let id = Number(this.#database.prepare('SELECT max(id) AS id FROM events').get()?.['id'] ?? 0);
    const stored = this.#findStored(records);
    const tallies = new Tallies();
    const entries: number[] = [];
    let last = chain === undefined ? undefined : this.#last.get(chain);
    let added = 0;
    for (const record of records) {
      const rivals = stored.get(identityOf(record));
      let known = rivals?.find((rival) => this.#isSame(rival.id, record));
      if (known && last?.time === known.time && known.id < last.id) {
        // It was stored on an earlier visit to this second, but the server has it after one that is new.
        const key = this.#remove(known.id);
        known = { id: ++id, time: record.time };
        this.#insert(record, key, id, entries);
        rivals?.push(known);
      } else if (!known) {
        known = { id: ++id, time: record.time };
        this.#insert(record, rivals ? deriveKey(record.event) : record.key, id, entries);
        tallies.add(record.time, fieldText(record.event, 'source'), fieldText(record.event, 'success') === 'no');
        added++;
        if (rivals) rivals.push(known);
        else stored.set(identityOf(record), [known]);
      }
      last = known;
    }
    this.#flush();
    if (last && chain !== undefined) this.#remember(chain, last);
    tallies.write(this.#database);
    this.#lookups.append(entries);
    return added;
  }

  /** The stored events that have an id in common with `records`, by that: those of the same times, and all undated ones. */
  #findStored(records: readonly PreparedRecord[]): Map<string, Known[]> {
    const stored = new Map<string, Known[]>();
    const times = [...new Set(records.map((record) => record.time))];
    const dated = times.filter((time) => time !== noTime);
    const touches = this.#database
      .prepare('SELECT 1 FROM events WHERE time >= ? AND time <= ? LIMIT 1')
      .get(Math.min(...dated), Math.max(...dated));
    const rows = touches
      ? this.#database
          .prepare(
            `SELECT id, time, CASE event_id WHEN '' THEN key ELSE event_id END AS identity
             FROM events INDEXED BY events_order WHERE time IN (SELECT value FROM json_each(?))`,
          )
          .all(JSON.stringify(dated))
      : [];
    for (const row of rows) add(String(row['identity']), { id: Number(row['id']), time: Number(row['time']) });
    if (dated.length === times.length) return stored;
    for (const record of records) {
      if (record.time !== noTime) continue;
      for (const id of this.#lookups.find(hashOfKey(record.key))) add(identityOf(record), { id, time: noTime });
    }
    return stored;

    function add(identity: string, known: Known): void {
      const others = stored.get(identity);
      if (others) others.push(known);
      else stored.set(identity, [known]);
    }
  }

  #isSame(id: number, record: PreparedRecord): boolean {
    this.#flush();
    const row = this.#findRecord.get(id) as RecordRow | undefined;
    return row !== undefined && deriveKey(readRecord(row, this.#kinds)) === deriveKey(record.event);
  }

  #insert(record: PreparedRecord, key: string, id: number, entries: number[]): void {
    const { event, time } = record;
    const eventId = fieldText(event, 'event_id');
    const { primary, all } = resourceOf(event);
    this.#events.add(
      id,
      time,
      this.#kinds.add(event),
      eventId,
      fieldText(event, 'request_id'),
      fieldText(event, 'uri'),
      key === eventId ? null : key,
      record.timestamp,
      primary ?? null,
      record.shape,
    );
    this.#bodies.add(id, fieldText(event, 'request_body'), fieldText(event, 'response_body'));
    entries.push(hashOfKey(key), time, id);
    for (const resource of all) entries.push(hashOfResource(resource), time, id);
    for (const field of record.extras) {
      if (this.#fields.has(field)) continue;
      this.#addField.run(field);
      this.#fields.add(field);
    }
  }

  /** Makes room for a stored event to be stored again further down; returns its key. What points to it leads nowhere. */
  #remove(id: number): string {
    this.#flush();
    this.#database.prepare('DELETE FROM bodies WHERE id = ?').run(id);
    const row = this.#database
      .prepare('DELETE FROM events WHERE id = ? RETURNING coalesce(key, event_id) AS key')
      .get(id);
    return String(row?.['key']);
  }

  #remember(chain: number, last: Known): void {
    this.#last.delete(chain);
    this.#last.set(chain, last);
    const [oldest] = this.#last.keys();
    if (oldest !== undefined && this.#last.size > maxChains) this.#last.delete(oldest);
  }

  #flush(): void {
    this.#events.flush();
    this.#bodies.flush();
  }

  #addCoverage(stream: string, complete: Range): void {
    writeCoverage(this.#database, stream, union([...readCoverage(this.#database, stream), complete]));
  }
}

/** What records must share to be the same. */
function identityOf(record: PreparedRecord): string {
  return fieldText(record.event, 'event_id') || record.key;
}

/**
 * Gives all but the first of `events` that have the same key another one, derived from their content: the API gave one id
 * to different records. To be called within a transaction.
 */
export function separateKeys(database: DatabaseSync, kinds: Kinds, events: readonly number[]): void {
  const find = database.prepare(`SELECT ${recordColumns} FROM events e JOIN bodies b ON b.id = e.id WHERE e.id = ?`);
  const taken = new Set<string>();
  for (const id of events.toSorted((a, b) => a - b)) {
    const row = find.get(id) as RecordRow | undefined;
    if (!row) continue;
    let key = row.key ?? row.event_id;
    if (taken.has(key)) {
      key = deriveKey(readRecord(row, kinds));
      database.prepare('UPDATE events SET key = ? WHERE id = ?').run(key, id);
      database.prepare('INSERT OR IGNORE INTO lookups VALUES (?, ?, ?)').run(hashOfKey(key), row.time, id);
    }
    taken.add(key);
  }
}
