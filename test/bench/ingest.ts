import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createAuditSource } from '../../src/api';
import type { LoadProgress, LoadResult } from '../../src/history/load/loader';
import { openHistory } from '../../src/history/openHistory';
import { LoadThread, type LoadPorts } from '../../src/app/loadThread';
import type { Range } from '../../src/core/time/range';
import { watchMemory } from './memory';
import { loadWorkerPath, workerPath } from './queries';
import type { StandIn } from './startStandIn';

/** What a load the product's way cost, in a process that does nothing else. */
export interface Ingest {
  readonly events: number;
  readonly seconds: number;
  /** Milliseconds from the start to the first page stored, less that page's round trip. */
  readonly firstPage: number;
  /** The longest time that the main thread was not free, in milliseconds. */
  readonly maxDelay: number;
  /** The most resident memory of the process, its threads included, and what it was before the load, in MB. */
  readonly memory: number;
  readonly memoryBefore: number;
  /** Bytes on disk once closed. */
  readonly disk: number;
}

const signal = new AbortController().signal;

/** Loads everything: source, loader, history. */
export async function ingest({ endpoint, token, month }: StandIn, file: string): Promise<Ingest> {
  const { history, serveLoader } = await openHistory({ workerPath, file });
  const source = createAuditSource({ endpoint, token: () => token });
  const request = { component: undefined, ...month, marker: undefined, limit: 1000 };
  await source.page(request, signal); // the first one takes longer
  const roundTripStart = performance.now();
  await source.page(request, signal);
  const roundTrip = performance.now() - roundTripStart;
  source.dispose();

  const thread = new LoadThread(loadWorkerPath);
  const load = (range: Range, progressed: (progress: LoadProgress) => void): Promise<LoadResult> => {
    const task = { range, components: [], pageSize: 1000, concurrency: 4 };
    const ports: LoadPorts = {
      now: Date.now,
      token: () => token,
      onDidChangeToken: () => ({ dispose: () => undefined }),
      reported: ({ progress }) => progress && progressed(progress),
      waitForToken: () => Promise.reject(new Error('The token was refused')),
      log: () => undefined,
    };
    return thread.load({ kind: 'http', endpoint }, task, ports, serveLoader, signal);
  };
  // The thread is started before it is needed.
  await load({ from: month.to - 1_000, to: month.to }, () => undefined);
  const memory = watchMemory();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let first: number | undefined;
  const start = performance.now();
  let events = 0;
  const onProgress = ({ newEvents }: LoadProgress): void => {
    first ??= performance.now() - start;
    events = newEvents;
  };
  const { gaps } = await load(month, onProgress);
  const seconds = (performance.now() - start) / 1000;
  delay.disable();
  const { before, most } = memory.end();
  thread.dispose();
  if (gaps.length > 0) throw new Error(`The load left gaps: ${JSON.stringify(gaps)}`);
  await history.close();
  const again = await openHistory({ workerPath, file });
  const disk = await again.history.size();
  await again.history.close();
  return {
    events,
    seconds,
    firstPage: (first ?? 0) - roundTrip,
    maxDelay: delay.max / 1e6,
    memory: most,
    memoryBefore: before,
    disk,
  };
}
