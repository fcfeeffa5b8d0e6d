import { race } from './race';

/** Does one thing at a time, in the order in which they come; one that fails holds up none behind it. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** What `work` comes to, which begins when all that came before has ended. */
  run<T>(work: () => T | PromiseLike<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /**
   * Waits until all that came before has ended. What comes later begins when the function that is returned was called.
   * @throws the reason of `signal`, and nothing waits for this one any more
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    let leave = (): void => undefined;
    const stay = new Promise<void>((resolve) => (leave = resolve));
    const entered = new Promise<void>((resolve) => {
      void this.run(() => {
        resolve();
        return stay;
      });
    });
    try {
      await race(entered, signal);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }
}
