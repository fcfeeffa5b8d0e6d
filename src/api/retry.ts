import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError } from '../core/base/errors';
import { isTransient } from './explainError';

/** How long a request is worth trying. */
export interface RetryPolicy {
  /** Attempts altogether, the first included. */
  readonly attempts: number;
  /** No further attempt begins later than this after the first. */
  readonly totalMs: number;
  /** The wait after attempt n is random, below the smaller of `capMs` and `baseMs` * 2^(n-1). */
  readonly baseMs: number;
  readonly capMs: number;
  /** A longer `Retry-After` is shortened to this. */
  readonly maxRetryAfterMs: number;
}

export const defaultPolicy: RetryPolicy = {
  attempts: 5,
  totalMs: 90_000,
  baseMs: 500,
  capMs: 15_000,
  maxRetryAfterMs: 60_000,
};

/** A time of silence that all requests to one server keep together when it asks for fewer. */
export class Pause {
  #until = 0;

  extend(ms: number): void {
    this.#until = Math.max(this.#until, performance.now() + ms);
  }

  async wait(signal: AbortSignal): Promise<void> {
    for (let left; (left = this.#until - performance.now()) > 0;) await sleep(left, undefined, { signal });
  }
}

/**
 * Calls `attempt` until it succeeds, fails in a way that time does not heal, or the policy is used up.
 * @throws the last attempt's error; an AbortError when `signal` is aborted
 */
export async function retry<T>(
  attempt: (number: number) => Promise<T>,
  policy: RetryPolicy,
  pause: Pause,
  signal: AbortSignal,
): Promise<T> {
  const start = performance.now();
  for (let number = 1; ; number++) {
    await pause.wait(signal);
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof RequestError) || !isTransient(error) || number >= policy.attempts) throw error;
      const ms = delayAfter(error, number, policy);
      if (performance.now() - start + ms > policy.totalMs) throw error;
      if (error.failure === 'rateLimited' || error.details.retryAfterMs !== undefined) pause.extend(ms);
      else await sleep(ms, undefined, { signal });
    }
  }
}

function delayAfter({ details }: RequestError, number: number, policy: RetryPolicy): number {
  const jitter = Math.random() * Math.min(policy.capMs, policy.baseMs * 2 ** (number - 1));
  if (details.retryAfterMs === undefined) return jitter;
  return Math.min(details.retryAfterMs, policy.maxRetryAfterMs) + Math.random() * policy.baseMs;
}
