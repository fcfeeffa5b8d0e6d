import type { DatabaseSync } from 'node:sqlite';
import { bucketLength } from './schema';

/** What a transaction changes in the table `tallies`: events per quarter of an hour, component and outcome. */
export class Tallies {
  readonly #changes = new Map<string, { bucket: number; source: string; failed: number; events: number }>();
  #subtracts = false;

  add(time: number, source: string, failed: boolean, events = 1): void {
    if (events < 0) this.#subtracts = true;
    const bucket = Math.floor(time / bucketLength);
    const key = `${bucket} ${failed ? 1 : 0} ${source}`;
    const change = this.#changes.get(key);
    if (change) change.events += events;
    else this.#changes.set(key, { bucket, source, failed: failed ? 1 : 0, events });
  }

  write(database: DatabaseSync): void {
    const statement = database.prepare(
      'INSERT INTO tallies VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET events = events + excluded.events',
    );
    for (const { bucket, source, failed, events } of this.#changes.values()) {
      statement.run(bucket, source, failed, events);
    }
    if (this.#subtracts) database.exec('DELETE FROM tallies WHERE events <= 0');
  }
}
