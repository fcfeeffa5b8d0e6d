import type { Outcome } from './event';

/**
 * The tries that one call took: failures directly before it, and, where it failed itself, those after it up to the first
 * that succeeded. Empty where it was not tried again.
 * @param calls the same call again and again, oldest first, `own` among them
 */
export function attemptsAround<T extends { readonly outcome: Outcome }>(calls: readonly T[], own: T): T[] {
  const at = calls.indexOf(own);
  const failed = (call: T | undefined): boolean => call?.outcome === 'failure';
  let first = at;
  while (failed(calls[first - 1])) first--;
  let last = at;
  while (failed(calls[last]) && last + 1 < calls.length) last++;
  return first === last ? [] : calls.slice(first, last + 1);
}
