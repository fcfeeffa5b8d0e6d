import { DatabaseSync } from 'node:sqlite';
import { assemble, type AllParts } from './assemble';
import { Scan, type Row, type ScanQuery, type Window } from './query/scan';
import type { WindowFinder } from './query/secondThread';

/** Looks through a history that another thread has open. Only reads. */
export class LocalWindowFinder implements WindowFinder {
  readonly #database: DatabaseSync;
  readonly #parts: AllParts;
  #version: unknown;
  #last: { readonly name: string; readonly scan: Scan } | undefined;

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { readOnly: true });
    this.#database.exec('PRAGMA busy_timeout = 1000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096');
    this.#parts = assemble(this.#database);
  }

  find(query: ScanQuery, window: Window): Row[] {
    const version = this.#database.prepare('PRAGMA data_version').get()?.['data_version'];
    if (version !== this.#version) {
      this.#parts.store.forget();
      this.#last = undefined;
      this.#version = version;
    }
    const name = JSON.stringify(query);
    if (this.#last?.name !== name) this.#last = { name, scan: new Scan(query, this.#parts) };
    return this.#last.scan.rowsOf(window);
  }
}
