import type { Disposable } from '../../core/base/lifecycle';
import { startWorker, type StartedWorker } from '../../protocol/startWorker';
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
  #running: StartedWorker<WindowFinder> | undefined;
  #isFree = false;
  #rest: NodeJS.Timeout | undefined;

  /**
   * @param file the history
   * @param patience windows after which the thread is started: most searches end sooner
   */
  constructor(
    private readonly workerPath: string,
    private readonly file: string,
    private readonly patience = 8,
  ) {}

  /** The rows of a window, or undefined where that failed; undefined at once while the thread has no time for it. */
  find(query: ScanQuery, window: Window): Promise<Row[] | undefined> | undefined {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.dispose(), idleMs).unref();
    if (++this.#asked === this.patience) this.#begin();
    const { remote } = this.#running ?? {};
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
    const running = startWorker<WindowFinder>(this.workerPath, {
      name: 'activity-log-search',
      workerData: { searched: this.file },
      resourceLimits: { maxYoungGenerationSizeMb: 6 },
      online: () => {
        if (this.#running === running) this.#isFree = true;
      },
      died: (cause) => {
        if (this.#running === running) this.#end();
        return new Error('The thread that searches has ended', { cause });
      },
    });
    this.#running = running;
  }

  #end(): void {
    this.#isFree = false;
    void this.#running?.dispose();
    this.#running = undefined;
  }
}
