import assert from 'node:assert/strict';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { settlingTime, type History } from '../../../../src/history/history';
import { LateEvents } from '../../../../src/history/load/lateEvents';
import { Loader, type LoadResult } from '../../../../src/history/load/loader';
import { noSignal, readAll, record, silentLog, store, Workshop } from '../fixture';
import { failure, MadeSource, type SourceOptions } from '../madeSource';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 10, 1);

/** An event so long after the start. */
const at = (n: number, ms: number): ActivityEvent =>
  record(n, { timestamp: new Date(start + ms).toISOString().replace('.000', '') });

describe('late events', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  const load = (history: History, source: MadeSource, now: number, again?: { from: number; to: number }) =>
    new Loader({
      source,
      history,
      again,
      components: [],
      pageSize: 100,
      concurrency: 2,
      now: () => now,
      waitForToken: () => assert.fail('no token is needed'),
      log: silentLog,
    }).load({ from: start, to: now }, () => undefined, noSignal);

  async function loaded(options: SourceOptions): Promise<{ history: History; source: MadeSource; now: number }> {
    const history = await workshop.local();
    const source = new MadeSource(options);
    const now = start + day;
    assert.deepEqual((await load(history, source, now)).gaps, []);
    return { history, source, now };
  }

  it('come when the times are asked for again, which count as loaded all along', async () => {
    const events = [at(3, 20 * hour), at(1, 2 * hour)];
    const { history, source, now } = await loaded({ events });
    const before = await history.coverage('');
    source.options.events = [at(3, 20 * hour), at(2, 10 * hour), at(1, 2 * hour)];
    await load(history, source, now);
    assert.equal((await readAll(history)).length, 2, 'a plain load does not see it');
    const during: unknown[] = [];
    source.options.interfere = async () => void during.push(await history.coverage(''));
    await load(history, source, now, { from: start, to: now });
    assert.equal((await readAll(history)).length, 3);
    assert.deepEqual([...during, await history.coverage('')], [...during.map(() => before), before]);
    assert.ok(during.length > 0);
  });

  it('are asked for again for nothing when that fails: no event and no claim is lost', async () => {
    const { history, source, now } = await loaded({ events: [at(1, 2 * hour)] });
    const before = await history.coverage('');
    source.options.interfere = () => Promise.reject(failure('server'));
    const result: LoadResult = await load(history, source, now, { from: start, to: now });
    assert.ok(result.gaps.length > 0);
    assert.deepEqual([await history.coverage(''), (await readAll(history)).length], [before, 1]);
  });

  it('may lie outside the range that is loaded', async () => {
    const { history, source, now } = await loaded({ events: [] });
    source.options.events = [at(1, -5 * hour)];
    await load(history, source, now, { from: start - 6 * hour, to: start - 4 * hour });
    assert.equal((await readAll(history)).length, 1);
  });

  it('are looked for with the first load of a session and once a day, for each user', async () => {
    const history = await workshop.local();
    const now = start + 40 * day;
    const all = { from: start, to: now };
    const session = new LateEvents(history);
    const first = await session.begin('', now);
    assert.deepEqual(first?.range, { from: now - day, to: now });
    await session.end(first, all);
    assert.equal(await session.begin('', now + hour), undefined);
    assert.deepEqual((await session.begin('other', now + hour))?.range, { from: now + hour - day, to: now + hour });
    assert.notEqual(await session.begin('', now + day), undefined);
    // Away for ten days: what happened before the last look may have arrived since.
    const later = await new LateEvents(history).begin('', now + 10 * day);
    assert.deepEqual(later?.range, { from: now - day, to: now + 10 * day });
  });

  for (const text of ['{', 'null', '{"at":"x","lateness":1}', '{"at":1e999,"lateness":1}', '{"at":1,"lateness":"x"}'])
    it(`are looked for as if for the first time where ${text} was kept`, async () => {
      const history = await workshop.local();
      const now = start + 40 * day;
      await history.setMetadata('looked for late events ', text);
      const look = await new LateEvents(history).begin('', now);
      assert.deepEqual([look?.range, look?.before], [{ from: now - day, to: now }, undefined]);
    });

  it('are looked for again where the clock was set back', async () => {
    const history = await workshop.local();
    const now = start + 40 * day;
    const session = new LateEvents(history);
    await session.end((await session.begin('', now))!, { from: start, to: now });
    const earlier = now - 2 * day;
    assert.deepEqual((await session.begin('', earlier))?.range, { from: earlier - day, to: earlier });
  });

  it('are looked for from the end of what was loaded, be that before or after the time of the load', async () => {
    const now = start + 40 * day;
    for (const [to, at] of [
      [now - settlingTime, now - settlingTime],
      [now + 5 * day, now],
    ] as const) {
      const history = await workshop.local();
      const session = new LateEvents(history);
      await session.end((await session.begin('', now))!, { from: start, to });
      assert.equal((await session.begin('', now + 10 * day))?.range.from, at - day);
    }
  });

  it('stay to be looked for where a range held only a part of them, or the load failed', async () => {
    const history = await workshop.local();
    const now = start + 40 * day;
    const session = new LateEvents(history);
    const first = await session.begin('', now);
    await session.end(first!, { from: start, to: now });
    const second = await new LateEvents(history).begin('', now + 2 * day);
    await new LateEvents(history).end(second!, { from: now + 2 * day - hour, to: now + 2 * day });
    const third = await new LateEvents(history).begin('', now + 3 * day);
    assert.equal(third?.range.from, now - day);
    // Long ago is nowhere near them.
    await session.end(third, { from: start, to: now - day });
    assert.equal((await session.begin('', now + 3 * day))?.range.from, now - day);
  });

  it('teach how late they come, up to a week, and are forgotten slowly', async () => {
    const history = await workshop.local();
    const spans: number[] = [];
    let now = start + 40 * day;
    let before = now;
    // Each time, events turn up that happened so many hours before the look before, and half as many.
    for (const late of [0, 0, 20, 30, 59, 100, 1, 0, 0]) {
      now += day;
      const session = new LateEvents(history);
      const look = await session.begin('', now);
      spans.push(Math.round((before - look!.range.from) / hour));
      const hours = [1, -late / 2, -late]; // the first is not late
      await store(
        history,
        hours.map((each, n) => at(10 * spans.length + n, before + each * hour - start)),
      );
      await session.end(look!, { from: start, to: now });
      before = now;
    }
    assert.deepEqual(spans, [0, 24, 24, 40, 60, 118, 168, 168, 151]);
  });
});
