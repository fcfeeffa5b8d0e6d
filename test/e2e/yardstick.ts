/**
 * Milliseconds that a fixed piece of work takes the thread on which this runs, at this moment, some 100 on a quiet machine: what a test compares times with
 * when it must tell a thread that is held up from a machine that is slow or busy. Complete in itself, to be evaluated elsewhere.
 */
export function yardstick(): number {
  const start = performance.now();
  const items = Array.from({ length: 20_000 }, (_, n) => ({ id: `id-${n}`, place: `rack ${n}`, tags: ['all', n % 7] }));
  for (let round = 0; round < 3; round++) JSON.parse(JSON.stringify(items, null, 2));
  return performance.now() - start;
}
