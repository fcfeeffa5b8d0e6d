import assert from 'node:assert/strict';
import type { ActivityEvent } from '../../../src/core/event/event';
import type { History } from '../../../src/history/history';
import { Chunks } from '../../../src/history/store/chunks';
import { assertGrowth } from '../assertGrowth';
import { cpuTime } from '../cpuTime';
import { always, noSignal, readAll, record, store, Workshop } from './fixture';

const events = 1_000;
/** How many times as many are stored to see how the cost grows. */
const factor = 4;
/** So many pages that lookups are merged while they are stored, or a large one: with more records as many, of more each. */
const pageCounts = [64, 1];
/** After so many pages their lookups are merged: until then events of one key are told apart by reading them. */
const mergedPages = 64;
const smallPage = 4;

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const second = '2026-11-01T00:00:00Z';

type Make = (n: number) => ActivityEvent;

/** What all records have in common, or each has of its own. */
const shapes: Readonly<Record<string, Make>> = {
  'one event id': (n) => record(n, { event_id: 'same' }),
  'one time': (n) => record(n, { timestamp: second }),
  'one event id and one time': (n) => record(n, { event_id: 'same', timestamp: second }),
  'one event id and no time': (n) => record(n, { event_id: 'same', timestamp: 'soon' }),
  'one event id that is no text': (n) => record(n, { event_id: { a: 1 } }),
  'no event id and one time': (n) => record(n, { event_id: '', timestamp: second }),
  'one request': (n) => record(n, { request_id: 'same' }),
  'one resource': (n) => record(n, { uri: `/v2.1/servers/${uuid(1)}` }),
  'a kind, a component and a field each': (n) =>
    record(n, { action: `action ${n}`, source: `source ${n}`, [`field ${n}`]: '' }),
};

/** What four times as many records may cost, against 16 where each is compared with all others. */
const most = 7;

describe('the history of records that are made to be alike', function () {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  for (const [what, make] of Object.entries(shapes)) {
    it(`stores, stores again and answers in linear time with ${what}`, async () => {
      for (const pages of pageCounts)
        await assertGrowth({
          less: () => measure(make, events, pages),
          more: () => measure(make, factor * events, pages),
          most,
        });
    });
  }

  for (const [what, make] of Object.entries(shapes)) {
    it(`reads no more for a page the more pages there are with ${what}`, async () => {
      const read = async (pages: number): Promise<number[]> => countReads(make, pages);
      const [few, many] = [await read(4 * mergedPages), await read(4 * factor * mergedPages)];
      const growth = many.map((reads, part) => (reads + 1) / ((few[part] ?? 0) + 1));
      assert.ok(
        growth.every((each) => each < 1.25 * factor), // for the first pages there is less to read
        `${few.join(', ')} reads became ${many.join(', ')}`,
      );
    });
  }

  /** How many stored records are read while so many small pages are stored, and stored again. */
  async function countReads(make: Make, pages: number): Promise<number[]> {
    const history = await workshop.local(':memory:');
    const { of } = Chunks.prototype;
    let reads = 0;
    Chunks.prototype.of = function (event) {
      reads++;
      return of.call(this, event);
    };
    try {
      await storeAll(history, make, pages * smallPage, smallPage);
      const once = reads;
      await storeAll(history, make, pages * smallPage, smallPage);
      return [once, reads - once];
    } finally {
      Chunks.prototype.of = of;
      await workshop.cleanUp();
    }
  }

  /** What it costs to store `count` records, to store them again, and to ask about them. */
  async function measure(make: Make, count: number, pages: number): Promise<number[]> {
    const history = await workshop.local(':memory:');
    const pageSize = Math.ceil(count / pages);
    const laps = [cpuTime()];
    assert.equal(await storeAll(history, make, count, pageSize), count);
    laps.push(cpuTime());
    assert.equal(await storeAll(history, make, count, pageSize), 0);
    laps.push(cpuTime());
    assert.equal((await readAll(history)).length, count);
    await ask(history);
    laps.push(cpuTime());
    await workshop.cleanUp();
    return laps.slice(1).map((lap, index) => lap - (laps[index] ?? 0));
  }
});

/** Newest first, as the API sends them. Returns how many were new. */
async function storeAll(history: History, make: Make, count: number, pageSize: number): Promise<number> {
  let added = 0;
  for (let n = count; n > 0; n -= pageSize)
    added += await store(
      history,
      Array.from({ length: Math.min(n, pageSize) }, (_, index) => make(n - index)),
      '',
      1,
    );
  return added;
}

/** What the tree, the panel and the history of a resource ask. */
async function ask(history: History): Promise<void> {
  const view = { range: always };
  await history.counts(view, 'utc', noSignal);
  const { items } = await history.list({ view, limit: 500 }, noSignal);
  for (const { key, resourceId } of items.slice(0, 20)) {
    assert.ok(await history.event(key), 'is found by its key, which may not be its own');
    await history.story(key);
    await history.changes(key);
    await history.neighbours(key, resourceId, 1);
  }
}
