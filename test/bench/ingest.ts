import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Loader, type LoadProgress } from '../../src/history/load/loader';
import { openHistory } from '../../src/history/openHistory';
import { PageThread } from '../../src/app/pageThread';
import { watchMemory } from './memory';
import { pageWorkerPath, workerPath } from './queries';
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
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Loads everything: source, loader, history. */
export async function ingest({ endpoint, token, month }: StandIn, file: string): Promise<Ingest> {
  const { history, receivePages } = await openHistory({ workerPath, file });
  const thread = new PageThread(pageWorkerPath);
  const source = await thread.open({ endpoint, token: () => token }, receivePages);
  const roundTripStart = performance.now();
  const { ticket } = await source.read({ component: undefined, ...month, marker: undefined, limit: 1000 }, signal);
  const roundTrip = performance.now() - roundTripStart;
  await history.dropPage(ticket);

  const options = { source, history, components: [], pageSize: 1000, concurrency: 4, now: Date.now, log: silent };
  const loader = new Loader({ ...options, waitForToken: () => Promise.reject(new Error('The token was refused')) });
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
  const { gaps } = await loader.load(month, onProgress, signal);
  const seconds = (performance.now() - start) / 1000;
  delay.disable();
  const { before, most } = memory.end();
  source.dispose();
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
