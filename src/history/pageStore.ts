import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { deriveKey, eventKey } from '../core/decode';
import type { ActivityEvent } from '../core/event';
import type { Range } from '../core/range';
import { union } from '../core/ranges';
import { recordsOf, type Batch, type PreparedRecord } from './batch';
import type { Chunks } from './chunks';
import { readCoverage, writeCoverage } from './coverage';
import { EventWriter, type NewEvent } from './eventWriter';
import type { Kind, Kinds } from './kinds';
import type { Lookups } from './lookups';
import type { Parts } from './parts';
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
  readonly #chunks: Chunks;
  readonly #kinds: Kinds;
  readonly #lookups: Lookups;
  readonly #writer: EventWriter;
  readonly #addField: StatementSync;
  readonly #fields = new Set<string>();
  /** The last event of each chain of pages, to keep the server's order within a second that two of them share. */
  readonly #last = new Map<number, Known>();

  constructor({ database, chunks, kinds, lookups }: Parts) {
    this.#database = database;
    this.#chunks = chunks;
    this.#kinds = kinds;
    this.#lookups = lookups;
    this.#writer = new EventWriter(database, chunks, lookups);
    this.#addField = database.prepare('INSERT OR IGNORE INTO fields VALUES (?)');
  }

  /** Returns how many events were new. */
  store(batch: Batch, stream: string, complete: Range | undefined, chain: number | undefined): number {
    try {
      return inTransaction(this.#database, () => {
        const added = this.#storeRecords(recordsOf(batch), chain);
        this.#addFields(batch.fields);
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
    this.#writer.forget();
    this.#chunks.forget();
    this.#kinds.forget();
    this.#fields.clear();
    this.#last.clear();
  }

  #storeRecords(records: readonly PreparedRecord[], chain: number | undefined): number {
    const first = this.#chunks.next();
    const stored = this.#findStored(records);
    const events: NewEvent[] = [];
    const tallies = new Tallies();
    let last = chain === undefined ? undefined : this.#last.get(chain);
    let added = 0;
    const kinds = new Map<Kind, number>();
    const write = (record: PreparedRecord, renamed?: string): Known => {
      let kind = kinds.get(record.kind);
      if (kind === undefined) kinds.set(record.kind, (kind = this.#kinds.add(record.kind)));
      events.push({ ...record, kind, renamed });
      return { id: first + events.length - 1, time: record.time };
    };
    for (const record of records) {
      const rivals = stored.get(record.key);
      let known = rivals?.find(({ id }) =>
        isSame(events[id - first]?.json ?? this.#chunks.of(id).json(id), record.json),
      );
      if (known && last?.time === known.time && known.id < last.id) {
        // It was stored on an earlier visit to this second, but the server has it after one that is new.
        const moved = events[known.id - first];
        if (moved) moved.moved = true;
        const place = rivals?.indexOf(known) ?? 0;
        known = write(record, moved ? moved.renamed : this.#remove(known.id));
        rivals?.splice(place, 1, known); // where it was, it is no more
      } else if (!known) {
        known = write(record, rivals ? deriveKey(read(record.json)) : undefined);
        tallies.add(record.time, record.kind.source, record.kind.success === 'no');
        added++;
        if (rivals) rivals.push(known);
        else stored.set(record.key, [known]);
      }
      last = known;
    }
    this.#writer.write(first, events);
    if (last && chain !== undefined) this.#remember(chain, last);
    tallies.write(this.#database);
    return added;
  }

  /** The stored events that have the key of one of `records`, by that: those of the same times, and all undated ones. */
  #findStored(records: readonly PreparedRecord[]): Map<string, Known[]> {
    const stored = new Map<string, Known[]>();
    const keys = new Set(records.map((record) => record.key));
    const times = [...new Set(records.map((record) => record.time))];
    const dated = times.filter((time) => time !== noTime);
    const touches = this.#database
      .prepare('SELECT 1 FROM events WHERE time >= ? AND time <= ? LIMIT 1')
      .get(Math.min(...dated), Math.max(...dated));
    const rows = touches
      ? this.#database
          .prepare(
            `SELECT id, time FROM events INDEXED BY events_order WHERE time IN (SELECT value FROM json_each(?))
             ORDER BY id`,
          )
          .all(JSON.stringify(dated))
      : [];
    for (const row of rows) {
      const known = { id: Number(row['id']), time: Number(row['time']) };
      const key = eventKey(this.#chunks.record(known.id));
      if (keys.has(key)) add(key, known);
    }
    if (dated.length === times.length) return stored;
    const isThere = this.#database.prepare(`SELECT 1 FROM events WHERE id = ? AND time = ${noTime}`);
    for (const key of new Set(records.filter(({ time }) => time === noTime).map((record) => record.key))) {
      for (const id of this.#lookups.find('key', key)) if (isThere.get(id)) add(key, { id, time: noTime });
    }
    return stored;

    function add(key: string, known: Known): void {
      const others = stored.get(key);
      if (others) others.push(known);
      else stored.set(key, [known]);
    }
  }

  /** Makes room for a stored event to be stored again further down; returns its key where that is not its own. */
  #remove(id: number): string | undefined {
    this.#database.prepare('DELETE FROM events WHERE id = ?').run(id);
    return this.#database.prepare('DELETE FROM renamed WHERE id = ? RETURNING key').get(id)?.['key'] as
      string | undefined;
  }

  #remember(chain: number, last: Known): void {
    this.#last.delete(chain);
    this.#last.set(chain, last);
    const [oldest] = this.#last.keys();
    if (oldest !== undefined && this.#last.size > maxChains) this.#last.delete(oldest);
  }

  #addFields(fields: readonly string[]): void {
    for (const field of fields) {
      if (this.#fields.has(field)) continue;
      this.#addField.run(field);
      this.#fields.add(field);
    }
  }

  #addCoverage(stream: string, complete: Range): void {
    writeCoverage(this.#database, stream, union([...readCoverage(this.#database, stream), complete]));
  }
}

/** The same record, though perhaps with its fields in another order. */
function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0 || deriveKey(read(left)) === deriveKey(read(right));
}

function read(json: Uint8Array): ActivityEvent {
  return JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString()) as ActivityEvent;
}

/**
 * Gives all but the first of `events` that have the same key another one, derived from their content: the API gave one id
 * to different records. To be called within a transaction.
 */
export function separateKeys(database: DatabaseSync, chunks: Chunks, events: readonly number[]): void {
  const find = database.prepare('SELECT r.key FROM events e LEFT JOIN renamed r ON r.id = e.id WHERE e.id = ?');
  const rename = database.prepare('INSERT OR REPLACE INTO renamed VALUES (?, ?)');
  const taken = new Set<string>();
  for (const id of events.toSorted((a, b) => a - b)) {
    const row = find.get(id);
    if (!row) continue;
    const record = chunks.record(id);
    let key = (row['key'] as string | null) ?? eventKey(record);
    if (taken.has(key)) {
      key = deriveKey(record);
      rename.run(id, key);
    }
    taken.add(key);
  }
}
