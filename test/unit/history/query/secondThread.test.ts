import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Search } from '../../../../src/core/search/search';
import { assemble } from '../../../../src/history/assemble';
import { Scan } from '../../../../src/history/query/scan';
import { SecondThread } from '../../../../src/history/query/secondThread';
import { always, noSignal, pageOf, record, storeBytes, workerPath, Workshop } from '../fixture';

const shop = new Workshop();
const count = 12_000;

/** Every 7th event holds the needle; every 50th of these by its user agent, which is of its kind. */
const search: Search = { type: 'text', value: 'Needle' };
const isFound = (n: number): boolean => n % 7 === 0;

/** A history whose events came in an order that is not that of their times. */
async function fill(file: string): Promise<void> {
  const history = await shop.local(file);
  for (let page = 0; page < 4; page++) {
    const numbers = Array.from({ length: count / 4 }, (_, index) => ((page * count) / 4 + index * 17) % count);
    const records = [...new Set(numbers)].map((n) =>
      record(n, { request_body: isFound(n) ? `{"n":"a nEEdle in ${n}"}` : '{}', response_body: 'x'.repeat(300) }),
    );
    await storeBytes(history, pageOf(records));
  }
}

async function readAll(file: string, second?: SecondThread): Promise<number[]> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const scan = new Scan({ view: { range: always, search } }, assemble(database, second));
    const found: number[] = [];
    for await (const rows of scan.rows(Infinity, noSignal)) found.push(...rows.map(({ id }) => id));
    return found;
  } finally {
    database.close();
  }
}

describe('the second thread of a search', () => {
  afterEach(() => shop.cleanUp());

  it('finds what one thread finds, in the same order, and what was stored meanwhile', async () => {
    const file = shop.file();
    await fill(file);
    let answers = 0;
    const second = new (class extends SecondThread {
      override find(...question: Parameters<SecondThread['find']>): ReturnType<SecondThread['find']> {
        const found = super.find(...question);
        void found?.then((rows) => rows && answers++);
        return found;
      }
    })(workerPath, file, 1);
    try {
      const alone = await readAll(file);
      assert.ok(alone.length > 1_000);
      while (answers === 0) {
        assert.deepEqual(await readAll(file, second), alone);
        await sleep(20);
      }
      const history = await shop.local(file);
      await storeBytes(
        history,
        pageOf([record(-1, { user_agent: 'needle/1.0' }), record(-2), record(-3, { note: { of: 'Needle' } })]),
      );
      const before = answers;
      for (let round = 0; round < 5; round++) {
        assert.deepEqual(await readAll(file, second), await readAll(file));
      }
      assert.ok(answers > before);
      assert.equal((await readAll(file, second)).length, alone.length + 2);
    } finally {
      second.dispose();
    }
  });

  it('is done without where it fails', async () => {
    const file = shop.file();
    await fill(file);
    const alone = await readAll(file);
    const broken = new SecondThread(workerPath, '/nowhere/at.all', 1);
    for (let round = 0; round < 5; round++) {
      assert.deepEqual(await readAll(file, broken), alone);
      await sleep(20);
    }
    broken.dispose();
  });
});
