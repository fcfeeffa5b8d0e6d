import type { DatabaseSync } from 'node:sqlite';
import { bucketLength } from './schema';

/** What a transaction changes in the table `tallies`: events per quarter of an hour, component and `success`. */
export class Tallies {
  readonly #changes = new Map<string, { bucket: number; source: number; success: number; events: number }>();

  #subtracts = false;

  /** `source` and `success` are ids of `names`. */
  add(time: number, source: number, success: number, events = 1): void {
    if (events < 0) this.#subtracts = true;
    const bucket = Math.floor(time / bucketLength);
    const key = `${bucket} ${source} ${success}`;
    const change = this.#changes.get(key);
    if (change) change.events += events;
    else this.#changes.set(key, { bucket, source, success, events });
  }

  write(database: DatabaseSync): void {
    const statement = database.prepare(
      'INSERT INTO tallies VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET events = events + excluded.events',
    );
    for (const { bucket, source, success, events } of this.#changes.values()) {
      statement.run(bucket, source, success, events);
    }
    if (this.#subtracts) database.exec('DELETE FROM tallies WHERE events <= 0');
  }
}
