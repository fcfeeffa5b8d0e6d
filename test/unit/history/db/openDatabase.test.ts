import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { format } from '../../../../src/core/base/message';
import { migrate } from '../../../../src/history/db/migrations';
import { openHistory } from '../../../../src/history/openHistory';
import { readAll, record, store, workerPath, Workshop } from '../fixture';

describe('opening a history', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  it('refuses a file of a newer version and leaves it alone', async () => {
    const file = workshop.file();
    await (await workshop.local(file)).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 999');
    database.close();
    await assert.rejects(openHistory({ workerPath, file }), { name: 'UserError', message: /newer version/ });
    assert.deepEqual(readdirSync(path.dirname(file)), ['history.sqlite']);
  });

  it('migrates step by step, all or nothing, and only what is missing', () => {
    const database = new DatabaseSync(':memory:');
    const step = (sql: string) => (to: DatabaseSync) => to.exec(sql);
    const steps = [
      'CREATE TABLE a (x)',
      'INSERT INTO a VALUES (1)',
      'CREATE TABLE b (y); INSERT INTO b SELECT x FROM a',
    ].map(step);
    migrate(database, steps.slice(0, 2));
    migrate(database, steps.slice(0, 2));
    assert.throws(() => migrate(database, [...steps, step('CREATE TABLE c (z); NONSENSE')]));
    assert.deepEqual(database.prepare("SELECT name FROM sqlite_master WHERE name IN ('b', 'c')").all(), []);
    migrate(database, steps);
    assert.deepEqual(
      database
        .prepare('SELECT y FROM b')
        .all()
        .map((row) => row['y']),
      [1],
    );
    database.close();
  });

  it('sets one aside that is older than any there was', async () => {
    const file = workshop.file();
    await (await workshop.local(file)).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 1');
    database.close();
    const { history, notices } = await openHistory({ workerPath, file });
    workshop.keep(history);
    assert.match(format(notices[0]!), /set aside as/);
    assert.equal(await store(history, [record(1)]), 1);
  });

  for (const [name, damage] of [
    ['no database at all', (bytes: Buffer) => bytes.fill('nonsense ', 0)],
    ['a database cut off', (bytes: Buffer) => bytes.subarray(0, 20_000)],
    ['a database with a page overwritten', (bytes: Buffer) => bytes.fill(0xff, 8192)],
  ] as const) {
    it(`sets ${name} aside, says so, and begins anew`, async () => {
      const file = workshop.file();
      const history = await workshop.local(file);
      await store(history, [record(1)]);
      await history.close();
      const damaged = damage(readFileSync(file));
      writeFileSync(file, damaged);
      const opened = await openHistory({ workerPath, file });
      workshop.keep(opened.history);
      const [aside] = readdirSync(path.dirname(file)).filter((entry) => entry.includes('.damaged-'));
      assert.ok(aside);
      assert.match(format(opened.notices[0]!), new RegExp(`set aside as ${aside}`));
      // All but the header, in which SQLite counts openings.
      const kept = readFileSync(path.join(path.dirname(file), aside));
      assert.deepEqual(kept.subarray(100), damaged.subarray(100));
      assert.deepEqual(await readAll(opened.history), []);
      assert.equal(await store(opened.history, [record(2)]), 1);
    });
  }

  it('that is found damaged later sets it aside then', async () => {
    const file = workshop.file();
    const history = await workshop.local(file);
    const body = 'x'.repeat(2000);
    await store(
      history,
      Array.from({ length: 500 }, (_, n) => record(n, { request_body: body })),
    );
    await history.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x5a, bytes.length - 5 * 8192));
    const again = await workshop.local(file);
    await assert.rejects(readAll(again), { name: 'UserError', message: /set aside as history\.sqlite\.damaged-/ });
    assert.deepEqual(await readAll(again), []);
    assert.equal(await store(again, [record(1)]), 1);
  });

  it('keeps it in memory where nothing can be written, and says so', async () => {
    const obstacle = workshop.file('obstacle');
    writeFileSync(obstacle, 'a file where a folder should be');
    const opened = await openHistory({ workerPath, file: path.join(obstacle, 'history.sqlite') });
    const { history, notices, inMemory } = opened;
    workshop.keep(history);
    assert.equal(inMemory, true);
    assert.match(format(notices[0]!), /kept in memory/);
    assert.equal(await store(history, [record(1)]), 1);
    assert.ok((await history.size()) > 0);
  });
});
