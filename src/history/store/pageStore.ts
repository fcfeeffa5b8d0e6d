import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { deriveKey, eventKey } from '../../core/event/decode';
import type { Range } from '../../core/time/range';
import { recordsOf, type Batch, type PreparedRecord } from './batch';
import type { Chunks } from './chunks';
import { addCoverage } from '../db/coverage';
import { EventWriter, type NewEvent } from './eventWriter';
import type { Kind, Kinds } from './kinds';
import type { Lookups, Renamed } from './lookups';
import type { Tables } from './tables';
import { contentOf, Rivals, type Known } from './rivals';
import { inTransaction, noTime } from '../db/schema';
import { Rollups } from './rollups';

/** More chains than ever run at once. */
const maxChains = 64;

/** So many events of a page's times, or so many times those of the page, are read: for few that is quicker than to look keys up. */
const maxRead = 500;
const maxReadTimes = 4;

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

  constructor({ database, chunks, kinds, lookups }: Tables) {
    this.#database = database;
    this.#chunks = chunks;
    this.#kinds = kinds;
    this.#lookups = lookups;
    this.#writer = new EventWriter(database, chunks, lookups);
    this.#addField = database.prepare('INSERT OR IGNORE INTO fields VALUES (?)');
  }

  /** `requester` is the key of who asked for the page. Returns how many events were new. */
  store(
    batch: Batch,
    stream: string,
    requester: string,
    complete: Range | undefined,
    chain: number | undefined,
  ): number {
    try {
      return inTransaction(this.#database, () => {
        const added = this.#storeRecords(recordsOf(batch), chain);
        this.#addFields(batch.fields);
        if (complete) addCoverage(this.#database, stream, requester, complete);
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
    const events: NewEvent[] = [];
    const byKey = new Map<string, Rivals>();
    const jsonOf = (id: number): Uint8Array => events[id - first]?.json ?? this.#chunks.of(id).json(id);
    const rivalsOf = (key: string): Rivals => {
      let rivals = byKey.get(key);
      if (!rivals) byKey.set(key, (rivals = new Rivals(jsonOf)));
      return rivals;
    };
    this.#addStored(records, rivalsOf);
    const rollups = new Rollups();
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
      const rivals = rivalsOf(record.key);
      let known = rivals.find(record.json);
      if (known && last?.time === known.time && known.id < last.id) {
        // It was stored on an earlier visit to this second, but the server has it after one that is new.
        const moved = events[known.id - first];
        if (moved) moved.moved = true;
        // Where it was, it is no more.
        known.id = write(record, moved ? moved.renamed : this.#remove(known.id)).id;
      } else if (!known) {
        known = write(record, rivals.isEmpty ? undefined : contentOf(record.json));
        rollups.add(record.time, record.kind.source, record.kind.success === 'no');
        added++;
        rivals.add(known);
      }
      last = known;
    }
    this.#writer.write(first, events);
    if (last && chain !== undefined) this.#remember(chain, last);
    rollups.write(this.#database);
    return added;
  }

  /** Adds the stored events that have the key of one of `records`: those of the same times, and all undated ones. */
  #addStored(records: readonly PreparedRecord[], rivalsOf: (key: string) => Rivals): void {
    const keys = new Set(records.map((record) => record.key));
    for (const { id, time } of this.#candidates(records)) {
      const key = eventKey(this.#chunks.record(id));
      if (keys.has(key)) rivalsOf(key).add({ id, time });
    }
  }

  /** All stored events that may be one of `records` again, and few others. */
  #candidates(records: readonly PreparedRecord[]): Known[] {
    const times = [...new Set(records.map((record) => record.time))];
    const dated = times.filter((time) => time !== noTime);
    const touches = this.#database
      .prepare('SELECT 1 FROM events WHERE time >= ? AND time <= ? LIMIT 1')
      .get(Math.min(...dated), Math.max(...dated));
    const isFew = !touches || this.#isFew(dated, Math.max(maxRead, maxReadTimes * records.length));
    const byTime = touches && isFew ? this.#selectByTime(dated) : [];
    const toFind = isFew ? records.filter(({ time }) => time === noTime) : records;
    return toFind.length === 0 ? byTime : [...byTime, ...this.#selectByKey(toFind)];
  }

  #isFew(times: readonly number[], most: number): boolean {
    const sql = `SELECT count(*) AS events FROM (SELECT 1 FROM events INDEXED BY events_order
      WHERE time IN (SELECT value FROM json_each(?)) LIMIT ?)`;
    return Number(this.#database.prepare(sql).get(JSON.stringify(times), most + 1)?.['events']) <= most;
  }

  #selectByTime(times: readonly number[]): Known[] {
    const sql = `SELECT id, time FROM events INDEXED BY events_order WHERE time IN (SELECT value FROM json_each(?))
      ORDER BY id`;
    return this.#database.prepare(sql).all(JSON.stringify(times)) as unknown as Known[];
  }

  #selectByKey(records: readonly PreparedRecord[]): Known[] {
    const texts = new Set(records.flatMap(({ json, key }) => [key, contentOf(json)]));
    const sql = `SELECT e.id, e.time FROM json_each(?) j CROSS JOIN events e ON e.id = j.value
      WHERE e.time IN (SELECT value FROM json_each(?)) ORDER BY e.id`;
    const ids = JSON.stringify([...new Set(this.#lookups.find('key', ...texts))]);
    const times = JSON.stringify([...new Set(records.map(({ time }) => time))]);
    return this.#database.prepare(sql).all(ids, times) as unknown as Known[];
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
}

/**
 * Gives all but the first of `events` that have the same key another one, derived from their content: the API gave one id
 * to different records. To be called within a transaction. Returns what it gave.
 */
export function separateKeys(database: DatabaseSync, chunks: Chunks, events: readonly number[]): Renamed[] {
  const find = database.prepare('SELECT r.key FROM events e LEFT JOIN renamed r ON r.id = e.id WHERE e.id = ?');
  const rename = database.prepare('INSERT OR REPLACE INTO renamed VALUES (?, ?)');
  const taken = new Set<string>();
  const renamed: Renamed[] = [];
  for (const id of events.toSorted((a, b) => a - b)) {
    const row = find.get(id);
    if (!row) continue;
    let key = row['key'] as string | null;
    if (key === null) {
      const record = chunks.record(id);
      key = eventKey(record);
      if (taken.has(key)) {
        const own = key;
        key = deriveKey(record);
        rename.run(id, key);
        renamed.push({ event: id, from: own, to: key });
      }
    }
    taken.add(key);
  }
  return renamed;
}
