import type { DatabaseSync } from 'node:sqlite';
import { eventKey } from '../core/decode';
import { fieldText } from '../core/event';
import { resourceOf } from '../core/resources';
import { BulkInsert } from './bulkInsert';
import type { Chunks, StoredRecord } from './chunks';
import { EntryList, maxOrdinal } from './entries';
import { hashOf } from './hash';
import type { Lookups } from './lookups';

/** An event on its way into the tables. */
export interface NewEvent extends StoredRecord {
  readonly time: number;
  readonly kind: number;
  /** Its identity in this history: its own id, unless another event has that one. */
  readonly key: string;
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
    const entries = new EntryList();
    for (const [ordinal, { event, key, kind, moved, time }] of events.entries()) {
      if (moved) continue;
      const id = first + ordinal;
      const ownKey = eventKey(event);
      this.#events.add(id, time, kind);
      entries.add(hashOf('key', ownKey), ordinal);
      const eventId = fieldText(event, 'event_id');
      if (eventId !== '' && eventId !== ownKey) entries.add(hashOf('key', eventId), ordinal); // an id that is no text
      if (key !== ownKey) this.#renamed.add(id, key);
      const request = fieldText(event, 'request_id');
      if (request !== '') entries.add(hashOf('request', request), ordinal);
      for (const resource of resourceOf(event).all) entries.add(hashOf('resource', resource), ordinal);
    }
    this.#events.flush();
    this.#renamed.flush();
    this.#lookups.append(first, first + events.length - 1, entries);
  }
}
