// One measurement in a process of its own: node child.js <task> <argument as JSON>. Its output is the result as JSON.
import { openHistory } from '../../src/history/openHistory';
import { ingest } from './ingest';
import { watchMemory } from './memory';
import { measureNaive } from './naive';
import { timeCancel, timeQueries, timeReopening, workerPath, type Timing } from './queries';
import { readPages } from './readPages';
import type { StandIn } from './startStandIn';

/** The measure of ingest. */
interface Baseline {
  readonly seconds: number;
  readonly rawBytes: number;
}

export interface Asked {
  readonly queries: Readonly<Record<string, Timing>>;
  readonly cancel: Timing;
  /** The most resident memory of the process, in MB. */
  readonly memory: number;
}

/** What a child can be told to do. */
export const tasks = {
  async baseline({ standIn, slices }: { standIn: StandIn; slices: number }): Promise<Baseline> {
    const start = performance.now();
    const rawBytes = await readPages(standIn, slices, () => undefined);
    return { seconds: (performance.now() - start) / 1000, rawBytes };
  },
  ingest: ({ standIn, file }: { standIn: StandIn; file: string }) => ingest(standIn, file),
  reopen: ({ standIn, file }: { standIn: StandIn; file: string }) => timeReopening(file, standIn.month),
  async ask({ standIn, file }: { standIn: StandIn; file: string }): Promise<Asked> {
    const memory = watchMemory();
    const { history } = await openHistory({ workerPath, file });
    const queries = await timeQueries(history, standIn.month);
    const cancel = await timeCancel(history, standIn.month);
    await history.close();
    return { queries, cancel, memory: memory.end().most };
  },
  naive: ({ standIn }: { standIn: StandIn }) => measureNaive(standIn),
};

async function main(): Promise<void> {
  const [name, argument = ''] = process.argv.slice(2);
  const task = tasks[name as keyof typeof tasks] as (argument: unknown) => Promise<unknown>;
  console.log(JSON.stringify(await task(JSON.parse(argument))));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
