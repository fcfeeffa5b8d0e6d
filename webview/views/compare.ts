import { script } from 'inline:../model/differenceWorker.ts';
import { toCompared } from '../../src/core/diff/changedValues';
import { race } from '../../src/core/base/race';
import type { Comparison } from '../../src/protocol/panel';
import { isText } from '../parts/changesSummary';
import { findDifference, type Difference, type DifferenceSpec, type PreparedDifference } from '../model/difference';
import { prepareText } from '../editor/prepareText';

/** Texts shorter than this together (UTF-16 units) are compared at once: that takes less than to start a worker. */
const soon = 200_000;

/** What the bodies of a comparison differ in; undefined where there are no two texts to compare. */
export async function compare(
  { left, right, masked }: Comparison,
  match: boolean,
  signal: AbortSignal,
): Promise<PreparedDifference | undefined> {
  if (!left || left.kind === 'tooLarge' || right.kind === 'tooLarge') return undefined;
  if (!isText(left.kind) && !isText(right.kind)) return undefined;
  const spec: DifferenceSpec = {
    left: toCompared(left, masked.left),
    right: toCompared(right, masked.right),
    json: left.kind === 'json' && right.kind === 'json',
    match,
  };
  const isShort = left.text.length + right.text.length < soon;
  const elsewhere = isShort ? undefined : findElsewhere(spec, signal);
  // While the worker searches, this thread makes the editors' documents.
  await elsewhere?.begun;
  const prepared = { left: prepareText(left.text, spec.json), right: prepareText(right.text, spec.json) };
  const difference = await (elsewhere?.found ?? findDifference(spec));
  if (difference.left !== left.text) prepared.left = prepareText(difference.left, spec.json);
  return { ...difference, prepared };
}

/** In a worker, so that the page stays alive and the work can be given up. `begun`: it needs nothing of this thread any more. */
function findElsewhere(
  spec: DifferenceSpec,
  signal: AbortSignal,
): { begun: Promise<void>; found: Promise<Difference> } {
  signal.throwIfAborted();
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(address);
  let onBegin: () => void;
  const begun = new Promise<void>((resolve) => (onBegin = resolve));
  const answer = new Promise<Difference>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Difference | undefined>) => (data ? resolve(data) : onBegin());
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(spec);
  });
  const found = race(answer, signal).finally(() => {
    worker.terminate();
    URL.revokeObjectURL(address);
  });
  return { begun: Promise.race([begun, found.then(() => undefined)]), found };
}
