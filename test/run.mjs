// `npm test`: everything, on a machine with git, Node >= 20.19 and npm. The last line is `N passed, N failed`.
// Options: --only unit,host  --version 1.103 (may be given again)  --grep words
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { ensureInstalled, environment, root } from './install.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    version: { type: 'string', multiple: true, default: [] },
    grep: { type: 'string' },
  },
});
const grep = values.grep ? ['--grep', values.grep] : [];
const versions = (values.version ?? []).flatMap((version) => ['--version', version]);

/**
 * A stage with `tests` counts its mocha tests, any other counts as one. `after`: not while that one writes.
 * @type {Record<string, { command: string[], tests?: boolean, needs?: string[], after?: string }>}
 */
const stages = {
  types: { command: ['npm', 'run', '--silent', 'check-types'] },
  lint: { command: ['npm', 'run', '--silent', 'lint'] },
  format: { command: ['npm', 'run', '--silent', 'format:check'] },
  build: { command: ['node', 'esbuild.mjs', '--tests'] },
  unit: {
    command: ['node', 'node_modules/mocha/bin/mocha.js', '--config', 'test/unit/.mocharc.json', ...grep],
    tests: true,
    needs: ['build'],
    after: 'package',
  },
  package: { command: ['npm', 'run', '--silent', 'package'] },
  host: { command: ['node', 'dist/test/host/run.js', ...versions, ...grep], tests: true, needs: ['build'] },
  e2e: { command: ['node', 'dist/test/e2e/run.js', ...versions, ...grep], tests: true, needs: ['build', 'package'] },
};

/** Side by side, each in its order. What downloads comes early; host and e2e share what they download. */
const lanes = [
  ['build', 'package', 'host', 'e2e'],
  ['lint', 'unit'],
  ['format', 'types'],
];

/** Each stage's tests note their times there: timedReport.cjs. */
const timesFolder = mkdtempSync(path.join(tmpdir(), 'test-times-'));

/** Runs one stage, gives each line of its output to `print`, and counts. */
async function runStage(
  /** @type {string} */ name,
  /** @type {{ command: string[], tests?: boolean }} */ { command: [program = '', ...args], tests },
  /** @type {(line: string) => void} */ print,
) {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...environment, TEST_TIMES: path.join(timesFolder, name) },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  let passed = 0;
  let failed = 0;
  /** What mocha says of failures at the end of a run, without the stacks. */
  const failures = [];
  let failing = false;
  createInterface(child.stderr).on('line', print);
  for await (const line of createInterface(child.stdout)) {
    print(line);
    const text = stripVTControlCharacters(line);
    if (/^\s*\d+ (?:passing|failing)\b/.test(text)) failing = text.includes('failing');
    if (failing && text.trim() !== '' && !/^\s+at /.test(text)) failures.push(text);
    passed += Number(/^\s*(\d+) passing\b/.exec(text)?.[1] ?? 0);
    failed += Number(/^\s*(\d+) failing\b/.exec(text)?.[1] ?? 0);
  }
  const code = await closed;
  if (!tests) return code === 0 ? { passed: 1, failed: 0, failures } : { passed: 0, failed: 1, failures };
  // A run that ended badly, or ran nothing, has failed even where no test says so.
  const silent = failed === 0 && (code !== 0 || (passed === 0 && !values.grep));
  return { passed, failed: silent ? 1 : failed, failures };
}

const only = values.only?.split(',') ?? Object.keys(stages);
const unknown = only.filter((name) => !(name in stages));
if (unknown.length > 0)
  throw new Error(`There is no stage ${unknown.join(', ')}; there are ${Object.keys(stages).join(', ')}`);
const chosen = new Set(only.flatMap((name) => [...(stages[name]?.needs ?? []), name]));

ensureInstalled();
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const summary = [];
/** What failed, again where it is not overlooked. @type {string[]} */
const said = [];
const broken = new Set();

/** What stages say, in the order of their starts. @type {{ lines: string[], ended: boolean }[]} */
const speeches = [];

/** Prints one stage after the other: the first as it speaks, the others from where they are once it has ended. */
function speak() {
  for (let first = speeches[0]; first; first = speeches[0]) {
    for (const line of first.lines.splice(0)) console.log(line);
    if (!first.ended) return;
    speeches.shift();
  }
}

/** @type {Map<string, Promise<void>>} */
const runs = new Map();

/** Runs a stage, once, unless one that it needs has failed. */
function run(/** @type {string} */ name) {
  const running = runs.get(name) ?? start(name);
  runs.set(name, running);
  return running;
}

async function start(/** @type {string} */ name) {
  const stage = stages[name];
  if (!stage) return;
  const { after, needs = [] } = stage;
  await Promise.all(needs.map(run));
  if (after && chosen.has(after)) await run(after);
  const speech = { lines: [`\n=== ${name}`], ended: false };
  const print = (/** @type {string} */ line) => {
    speech.lines.push(line);
    speak();
  };
  speeches.push(speech);
  const began = Date.now();
  const missing = needs.find((need) => broken.has(need));
  if (missing) print(`Not run: ${missing} failed`);
  const { passed, failed, failures } = missing
    ? { passed: 0, failed: 1, failures: [] }
    : await runStage(name, stage, print);
  if (failed > 0) broken.add(name);
  if (failures.length > 0) said.push(`\n=== failures of ${name}`, ...failures.slice(0, 40));
  total.passed += passed;
  total.failed += failed;
  summary.push(
    `${failed > 0 ? 'FAILED' : 'ok    '} ${name.padEnd(8)} ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${passed} passed, ${failed} failed`,
  );
  speech.ended = true;
  speak();
}

/** The tests that took longest, with what was made ready for them. */
function tellSlowest(/** @type {number} */ count) {
  const times = Object.keys(stages).flatMap((name) => {
    const lines = read(path.join(timesFolder, name)).split('\n').filter(Boolean);
    return lines.map((line) => ({ name, .../** @type {{ title: string, ms: number }} */ (JSON.parse(line)) }));
  });
  return times
    .sort((a, b) => b.ms - a.ms)
    .slice(0, count)
    .map(({ name, title, ms }) => `${(ms / 1000).toFixed(1).padStart(6)} s  ${name.padEnd(4)}  ${title}`);
}

function read(/** @type {string} */ file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // no test of the stage ran
  }
}

await Promise.all(
  lanes.map(async (lane) => {
    for (const name of lane) if (chosen.has(name)) await run(name);
  }),
);
console.log(
  `\n${summary.join('\n')}\n\nThe slowest:\n${tellSlowest(20).join('\n')}\n${said.join('\n')}\n${total.passed} passed, ${total.failed} failed`,
);
rmSync(timesFolder, { recursive: true, force: true });
process.exitCode = total.failed > 0 ? 1 : 0;
