import type { Worker } from 'node:worker_threads';
import type { Disposable } from '../../core/base/lifecycle';
import { connect, type Connection } from '../../protocol/rpc';
import { portOf } from '../../protocol/workerPort';
import type { Row, ScanQuery, Window } from './scan';

/** Looks through windows of a history for another thread. */
export interface WindowFinder {
  find(query: ScanQuery, window: Window): Row[];
}

/** How long the thread waits for more work, in milliseconds. */
const idleMs = 15_000;

/** A thread that takes every other window off a long search, while there is one. */
export class SecondThread implements Disposable {
  #asked = 0;
  #worker: Worker | undefined;
  #connection: Connection<WindowFinder> | undefined;
  #isFree = false;
  #rest: NodeJS.Timeout | undefined;

  /** @param patience windows after which the thread is started: most searches end sooner */
  constructor(
    private readonly start: () => Worker,
    private readonly patience = 8,
  ) {}

  /** The rows of a window, or undefined where that failed; undefined at once while the thread has no time for it. */
  find(query: ScanQuery, window: Window): Promise<Row[] | undefined> | undefined {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.dispose(), idleMs).unref();
    if (++this.#asked === this.patience) this.#begin();
    const { remote } = this.#connection ?? {};
    if (!this.#isFree || !remote) return undefined;
    this.#isFree = false;
    return remote.find(query, window).then(
      (rows) => {
        this.#isFree = true;
        return rows;
      },
      () => {
        this.#end(); // the thread that is asked next says what is wrong
        return undefined;
      },
    );
  }

  /** Ends the thread; the next long search starts it again. */
  dispose(): void {
    clearTimeout(this.#rest);
    this.#end();
    this.#asked = 0;
  }

  #begin(): void {
    const worker = this.start();
    this.#worker = worker;
    this.#connection = connect<WindowFinder>(portOf(worker));
    worker.once('online', () => (this.#isFree = worker === this.#worker));
    worker.once('error', () => worker === this.#worker && this.#end());
  }

  #end(): void {
    this.#isFree = false;
    this.#connection?.dispose();
    void this.#worker?.terminate();
    this.#connection = this.#worker = undefined;
  }
}
