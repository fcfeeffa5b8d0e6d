import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hash53 } from './hash';
import { inTransaction } from './schema';

/** Hash, time and event of each entry, one after another. */
type Entries = number[];

const width = 3;

/** Entries merged in one transaction: few enough to keep others waiting for some milliseconds only. */
const mergedAtOnce = 8_000;

/** Hashes of keys are negative, hashes of resources are not, so that neither is taken for the other. */
export function hashOfKey(key: string): number {
  return -1 - hash53(key);
}

export const hashOfResource = hash53;

/**
 * Finds events by key and by resource. Entries of new events are appended to `unsorted` as they come and moved to
 * `lookups` in the order of that table, many at a time.
 */
export class Lookups {
  readonly #database: DatabaseSync;
  readonly #onSameKey: (events: readonly number[]) => void;
  #merging: Promise<void> | undefined;

  /** `onSameKey` is told, within a transaction, when events may share a key. */
  constructor(database: DatabaseSync, onSameKey: (events: readonly number[]) => void) {
    this.#database = database;
    this.#onSameKey = onSameKey;
  }

  /** Inside a transaction. */
  append(entries: Readonly<Entries>): void {
    if (entries.length === 0) return;
    const bytes = new Uint8Array(Float64Array.from(entries).buffer);
    this.#database.prepare('INSERT INTO unsorted (entries) VALUES (?)').run(bytes);
  }

  /** How many appended lots wait. */
  waiting(): number {
    return Number(this.#database.prepare('SELECT count(*) AS lots FROM unsorted').get()?.['lots']);
  }

  /** The events with this hash, waiting ones included. */
  find(hash: number): number[] {
    const rows = this.#database.prepare('SELECT event FROM lookups WHERE hash = ?').all(hash);
    const events = new Set(rows.map((row) => Number(row['event'])));
    for (const { entries } of this.#unsorted()) {
      for (let at = 0; at < entries.length; at += width) if (entries[at] === hash) events.add(entries[at + 2] ?? 0);
    }
    return [...events];
  }

  /** Merges all that waits, in steps that let others in between. */
  merge(): Promise<void> {
    this.#merging ??= this.#merge().finally(() => (this.#merging = undefined));
    return this.#merging;
  }

  async #merge(): Promise<void> {
    const lots = this.#unsorted();
    const last = lots.at(-1)?.id;
    if (last === undefined) return;
    const total = lots.reduce((sum, { entries }) => sum + entries.length / width, 0);
    const slices = Math.ceil(total / mergedAtOnce);
    const sliceOf = (hash: number): number => Math.floor((hash / 2 ** 54 + 0.5) * slices);
    for (let slice = 0; slice < slices; slice++) {
      const entries: [number, number, number][] = [];
      for (const { entries: all } of lots) {
        for (let at = 0; at < all.length; at += width) {
          const hash = all[at] ?? 0;
          if (sliceOf(hash) === slice) entries.push([hash, all[at + 1] ?? 0, all[at + 2] ?? 0]);
        }
      }
      entries.sort((a, b) => a[0] - b[0] || b[1] - a[1] || a[2] - b[2]);
      inTransaction(this.#database, () => this.#insert(entries));
      await nextTurn();
      if (!this.#database.isOpen) return;
    }
    // A merge that is cut short is begun again: inserting an entry twice does nothing.
    inTransaction(this.#database, () => this.#database.prepare('DELETE FROM unsorted WHERE id <= ?').run(last));
  }

  #insert(entries: readonly (readonly [number, number, number])[]): void {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO lookups VALUES (?, ?, ?)');
    const findOther = this.#database.prepare('SELECT event FROM lookups WHERE hash = ? AND event <> ? LIMIT 1');
    const findAll = this.#database.prepare('SELECT event FROM lookups WHERE hash = ?');
    for (const [hash, time, event] of entries) {
      insert.run(hash, time, event);
      if (hash >= 0 || !findOther.get(hash, event)) continue;
      this.#onSameKey(findAll.all(hash).map((row) => Number(row['event'])));
    }
  }

  #unsorted(): { id: number; entries: Float64Array }[] {
    return this.#database
      .prepare('SELECT id, entries FROM unsorted ORDER BY id')
      .all()
      .map((row) => {
        const bytes = row['entries'] as Uint8Array;
        return { id: Number(row['id']), entries: new Float64Array(bytes.slice().buffer) };
      });
  }
}
