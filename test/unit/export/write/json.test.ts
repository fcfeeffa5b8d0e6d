import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { hostileEvents, load, sample, useFolder, write } from '../support';

describe('json and ndjson', () => {
  const folder = useFolder();

  it('give the API shape with every field as received', async () => {
    await write('json', folder.file('a.json'), sample);
    const text = await readFile(folder.file('a.json'), 'utf8');
    assert.deepEqual(JSON.parse(text), { logs: sample });
    for (const event of sample) assert.ok(text.includes(JSON.stringify(event)));
  });

  it('write each event as JSON.stringify does, long bodies included', async () => {
    const body = `${'я"\\\n'.repeat(100_000)}${'😀'.repeat(600_000)}\ud800`;
    const events: ActivityEvent[] = [{ event_id: 'a', request_body: body }, {}, { 'x"y': [1, { b: null }] }];
    await write('ndjson', folder.file('a.ndjson'), events);
    const text = await readFile(folder.file('a.ndjson'), 'utf8');
    assert.ok(text === events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  });

  it('write valid JSON for no events', async () => {
    await write('json', folder.file('a.json'), []);
    assert.deepEqual(JSON.parse(await readFile(folder.file('a.json'), 'utf8')), { logs: [] });
    assert.deepEqual(await load(folder.file('a.json')), { events: [], unreadable: [] });
  });

  it('come back byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvents, async (events) => {
        for (const format of ['json', 'ndjson'] as const) {
          const path = folder.file(`a.${format}`);
          await write(format, path, events);
          const loaded = await load(path);
          assert.deepEqual(loaded.unreadable, []);
          assert.deepEqual(
            loaded.events.map((event) => JSON.stringify(event)),
            events.map((event) => JSON.stringify(event)),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keep numbers as they are written in the file', async () => {
    const { openLogFile } = await import('../../../../src/export/read/openLogFile');
    const record = '{"event_id": "a", "big": 12345678901234567890, "exact": 1.0,\n "deep": {"logs": [1e400]}}';
    await writeFile(folder.file('a.json'), `{"marker": "x", "logs": [${record}]}`);
    const file = await openLogFile(folder.file('a.json'), new AbortController().signal);
    const page = await file.source.page(
      { component: undefined, from: 0, to: 0, marker: undefined, limit: 10 },
      new AbortController().signal,
    );
    assert.equal(new TextDecoder().decode(page), `{"logs":[${record}]}`);
  });
});
