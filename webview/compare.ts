import { script } from 'inline:./differenceWorker.ts';
import { toCompared } from '../src/core/changedValues';
import type { Comparison } from '../src/protocol/panel';
import { isText } from './changesSummary';
import { findDifference, type Difference, type DifferenceSpec } from './difference';

/** Texts shorter than this together (UTF-16 units) are compared at once: that takes less than to start a worker. */
const soon = 200_000;

/** What the bodies of a comparison differ in; undefined where there are no two texts to compare. */
export async function compare(
  { left, right, masked }: Comparison,
  match: boolean,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  if (!left || left.kind === 'tooLarge' || right.kind === 'tooLarge') return undefined;
  if (!isText(left.kind) && !isText(right.kind)) return undefined;
  const spec: DifferenceSpec = {
    left: toCompared(left, masked.left),
    right: toCompared(right, masked.right),
    json: left.kind === 'json' && right.kind === 'json',
    match,
  };
  if (left.text.length + right.text.length < soon) return findDifference(spec);
  return findElsewhere(spec, signal);
}

/** In a worker, so that the page stays alive and the work can be given up. */
function findElsewhere(spec: DifferenceSpec, signal: AbortSignal): Promise<Difference> {
  signal.throwIfAborted();
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(address);
  return new Promise<Difference>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Difference>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    worker.postMessage(spec);
  }).finally(() => {
    worker.terminate();
    URL.revokeObjectURL(address);
  });
}
