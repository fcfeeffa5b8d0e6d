import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work before the event loop gets its turn. */
const stretch = 8;

/** Keeps long work from blocking the thread it runs on. */
export class Pace {
  #since = performance.now();

  constructor(readonly signal: AbortSignal) {}

  /** Whether it is time to {@link rest}. */
  get due(): boolean {
    return performance.now() - this.#since > stretch;
  }

  /** Gives the event loop a turn. @throws the reason of the signal when it is aborted */
  async rest(): Promise<void> {
    await setImmediate();
    this.signal.throwIfAborted();
    this.#since = performance.now();
  }
}
