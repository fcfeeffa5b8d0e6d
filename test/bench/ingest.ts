import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createAuditSource } from '../../src/api';
import type { EventSource } from '../../src/core/source';
import type { History } from '../../src/history/history';
import { Loader } from '../../src/history/loader';
import type { StandInProcess } from './startStandIn';

export interface Ingest {
  readonly seconds: number;
  /** Milliseconds from the start to the first page stored, less that page's round trip. */
  readonly firstPage: number;
  /** The longest time that this thread was not free, in milliseconds. */
  readonly maxDelay: number;
  /** The most memory of the whole process, worker included, in MB. */
  readonly memory: number;
  /** Bytes of JSON received. */
  readonly rawBytes: number;
  readonly events: number;
}

const signal = new AbortController().signal;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Loads everything the product's way: source, loader, history. */
export async function ingest(
  { endpoint, token }: StandInProcess,
  history: History,
  from: number,
  to: number,
): Promise<Ingest> {
  const audit = createAuditSource({ endpoint, token: () => token });
  const roundTripStart = performance.now();
  await audit.page(
    { component: undefined, from, to: Math.ceil(to / 1000) * 1000, marker: undefined, limit: 1000 },
    signal,
  );
  const roundTrip = performance.now() - roundTripStart;

  let rawBytes = 0;
  const source: EventSource = {
    async page(request, given) {
      const bytes = await audit.page(request, given);
      rawBytes += bytes.byteLength;
      return bytes;
    },
  };
  const options = { source, history, components: [], pageSize: 1000, concurrency: 4, now: () => to, log: silent };
  const loader = new Loader({ ...options, waitForToken: () => Promise.reject(new Error('The token was refused')) });

  let memory = 0;
  let first: number | undefined;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const sampling = setInterval(() => (memory = Math.max(memory, process.memoryUsage.rss())), 100);
  delay.enable();
  const start = performance.now();
  const { gaps, loaded } = await loader.load({ from, to }, () => (first ??= performance.now() - start), signal);
  const seconds = (performance.now() - start) / 1000;
  delay.disable();
  clearInterval(sampling);
  audit.dispose();
  if (gaps.length > 0) throw new Error(`The load left gaps: ${JSON.stringify(gaps)}`);
  return {
    seconds,
    firstPage: (first ?? 0) - roundTrip,
    maxDelay: delay.max / 1e6,
    memory: Math.max(memory, process.memoryUsage.rss()) / 1e6,
    rawBytes,
    events: loaded,
  };
}
