import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import type { Range } from '../../../../src/core/time/range';
import type { History } from '../../../../src/history/history';
import { pageOf, readAll, record, storeBytes, Workshop } from '../fixture';

const minute = 60_000;
const start = Date.UTC(2026, 10, 1);
const range = (from: number, to: number): Range => ({ from: start + from * minute, to: start + to * minute });
const ann = { userId: 'ann', roles: ['mcs_admin_network'] };
const promoted = { userId: 'ann', roles: ['mcs_admin', 'mcs_admin_network'] };
const bob = { userId: 'bob', roles: ['mcs_admin'] };

async function claim(history: History, complete: Range, stream = ''): Promise<void> {
  await storeBytes(history, pageOf([record(1)]), stream, complete);
}

describe('what counts as loaded', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  it('does so for the user who loaded it, and comes back with that user', async () => {
    const history = await workshop.local();
    await history.setRequester(ann);
    await claim(history, range(0, 60));
    await history.setRequester(bob);
    assert.deepEqual(await history.coverage(''), []);
    assert.deepEqual(await history.coverage('', true), [range(0, 60)]);
    await claim(history, range(30, 90));
    assert.deepEqual(await history.coverage(''), [range(30, 90)]);
    await history.setRequester(ann);
    assert.deepEqual(await history.coverage(''), [range(0, 60)]);
    assert.equal((await readAll(history)).length, 1);
  });

  it('does so with fewer roles, and no longer with more', async () => {
    const history = await workshop.local();
    await history.setRequester(ann);
    await claim(history, range(0, 60));
    await history.setRequester(promoted);
    assert.deepEqual(await history.coverage(''), []);
    await claim(history, range(60, 90), 'nova');
    await history.setRequester(ann);
    assert.deepEqual(await history.coverage('nova'), [range(60, 90)]);
    assert.deepEqual(await history.coverage(''), [range(0, 60)]);
  });

  it('is all that anybody loaded where it is not known who asks, which proves nothing to others', async () => {
    const history = await workshop.local();
    await history.setRequester(ann);
    await claim(history, range(0, 30));
    await history.setRequester(undefined);
    assert.deepEqual(await history.coverage(''), [range(0, 30)]);
    await claim(history, range(30, 60));
    assert.deepEqual(await history.coverage(''), [range(0, 60)]);
    await history.setRequester(ann);
    assert.deepEqual(await history.coverage(''), [range(0, 30)]);
  });

  it('is deleted for everybody', async () => {
    const history = await workshop.local();
    for (const requester of [ann, bob, undefined]) {
      await history.setRequester(requester);
      await claim(history, range(0, 60));
    }
    await history.trim(start + 30 * minute);
    for (const requester of [ann, bob, undefined]) {
      await history.setRequester(requester);
      assert.deepEqual(await history.coverage(''), [range(30, 60)]);
    }
    await history.forgetFuture(start + 50 * minute);
    await history.setRequester(bob);
    assert.deepEqual(await history.coverage('', true), []);
    await claim(history, range(0, 60));
    await history.clear();
    assert.deepEqual(await history.coverage('', true), []);
  });

  it('is shared by windows, each with a user of its own', async () => {
    const file = workshop.file();
    const [first, second] = [await workshop.local(file), await workshop.local(file)];
    await first.setRequester(ann);
    await second.setRequester(bob);
    await claim(first, range(0, 60));
    assert.deepEqual(await second.coverage(''), []);
    await claim(second, range(0, 90));
    assert.deepEqual(await first.coverage(''), [range(0, 60)]);
    await first.setRequester(bob);
    assert.deepEqual(await first.coverage(''), [range(0, 90)]);
  });

  it('of a history of the second version is of a user who is not known', async () => {
    const file = workshop.file();
    writeFileSync(file, gunzipSync(readFileSync(path.resolve('test/unit/history/db/version2.sqlite.gz'))));
    const history = await workshop.local(file);
    assert.equal((await readAll(history)).length, 3);
    assert.equal(await history.metadata('streams'), 'per-component');
    assert.deepEqual(await history.coverage(''), [range(0, 60)]);
    assert.equal((await history.coverage('nova')).length, 1);
    await history.setRequester(ann);
    assert.deepEqual([await history.coverage(''), await history.coverage('nova')], [[], []]);
  });

  it('is kept with nothing but the id of the user and the names of roles', async () => {
    const file = workshop.file();
    const history = await workshop.local(file);
    await history.setRequester(ann);
    await claim(history, range(0, 60));
    await history.close();
    const database = new DatabaseSync(file, { readOnly: true });
    const rows = database.prepare('SELECT requester FROM coverage').all();
    database.close();
    assert.deepEqual(
      rows.map((row) => row['requester']),
      ['["ann","mcs_admin_network"]'],
    );
  });
});
