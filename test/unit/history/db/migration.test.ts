import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fieldText, type ActivityEvent } from '../../../../src/core/event/event';
import { noSignal, readAll, record, store, Workshop } from '../fixture';

// A file written by the first version, odd records among plain ones, and what that version read from it.
const folder = path.resolve('test/unit/history/db');
const expected = JSON.parse(gunzipSync(readFileSync(path.join(folder, 'version1.json.gz'))).toString()) as {
  readonly records: readonly ActivityEvent[];
  readonly keys: readonly string[];
  readonly resources: readonly (string | null)[];
};
const ever = { from: -1e15, to: 1e15 };

describe('a history of the first version', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  it('is read as it was, found as it was, and goes on', async () => {
    const file = workshop.file();
    writeFileSync(file, gunzipSync(readFileSync(path.join(folder, 'version1.sqlite.gz'))));
    for (const round of ['migrated', 'opened again']) {
      const history = await workshop.local(file);
      assert.deepEqual(await readAll(history, { view: { range: ever } }), expected.records, round);
      const { items } = await history.list({ view: { range: ever }, limit: 500 }, noSignal);
      assert.deepEqual(
        items.map((item) => item.key),
        expected.keys,
      );
      assert.deepEqual(
        items.map((item) => item.resourceId ?? null),
        expected.resources,
      );
      for (const [index, key] of expected.keys.entries())
        assert.deepEqual((await history.event(key))?.record, expected.records[index]);
      const { days } = await history.counts({ range: ever }, 'utc', noSignal);
      assert.equal(
        days.reduce((sum, day) => sum + day.events, 0),
        expected.records.length,
      );
      assert.equal(await history.fact('streams'), 'per-component');
      assert.equal((await history.coverage('')).length, 1);
      assert.ok((await history.extraFields()).includes('extra'));
      await history.close();
    }
    const history = await workshop.local(file);
    const known = expected.records.filter((event) => fieldText(event, 'event_id').startsWith('0000'));
    assert.equal(await store(history, [record(500), ...known]), 1);
  });
});
