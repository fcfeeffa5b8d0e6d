import type { DatabaseSync } from 'node:sqlite';
import { bucketLength } from '../db/schema';

/** What a transaction changes in the table `rollups`: events per quarter of an hour, component and outcome. */
export class Rollups {
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
    const rows = [...this.#changes.values()].map(({ bucket, source, failed, events }) => [
      bucket,
      source,
      failed,
      events,
    ]);
    // One statement for all: there may be hundreds.
    database
      .prepare(
        `INSERT INTO rollups SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
         ON CONFLICT DO UPDATE SET events = events + excluded.events`,
      )
      .run(JSON.stringify(rows));
    if (this.#subtracts) database.exec('DELETE FROM rollups WHERE events <= 0');
  }
}
