// What loading, reopening and asking cost, against the stand-in on loopback, in this run on this machine.
//   --json FILE      writes the figures as JSON too
//   --events A,B,C   how many events (3000,50000); --million is short for 10000,100000,1000000
//   --runs N         loads per size (3); medians are printed
//   --no-editor      leaves out what is measured in the packaged extension in a real VS Code
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dayRange } from '../../src/core/days';
import { openHistory } from '../../src/history/openHistory';
import { readAndForget } from './baseline';
import { measureInEditor, type EditorFigures } from './inEditor';
import { ingest, type Ingest } from './ingest';
import { median } from './median';
import { timeQueries, type Timing } from './queries';
import { startStandIn } from './startStandIn';

interface Figures {
  readonly events: number;
  readonly baselinePerSecond: number;
  readonly ingestPerSecond: number;
  readonly ratio: number;
  readonly firstPageMs: number;
  readonly maxEventLoopDelayMs: number;
  readonly memoryMb: number;
  readonly diskOverRaw: number;
  readonly reopenMs: number;
  readonly queries: Readonly<Record<string, Timing>>;
}

const signal = new AbortController().signal;
const workerPath = path.resolve('dist/worker.js');

async function measure(count: number, runs: number): Promise<Figures> {
  const server = await startStandIn(count);
  const folder = mkdtempSync(path.join(tmpdir(), 'activity-log-bench-'));
  const to = Date.now() + 1000;
  const from = to - 31 * 86_400_000;
  try {
    const baselines: number[] = [];
    const loads: Ingest[] = [];
    let file = '';
    let diskOverRaw = 0;
    await readAndForget(server, to - 86_400_000, to); // warms up the server
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      const events = await readAndForget(server, from, to);
      baselines.push(events / ((performance.now() - start) / 1000));
      file = path.join(folder, `run${run}.sqlite`);
      const { history } = await openHistory({ workerPath, file });
      const load = await ingest(server, history, from, to);
      if (load.events !== events) throw new Error(`${load.events} events instead of ${events}`);
      loads.push(load);
      await history.close();
      const again = await openHistory({ workerPath, file });
      diskOverRaw = (await again.history.size()) / load.rawBytes;
      await again.history.close();
    }
    const reopenMs = await reopen(file, from, to);
    const { history } = await openHistory({ workerPath, file });
    const queries = await timeQueries(history, from, to);
    await history.close();
    const baselinePerSecond = median(baselines);
    const ingestPerSecond = median(loads.map(({ events, seconds }) => events / seconds));
    return {
      events: count,
      baselinePerSecond,
      ingestPerSecond,
      ratio: ingestPerSecond / baselinePerSecond,
      firstPageMs: median(loads.map((load) => load.firstPage)),
      maxEventLoopDelayMs: Math.max(...loads.map((load) => load.maxDelay)),
      memoryMb: Math.max(...loads.map((load) => load.memory)),
      diskOverRaw,
      reopenMs,
      queries,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From nothing to the counts and the first rows of a stored month. */
async function reopen(file: string, from: number, to: number): Promise<number> {
  const start = performance.now();
  const { history } = await openHistory({ workerPath, file });
  const view = { range: { from, to } };
  const { days } = await history.counts(view, 'local', signal);
  await history.list({ view, within: dayRange(days[0]?.day ?? '', 'local'), limit: 500 }, signal);
  const took = performance.now() - start;
  await history.close();
  return took;
}

function print(all: readonly Figures[]): void {
  const rows: [string, (figures: Figures) => string, string][] = [
    ['undici + gunzip + JSON.parse, events/s', ({ baselinePerSecond }) => whole(baselinePerSecond), ''],
    ['loaded and stored, events/s', ({ ingestPerSecond }) => whole(ingestPerSecond), ''],
    ['ratio', ({ ratio }) => ratio.toFixed(2), '>= 0.4'],
    ['first page stored beyond its round trip, ms', ({ firstPageMs }) => whole(firstPageMs), '<= 300'],
    ['event loop delay, max, ms', ({ maxEventLoopDelayMs }) => whole(maxEventLoopDelayMs), '<= 50'],
    ['memory of the process, max, MB', ({ memoryMb }) => whole(memoryMb), ''],
    ['disk / raw JSON', ({ diskOverRaw }) => diskOverRaw.toFixed(2), '<= 1.2'],
    ['reopened: counts and first rows, ms', ({ reopenMs }) => whole(reopenMs), '<= 500'],
    ...Object.keys(all[0]?.queries ?? {}).map((name): [string, (figures: Figures) => string, string] => [
      `${name}, ms (p95)`,
      ({ queries }) => `${queries[name]?.median.toFixed(1) ?? ''} (${queries[name]?.p95.toFixed(1) ?? ''})`,
      '',
    ]),
  ];
  printTable([
    ['', ...all.map(({ events }) => `${whole(events)} events`), 'target'],
    ...rows.map(([name, figure, target]) => [name, ...all.map(figure), target]),
  ]);
}

function printEditor(figures: EditorFigures): void {
  printTable([
    [`packaged, in VS Code ${figures.vscode}`, `${whole(figures.events)} events`, 'target'],
    ['activation, ms', whole(figures.activation), '<= 60'],
    ['first rows beyond a page’s round trip, ms', whole(figures.firstRows - figures.pageRoundTrip), '<= 300'],
    ['loaded and stored, events/s', whole(figures.eventsPerSecond), ''],
    ['event loop delay of the extension host, max, ms', whole(figures.eventLoopDelay), '<= 50'],
    ['a stored month shown again, ms', whole(figures.shownAgain), '<= 500'],
  ]);
}

function printTable(table: readonly (readonly string[])[]): void {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of table) {
    const cells = row.map((cell, column) =>
      column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0),
    );
    console.log(cells.join('  ').trimEnd());
  }
  console.log();
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      events: { type: 'string', default: '3000,50000' },
      million: { type: 'boolean' },
      runs: { type: 'string', default: '3' },
      editor: { type: 'boolean', default: true },
    },
    allowNegative: true,
  });
  const sizes = (values.million ? '10000,100000,1000000' : values.events).split(',').map(Number);
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? '?'}, Node ${process.version}, 2 KB events`;
  console.log(machine);
  const figures: Figures[] = [];
  for (const size of sizes) figures.push(await measure(size, size > 200_000 ? 1 : Number(values.runs)));
  print(figures);
  const editor = values.editor ? await measureInEditor(50_000) : undefined;
  if (editor) printEditor(editor);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, figures, editor }, undefined, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
