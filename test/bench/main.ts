// What loading, reopening and asking cost, against the stand-in on loopback, in this run on this machine.
//   --events A,B,C   how many events (3000,50000); --million is short for 10000,100000,1000000
//   --runs N         loads per size (3; one of more than 200,000); medians are printed
//   --no-editor      leaves out what is measured, with the most events, in the packaged extension in a real VS Code
//   --panel          measures nothing but the event panel
//   --no-naive       leaves out the naive design, which takes longest
//   --markdown       prints tables for the README
//   --json FILE      writes the figures as JSON too
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { inNewest, measureInEditor, type EditorFigures } from './inEditor';
import { measure, type Figures } from './measure';
import { measurePanel } from './panel';
import { formatTable, tabulate, tabulateEditor, tabulateNaive, tabulatePanel } from './report';
import { startStandIn } from './startStandIn';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      events: { type: 'string', default: '3000,50000' },
      million: { type: 'boolean' },
      runs: { type: 'string', default: '3' },
      editor: { type: 'boolean', default: true },
      naive: { type: 'boolean', default: true },
      panel: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  const sizes = (values.panel ? '' : values.million ? '10000,100000,1000000' : values.events)
    .split(',')
    .filter((size) => size !== '')
    .map(Number);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, Node ${process.version}, events of 2 KB`;
  console.log(`${machine}\n`);
  const figures: Figures[] = [];
  let editor: EditorFigures | undefined;
  for (const size of sizes) {
    const standIn = await startStandIn(size);
    try {
      figures.push(await measure(standIn, size, size > 200_000 ? 1 : Number(values.runs), values.naive));
      if (values.editor && size === Math.max(...sizes)) editor = await measureInEditor(standIn, size);
    } finally {
      await standIn.stop();
    }
  }
  const panel = values.editor ? await inNewest(measurePanel) : undefined;
  const tables = [
    ...(values.panel ? [] : [tabulate(figures)]),
    ...(values.naive && !values.panel ? [tabulateNaive(figures)] : []),
    ...(editor ? [tabulateEditor(editor)] : []),
    ...(panel ? [tabulatePanel(panel)] : []),
  ];
  for (const table of tables) console.log(formatTable(table, values.markdown));
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, figures, editor, panel }, undefined, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
