// What indexing the Terraform code of a workspace costs: medians of several runs, each with a new worker.
//   --runs N       (5)
//   --markdown     prints a table for the README
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LocalIndex } from '../../src/terraform/localIndex';
import { openIndex } from '../../src/terraform/openIndex';
import { writeTerraformProject } from '../server/terraformProject';
import { median } from './median';
import { formatTable } from './report';

const megabyte = 1_000_000;
const { signal } = new AbortController();

interface CodeFigures {
  readonly name: string;
  /** Milliseconds from starting the worker until all is indexed. */
  readonly index: number;
  /** The same after the state changed, and after one file of code did. */
  readonly state: number;
  readonly code: number;
  /** Milliseconds to the resources of a file of 100 blocks, and to what is known under an id. */
  readonly blocks: number;
  readonly find: number;
  readonly delay: number;
  /** Megabytes of the heap. */
  readonly memory: number;
}

async function measure(size: { blocks: number; resources: number; bytes: number }, runs: number): Promise<CodeFigures> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-code-'));
  try {
    const project = await writeTerraformProject(folder, size);
    const files = project.files.map((file) => ({ key: `file://${file}`, path: file }));
    const [code, state] = [files[0]!, files.at(-1)!];
    const times: number[][] = [];
    const delay = monitorEventLoopDelay({ resolution: 1 });
    for (let run = 0; run < runs; run++) {
      const row: number[] = [];
      const time = async (work: () => Promise<unknown>): Promise<void> => {
        const start = performance.now();
        await work();
        row.push(performance.now() - start);
      };
      delay.enable();
      const opened = await timeOpening(row, files);
      await time(() => opened.index.update([state], signal));
      await time(() => opened.index.update([code], signal));
      await time(() => opened.index.declaredIn(code.key));
      await time(() => opened.index.find([project.ids.at(-1)!]));
      delay.disable();
      opened.dispose();
      times.push(row);
    }
    const [index, stateAgain, codeAgain, blocks, find] = [0, 1, 2, 3, 4].map((column) =>
      median(times.map((row) => row[column]!)),
    );
    const name = `${String(size.blocks)} blocks, ${size.resources.toLocaleString('en')} resources, ${(project.size / megabyte).toFixed(0)} MB`;
    return {
      name,
      index: index!,
      state: stateAgain!,
      code: codeAgain!,
      blocks: blocks!,
      find: find!,
      delay: delay.max / 1e6,
      memory: await measureMemory(files),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Files = Parameters<LocalIndex['update']>[0];

async function timeOpening(row: number[], files: Files): Promise<ReturnType<typeof openIndex>> {
  const start = performance.now();
  const opened = openIndex(path.resolve('dist/terraformWorker.js'), { read: () => undefined });
  await opened.index.update(files, signal);
  row.push(performance.now() - start);
  return opened;
}

/** What stays on the heap, measured in this thread. */
async function measureMemory(files: Files): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    collect();
    return process.memoryUsage().heapUsed / megabyte;
  };
  const before = used();
  const index = new LocalIndex({ read: () => undefined });
  await index.update(files, signal);
  const after = used();
  if (index.resources().length === 0) throw new Error('Nothing was indexed');
  return after - before;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '5' }, markdown: { type: 'boolean', default: false } },
  });
  const figures: CodeFigures[] = [];
  for (const size of [
    { blocks: 500, resources: 500, bytes: 8 * megabyte },
    { blocks: 500, resources: 5000, bytes: 50 * megabyte },
  ])
    figures.push(await measure(size, Number(values.runs)));
  const row = (name: string, target: string, figure: (figures: CodeFigures) => number): string[] => [
    name,
    ...figures.map((each) => figure(each).toFixed(figure(each) < 20 ? 1 : 0)),
    target,
  ];
  const table = [
    ['', ...figures.map(({ name }) => name), 'target'],
    row('indexed, worker and all, ms', '≤ 300 / 3,000', ({ index }) => index),
    row('… again after an apply, ms', '', ({ state }) => state),
    row('… again after a file of code was saved, ms', '', ({ code }) => code),
    row('resources of a file of 100 blocks, ms', '', ({ blocks }) => blocks),
    row('what is known under an id, ms', '', ({ find }) => find),
    row('longest event-loop delay of the main thread, ms', '≤ 50', ({ delay }) => delay),
    row('memory of the index, MB', '≤ 20', ({ memory }) => memory),
  ];
  console.log(formatTable(table, values.markdown));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
