import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until `check` gives something; says what was missing when time is over. */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T> | T,
  timeout = 15_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not there after ${String(timeout / 1000)} s`);
    await sleep(50);
  }
}
