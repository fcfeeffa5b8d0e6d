import { setTimeout as sleep } from 'node:timers/promises';
import type { StandIn } from '../server/startServer';

/** Asks again and again until `check` gives something; says what was missing when time is over. */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T> | T,
  timeout = 90_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not there after ${String(timeout / 1000)} s`);
    await sleep(50);
  }
}

/** Waits until the server has not been asked for so many milliseconds, whatever is on its way now. */
export async function silence({ requests }: StandIn, ms: number): Promise<void> {
  const start = Date.now();
  const quiet = (): boolean => Date.now() - Math.max(start, requests.at(-1)?.at ?? 0) > ms;
  await waitUntil(`a silence of ${ms} ms`, quiet);
}
