import type { Attempt } from '../api';
import type { LoadProgress } from '../history/load/loader';
import type { Remote } from '../protocol/rpc';
import type { LoadCalls } from './loadThread';

/** The main thread as one load sees it: it is asked once for a token, and told once of each page. */
export class MainThread {
  readonly #calls: Remote<LoadCalls>;
  #token: Promise<string | undefined> | undefined;
  /** Those that nobody was told of yet. */
  #attempts: Attempt[] = [];

  constructor(calls: Remote<LoadCalls>) {
    this.#calls = calls;
  }

  /** The token that was lent, for as long as it is the one to use. */
  token(): Promise<string | undefined> {
    if (!this.#token) this.report();
    return (this.#token ??= this.#calls.token());
  }

  /** There is another token, or none. */
  forgetToken(): void {
    this.#token = undefined;
  }

  async waitForToken(signal: AbortSignal): Promise<void> {
    await this.#calls.waitForToken(signal);
    this.forgetToken();
  }

  /** Takes note of an attempt; of one that failed it tells at once. */
  attempted(attempt: Attempt): void {
    this.#attempts.push(attempt);
    if (attempt.failure !== undefined) this.report();
  }

  /** Tells what there is to tell; needs no answer. */
  report(progress?: LoadProgress): void {
    const attempts = this.#attempts.splice(0);
    if (progress || attempts.length > 0) this.#calls.reported({ attempts, progress }).catch(() => undefined);
  }
}
