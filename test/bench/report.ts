import type { EditorFigures } from './inEditor';
import type { Figures } from './measure';
import type { PanelFigures } from './panel';
import type { Timing } from './queries';

/** A heading and rows of as many cells. */
type Table = readonly (readonly string[])[];

/** What issue and README promise, in milliseconds, at any size. */
const targets: Readonly<Record<string, number>> = {
  'counts by component and day': 100,
  'page of 500 of one day': 15,
  'one event with bodies': 5,
  'code lenses of a file of 100 blocks': 50,
  'filter: component and outcome': 150,
  'filter: user': 150,
  'filter: user and outcome': 150,
  'filter: an action that never occurs': 150,
  'filter: request id': 150,
  'filter: event id': 150,
  'text in everything, never found': 3_000,
  'text in 1 of 4,096 bodies: all rows': 3_000,
  'resource history': 50,
  'resource history: 1 of 300 events': 50,
};

export function tabulate(all: readonly Figures[]): Table {
  const row = (name: string, target: string, figure: (figures: Figures) => string): string[] => [
    name,
    ...all.map(figure),
    target,
  ];
  const timed = (
    name: string,
    target: number | undefined,
    timing: (figures: Figures) => Timing | undefined,
  ): string[] =>
    row(`${name}, ms`, target === undefined ? '' : `≤ ${whole(target)}`, (figures) => showTiming(timing(figures)));
  return [
    ['median (p95)', ...all.map(({ events }) => `${whole(events)} events`), 'target'],
    row('undici + gunzip + JSON.parse, nothing kept: events/s', '', (figures) => whole(figures.baseline)),
    row('the same, four slices of time at once: events/s', '', (figures) => whole(figures.parallelBaseline)),
    row('loaded and stored: events/s', '', (figures) => whole(figures.ingest)),
    row('ratio to the first', '≥ 0.6', (figures) => (figures.ingest / figures.baseline).toFixed(2)),
    row('first page stored, beyond its round trip, ms', '≤ 300', (figures) => whole(figures.firstPage)),
    row('longest event-loop delay of the main thread, ms', '≤ 50', (figures) => whole(figures.maxDelay)),
    row('resident memory while loading, MB', '≤ 350', (figures) => whole(figures.memory)),
    row('of it before the load, MB', '', (figures) => whole(figures.memoryBefore)),
    row('resident memory while answering all below, MB', '', (figures) => whole(figures.memoryAsking)),
    row('disk / raw JSON', '≤ 1.2', ({ disk, raw }) => (disk / raw).toFixed(2)),
    row('disk per event, bytes', '', ({ disk }) => whole(disk)),
    row('restart: counts and first rows, ms', '≤ 500', (figures) => whole(figures.reopen)),
    ...Object.keys(all[0]?.queries ?? {}).map((name) => timed(name, targets[name], ({ queries }) => queries[name])),
    timed('text search cancelled: the next answer', undefined, ({ cancel }) => cancel),
  ];
}

/** What the naive design costs, and how many times as much as ours. */
export function tabulateNaive(all: readonly Figures[]): Table {
  const row = (name: string, naive: (figures: Figures) => number | undefined, ours: (figures: Figures) => number) => [
    name,
    ...all.map((figures) => {
      const value = naive(figures);
      return value === undefined ? 'died' : `${show(value)} (${show(value / ours(figures))} ×)`;
    }),
  ];
  return [
    ['all events parsed and kept in an array (× ours)', ...all.map(({ events }) => `${whole(events)} events`)],
    row(
      'loaded: events/s',
      ({ naive }) => naive && naive.events / naive.seconds,
      ({ ingest }) => ingest,
    ),
    row(
      'resident memory, MB',
      ({ naive }) => naive?.memory,
      ({ memory }) => memory,
    ),
    row(
      'restart: loaded again, ms',
      ({ naive }) => naive && naive.seconds * 1000,
      ({ reopen }) => reopen,
    ),
    ...Object.keys(all[0]?.naive?.queries ?? {}).map((name) =>
      row(
        `${name}, ms`,
        ({ naive }) => naive?.queries[name]?.median,
        ({ queries }) => queries[name]?.median ?? NaN,
      ),
    ),
  ];
}

export function tabulateEditor(figures: EditorFigures): Table {
  return [
    [`packaged, in VS Code ${figures.vscode}`, `${whole(figures.events)} events`, 'target'],
    ['activation, ms', whole(figures.activation), '≤ 60'],
    ['first rows beyond a page’s round trip, ms', whole(figures.firstRows - figures.pageRoundTrip), '≤ 300'],
    ['loaded and stored: events/s', whole(figures.eventsPerSecond), ''],
    ['longest event-loop delay of the extension host, ms', whole(figures.eventLoopDelay), '≤ 50'],
    ['resident memory of the extension host, MB', showOptional(figures.memory), '≤ 350'],
    ['of it before the load, MB', showOptional(figures.memoryBefore), ''],
    ['a stored month shown again, ms', whole(figures.shownAgain), '≤ 500'],
  ];
}

export function tabulatePanel(figures: PanelFigures): Table {
  return [
    ['event panel, packaged: from the command to the picture', 'ms', 'target'],
    ['first panel of a window', whole(figures.first), '≤ 150'],
    ['another panel', whole(figures.another), '≤ 150'],
    ['another event in the same panel', whole(figures.switched), '≤ 50'],
    ['… with its body', whole(figures.switchedBody), ''],
    ['beginning of a body of 5 MB', whole(figures.large), '≤ 300'],
  ];
}

export function formatTable(table: Table, markdown: boolean): string {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) => {
    const cells = row.map((cell, column) =>
      column > 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0),
    );
    return markdown ? `| ${row.join(' | ')} |` : cells.join('  ').trimEnd();
  });
  if (markdown) lines.splice(1, 0, `| --- |${' ---: |'.repeat(widths.length - 1)}`);
  return `${lines.join('\n')}\n`;
}

function showTiming(timing: Timing | undefined): string {
  return timing ? `${show(timing.median)} (${show(timing.p95)})` : '';
}

function showOptional(value: number | undefined): string {
  return value === undefined ? 'not measured here' : whole(value);
}

function show(value: number): string {
  return value < 10 ? value.toFixed(1) : whole(value);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
