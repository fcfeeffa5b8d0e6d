import { setImmediate as nextTurn } from 'node:timers/promises';

/** Does work on pages one by one, and lets questions that came meanwhile be answered before the next. */
export class PageQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(() => nextTurn()).then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
