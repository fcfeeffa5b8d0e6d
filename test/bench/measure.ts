import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Asked } from './child';
import type { Ingest } from './ingest';
import { median } from './median';
import type { Naive } from './naive';
import { runChild } from './runChild';
import type { StandInProcess } from './startStandIn';

/** Medians of several runs, but for the longest delay and the most memory. */
export interface Figures
  extends Pick<Ingest, 'firstPage' | 'maxDelay' | 'memory' | 'memoryBefore'>, Omit<Asked, 'memory'> {
  readonly events: number;
  /** Events per second. */
  readonly baseline: number;
  /** The same with four slices of time read at once. */
  readonly parallelBaseline: number;
  readonly ingest: number;
  /** Bytes stored and received per event. */
  readonly disk: number;
  readonly raw: number;
  /** Milliseconds to counts and first rows, in a new process. */
  readonly reopen: number;
  readonly memoryAsking: number;
  /** Undefined where the process ended before it was through. */
  readonly naive: Naive | undefined;
}

/** Lets the naive design go as far as the machine can; without it Node stops at 2 to 4 GB. */
const naiveOptions = ['--max-old-space-size=16384'];

export async function measure(
  standIn: StandInProcess,
  events: number,
  runs: number,
  withNaive: boolean,
): Promise<Figures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'activity-log-bench-'));
  try {
    const baselines: number[] = [];
    const parallel: number[] = [];
    const loads: Ingest[] = [];
    let raw = 0;
    let file = '';
    await runChild('baseline', { standIn, slices: 1 }); // warms up the server
    for (let run = 0; run < runs; run++) {
      const baseline = await runChild('baseline', { standIn, slices: 1 });
      baselines.push(events / baseline.seconds);
      raw = baseline.rawBytes / events;
      parallel.push(events / (await runChild('baseline', { standIn, slices: 4 })).seconds);
      file = path.join(folder, `run${run}.sqlite`);
      loads.push(await runChild('ingest', { standIn, file }));
    }
    const reopened: number[] = [];
    for (let run = 0; run < 5; run++) reopened.push(await runChild('reopen', { standIn, file }));
    const { memory: memoryAsking, ...asked } = await runChild('ask', { standIn, file });
    const naive = !withNaive
      ? undefined
      : await runChild('naive', { standIn }, naiveOptions).catch((error: unknown) => {
          console.error(`The naive design did not get through ${events} events:`, error);
          return undefined;
        });
    return {
      events,
      baseline: median(baselines),
      parallelBaseline: median(parallel),
      ingest: median(loads.map((load) => load.events / load.seconds)),
      firstPage: median(loads.map((load) => load.firstPage)),
      maxDelay: Math.max(...loads.map((load) => load.maxDelay)),
      memory: Math.max(...loads.map((load) => load.memory)),
      memoryBefore: median(loads.map((load) => load.memoryBefore)),
      disk: median(loads.map((load) => load.disk)) / events,
      raw,
      reopen: median(reopened),
      memoryAsking,
      naive,
      ...asked,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
