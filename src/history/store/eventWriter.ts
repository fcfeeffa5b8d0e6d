import type { DatabaseSync } from 'node:sqlite';
import type { PreparedRecord } from './batch';
import { BulkInsert } from './bulkInsert';
import type { Chunks } from './chunks';
import { PostingList, maxOrdinal } from './postings';
import { renamedHashes } from './hash';
import type { Lookups } from './lookups';

/** A record on its way into the tables. */
export interface NewEvent extends Omit<PreparedRecord, 'kind'> {
  readonly kind: number;
  /** Its identity in this history where another event has its own. */
  readonly renamed?: string | undefined;
  /** It was stored again further down: nothing leads here. */
  moved?: boolean;
}

/** Writes events into the tables that hold them and lead to them. */
export class EventWriter {
  readonly #chunks: Chunks;
  readonly #lookups: Lookups;
  readonly #events: BulkInsert;
  readonly #renamed: BulkInsert;

  constructor(database: DatabaseSync, chunks: Chunks, lookups: Lookups) {
    this.#chunks = chunks;
    this.#lookups = lookups;
    this.#events = new BulkInsert(database, 'events', ['id', 'time', 'kind']);
    this.#renamed = new BulkInsert(database, 'renamed', ['id', 'key']);
  }

  /** Writes `events` with numbers from `first` on. Inside a transaction; after a rollback call {@link forget}. */
  write(first: number, events: readonly NewEvent[]): void {
    this.#chunks.add(first, events);
    for (let from = 0; from < events.length; from += maxOrdinal) {
      this.#writeSome(first + from, events.slice(from, from + maxOrdinal));
    }
  }

  forget(): void {
    this.#events.drop();
    this.#renamed.drop();
  }

  #writeSome(first: number, events: readonly NewEvent[]): void {
    const entries = new PostingList();
    for (const [ordinal, { hashes, key, kind, moved, renamed, time }] of events.entries()) {
      if (moved) continue;
      const id = first + ordinal;
      this.#events.add(id, time, kind);
      if (renamed === undefined) entries.add(hashes[0] ?? 0, ordinal);
      else {
        this.#renamed.add(id, renamed);
        for (const hash of renamedHashes(key, renamed)) entries.add(hash, ordinal);
      }
      for (let index = 1; index < hashes.length; index++) entries.add(hashes[index] ?? 0, ordinal);
    }
    this.#events.flush();
    this.#renamed.flush();
    this.#lookups.append(first, first + events.length - 1, entries);
  }
}
