import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const model = readFileSync('docs/security.md', 'utf8');
const rows = model.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:Threat|---)/.test(line));

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: file.replaceAll('\\', '/'), text: readFileSync(path.join('src', file), 'utf8') }));

describe('The threat model', () => {
  it('names for each threat tests that are there', () => {
    assert.ok(rows.length > 25);
    for (const row of rows) {
      const [, threat = '', , tests = ''] = row.split(/(?<!\\) \| |^\| /);
      const named = [...tests.matchAll(/`([\w/.]+\.test\.ts)` ((?:“[^”]+”(?:, )?)+)/g)];
      assert.ok(named.length > 0, `${threat}: no test`);
      for (const [, file = '', titles = ''] of named) {
        const text = readFileSync(path.join('test', file), 'utf8');
        for (const [, title = ''] of titles.matchAll(/“([^”]+)”/g))
          assert.ok(text.includes(title), `${threat}: ${file} has no “${title}”`);
      }
    }
  });

  it('has no telemetry', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: object };
    const known = /telemetry|analytics|sentry|applicationinsights|segment|amplitude|posthog/i;
    assert.deepEqual(
      Object.keys(devDependencies).filter((name) => known.test(name)),
      [],
    );
    const reporting = /createTelemetryLogger|TelemetryLogger|sendBeacon/;
    assert.deepEqual(
      sources.filter(({ text }) => reporting.test(text)).map(({ file }) => file),
      [],
    );
  });

  it('starts no program', () => {
    const starting = sources.filter(({ text }) =>
      /child_process|\beval\(|new Function\(|createTerminal|executeTask/.test(text),
    );
    assert.deepEqual(
      starting.map(({ file }) => file),
      [],
    );
  });

  it('reaches the network from one room only', () => {
    const network =
      /from '(?:node:)?(?:net|tls|http|https|http2|dgram|dns)(?:\/promises)?'|from 'undici'|\bfetch\(\s*['"`h]|new WebSocket|XMLHttpRequest/;
    const strangers = sources.filter(({ file, text }) => !file.startsWith('api/') && network.test(text));
    assert.deepEqual(
      strangers.map(({ file }) => file),
      [],
    );
  });
});
