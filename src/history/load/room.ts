/**
 * Lets one large page in at a time, from its download until it is stored: several would take more memory than an editor
 * has to give.
 */
export class Room {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Waits until the room is free; what is returned frees it again.
   * @throws the reason of `signal`
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.#last;
    let leave = (): void => undefined;
    const stay = new Promise<void>((resolve) => (leave = resolve));
    this.#last = before.then(() => stay);
    let stop = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop);
    });
    try {
      signal.throwIfAborted();
      await Promise.race([before, aborted]);
      return leave;
    } catch (error) {
      leave();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
