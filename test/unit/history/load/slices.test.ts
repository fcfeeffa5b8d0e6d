import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fieldText, type ActivityEvent } from '../../../../src/core/event/event';
import { format } from '../../../../src/core/base/message';
import type { Range } from '../../../../src/core/time/range';
import { union } from '../../../../src/core/time/ranges';
import type { PageRequest } from '../../../../src/core/event/source';
import type { Batch } from '../../../../src/history/store/batch';
import type { History } from '../../../../src/history/history';
import { Loader, type LoadResult } from '../../../../src/history/load/loader';
import { noSignal, readAll, record, silentLog, Workshop } from '../fixture';
import { failure, MadeSource, type SourceOptions } from '../madeSource';

const second = 1000;
const hour = 3_600_000;
const start = Date.UTC(2026, 10, 1);
const month: Range = { from: start, to: start + 720 * hour };
const now = month.to + hour;

interface Options {
  readonly range?: Range;
  readonly pageSize?: number;
  readonly concurrency?: number;
  readonly components?: string[];
  readonly signal?: AbortSignal;
}

function load(history: History, source: MadeSource, options: Options = {}): Promise<LoadResult> {
  const { range = month, pageSize = 1000, concurrency = 4, components = [], signal = noSignal } = options;
  const waitForToken = () => Promise.reject(new Error('The token was refused'));
  const loader = new Loader({
    source,
    history,
    components,
    pageSize,
    concurrency,
    now: () => now,
    waitForToken,
    log: silentLog,
  });
  return loader.load(range, () => undefined, signal);
}

/** One event at each of these times, which fall from one to the next. */
function eventsAt(times: readonly number[], source = 'nova'): ActivityEvent[] {
  return times.map((time, n) =>
    record(n, { timestamp: new Date(time).toISOString().replace(/\.\d+/, ''), source, request_body: '' }),
  );
}

/** `count` times spread evenly over `range`, newest first. */
function evenly(count: number, { from, to }: Range): number[] {
  return Array.from({ length: count }, (_, n) => to - 1 - Math.floor((n * (to - from)) / count));
}

const shapes: Readonly<Record<string, (count: number) => number[]>> = {
  'spread evenly': (count) => evenly(count, month),
  'all in the newest hour': (count) => evenly(count, { from: month.to - hour, to: month.to }),
  'all in one hour in the middle': (count) => evenly(count, { from: start + 300 * hour, to: start + 301 * hour }),
  'all in the oldest hour': (count) => evenly(count, { from: start, to: start + hour }),
  'in office hours': (count) =>
    Array.from({ length: 30 }, (_, day) => {
      const from = start + (29 - day) * 24 * hour + 8 * hour;
      return evenly(count / 30, { from, to: from + 8 * hour });
    }).flat(),
  'ever denser': (count) =>
    Array.from({ length: count }, (_, n) => start + (month.to - start - 1) * Math.sqrt(1 - n / count)),
  'ever thinner': (count) =>
    Array.from({ length: count }, (_, n) => start + (month.to - start - 1) * (1 - (n / count) ** 3)),
  'half of them within a minute': (count) => [
    ...evenly(count / 4, { from: start + 400 * hour, to: month.to }),
    ...evenly(count / 2, { from: start + 400 * hour - 60 * second, to: start + 400 * hour }),
    ...evenly(count / 4, { from: start, to: start + 400 * hour - 60 * second }),
  ],
};

/** Keeps ids and coverage only, so that many events can be counted quickly. */
class Tally {
  readonly ids = new Set<unknown>();
  covered: Range[] = [];

  store({ keys }: Batch, _stream: string, complete: Range | undefined): Promise<number> {
    const before = this.ids.size;
    for (const key of keys) this.ids.add(key);
    if (complete) this.covered = union([...this.covered, complete]);
    return Promise.resolve(this.ids.size - before);
  }

  asHistory(): History {
    const nothing = () => Promise.resolve(undefined);
    const rest = {
      forgetFuture: nothing,
      acquireLease: nothing,
      renewLease: () => Promise.resolve(true),
      releaseLease: nothing,
      metadata: nothing,
    };
    return Object.assign(this, rest, {
      coverage: () => Promise.resolve(this.covered),
    }) as unknown as History;
  }
}

const timeOf = (event: ActivityEvent): number => Date.parse(fieldText(event, 'timestamp'));

const offsetOf = ({ marker }: PageRequest): number => Number(marker?.split(' ')[1] ?? 0);

describe('slices', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  // SLICES=1000000 counts for more events, in pages of 1000, and prints the figures.
  const count = Number(process.env['SLICES'] ?? 30_000);
  const pageSize = process.env['SLICES'] ? 1000 : 100;
  for (const [shape, timesOf] of Object.entries(shapes)) {
    for (const concurrency of [1, 4]) {
      it(`bring ${count} events ${shape}, ${concurrency} at once, without many more requests or deep offsets`, async () => {
        const events = eventsAt(timesOf(count));
        const source = new MadeSource({ events });
        const tally = new Tally();
        assert.deepEqual((await load(tally.asHistory(), source, { pageSize, concurrency })).gaps, []);
        assert.equal(tally.ids.size, events.length);
        assert.deepEqual(tally.covered, [month]);
        const pages = count / pageSize;
        const deepest = Math.max(...source.requests.map(offsetOf)) / pageSize;
        if (process.env['SLICES']) console.log(`      ${source.requests.length} requests, offsets to ${deepest} pages`);
        assert.ok(source.requests.length <= pages * 1.25 + 30, `${source.requests.length} requests`);
        // Within ten seconds nothing is cut up.
        assert.ok(deepest <= 33 || shape === 'half of them within a minute', `${deepest} pages`);
      });
    }
  }

  it('begin with the newest, as many at once as may be, when the first page is full', async () => {
    const events = eventsAt(evenly(2_000, month));
    let running = 0;
    let most = 0;
    const source = new MadeSource({
      events,
      interfere: async (_, number) => {
        if (number === 1) assert.equal(running, 0, 'the first page comes alone');
        most = Math.max(most, ++running);
        await sleep(2);
        running--;
        return undefined;
      },
    });
    const history = await workshop.local(':memory:');
    await load(history, source, { pageSize: 50, concurrency: 3 });
    assert.equal(most, 3);
    const begun = source.requests.filter(({ marker }) => marker === undefined).map(({ to }) => to);
    assert.deepEqual(
      begun.slice(0, 4),
      begun.slice(0, 4).sort((a, b) => b - a),
    );
    assert.equal((await readAll(history)).length, 2_000);
    assert.deepEqual(await history.coverage(''), [month]);
  });

  it('are one request where one page is enough', async () => {
    const source = new MadeSource({ events: eventsAt(evenly(99, month)) });
    await load(await workshop.local(':memory:'), source, { pageSize: 100 });
    assert.equal(source.requests.length, 1);
  });

  it('of a complete month are one request for the last minutes', async () => {
    const source = new MadeSource({ events: eventsAt(evenly(5_000, { from: start, to: now })) });
    const history = await workshop.local(':memory:');
    await load(history, source, { range: { from: start, to: now } });
    source.requests.length = 0;
    await load(history, source, { range: { from: start, to: now } });
    assert.deepEqual(
      source.requests.map(({ from, to }) => [now - from, now - to]),
      [[121 * second, 0]],
    );
  });

  for (const exclusive of [false, true]) {
    it(`keep the server’s order within each second at their borders (${exclusive ? 'exclusive' : 'inclusive'})`, async () => {
      const range = { from: start, to: start + 600 * second };
      const events = eventsAt(evenly(6_000, range));
      for (const concurrency of [2, 4, 7]) {
        const source = new MadeSource({
          events,
          exclusive,
          interfere: async (_, number) => sleep((number * 7) % 5, undefined),
        });
        const history = await workshop.local(':memory:');
        await load(history, source, { range, pageSize: 97, concurrency });
        assert.ok(source.requests.filter(({ marker }) => marker === undefined).length > 5);
        assert.deepEqual(await readAll(history), events);
      }
    });
  }

  it('share their number among components', async () => {
    const components = ['nova', 'cinder', 'dns'];
    const events = eventsAt(evenly(3_000, month)).map((event, n) => ({ ...event, source: components[n % 3]! }));
    let running = 0;
    let most = 0;
    const interfere = async (): Promise<undefined> => {
      most = Math.max(most, ++running);
      await sleep(1);
      running--;
    };
    const history = await workshop.local(':memory:');
    await load(history, new MadeSource({ events, interfere }), { components, pageSize: 50, concurrency: 2 });
    assert.equal(most, 2);
    assert.equal((await readAll(history)).length, 3_000);
  });

  it('leave only their own gap when one fails for good, and a page that is asked for again closes it', async () => {
    const events = eventsAt(evenly(4_000, month));
    const bad = start + 400 * hour;
    const source = new MadeSource({
      events,
      interfere: (request) => {
        const page = JSON.parse(new TextDecoder().decode(source.answer(request))) as { logs: ActivityEvent[] };
        const times = page.logs.map((event) => timeOf(event));
        if (times.some((time) => Math.abs(time - bad) < hour / 2)) throw failure('tooLarge');
        return undefined;
      },
    });
    const history = await workshop.local(':memory:');
    const { gaps } = await load(history, source, { pageSize: 50 });
    assert.equal(gaps.length, 1);
    const [{ range, failure: kind }] = gaps as [LoadResult['gaps'][number]];
    assert.equal(kind, 'tooLarge');
    assert.ok(range.from <= bad && range.to >= bad && range.to - range.from < 200 * hour);
    assert.deepEqual(await history.coverage(''), [
      { from: start, to: range.from },
      { from: range.to, to: month.to },
    ]);
    source.options.interfere = undefined;
    assert.deepEqual((await load(history, source, { pageSize: 50 })).gaps, []);
    assert.deepEqual(await history.coverage(''), [month]);
    assert.equal((await readAll(history)).length, 4_000);
  });

  it('are given up when the server fails altogether: one gap, few requests', async () => {
    const source = new MadeSource({
      events: eventsAt(evenly(4_000, month)),
      interfere: (_, number) => {
        if (number > 5) throw failure('server');
        return undefined;
      },
    });
    const history = await workshop.local(':memory:');
    const { gaps } = await load(history, source, { pageSize: 50 });
    // Pages that came before the end may be stored after the first failures.
    assert.ok(source.requests.length <= 18, `${source.requests.length} requests`);
    assert.ok(gaps.length <= 4, `${gaps.length} gaps`);
    assert.equal(gaps.at(-1)?.range.from, start);
  });

  const strange: [string, Partial<SourceOptions> & { reverse?: boolean; ignores?: ('from' | 'to')[] }][] = [
    ['takes no notice of `from`', { ignores: ['from'] }],
    ['takes no notice of times', { ignores: ['from', 'to'] }],
    ['lowers the limit', { maxLimit: 20 }],
    ['sends the oldest first', { reverse: true }],
  ];
  for (const [name, { ignores = [], reverse = false, ...options }] of strange) {
    it(`lose nothing when the server ${name}`, async () => {
      const range = { from: start + 100 * hour, to: start + 600 * hour };
      const all = eventsAt(evenly(2_000, month));
      const source = new MadeSource({ events: reverse ? all.toReversed() : all, ...options });
      source.options.interfere = (request) =>
        source.answer({
          ...request,
          ...(ignores.includes('from') && { from: 0 }),
          ...(ignores.includes('to') && { to: now }),
        });
      const history = await workshop.local(':memory:');
      const { gaps } = await load(history, source, { range, pageSize: 50 });
      assert.deepEqual(gaps, []);
      assert.deepEqual(await history.coverage(''), [range]);
      const wanted = all.filter((event) => {
        const time = timeOf(event);
        return time >= range.from && time < range.to;
      });
      assert.deepEqual(await readAll(history, { view: { range } }), wanted);
      const pages = 2_000 / (options.maxLimit ?? 50);
      assert.ok(source.requests.length < 2 * pages, `${source.requests.length} requests`);
    });
  }

  it('are a gap, with all events stored, where the server takes no notice of `to` and nothing shows that none are left out', async () => {
    const range = { from: start + 100 * hour, to: start + 600 * hour };
    const all = eventsAt(evenly(2_000, month));
    const source = new MadeSource({ events: all });
    source.options.interfere = (request) => source.answer({ ...request, to: now });
    const history = await workshop.local(':memory:');
    const { gaps } = await load(history, source, { range, pageSize: 50 });
    assert.deepEqual(
      gaps.map((gap) => gap.range),
      [range],
    );
    assert.match(format(gaps[0]!.reason), /other times than it was asked for/);
    assert.deepEqual(await history.coverage(''), []);
    assert.ok(source.requests.length < 80, `${source.requests.length} requests`);
    assert.equal((await readAll(history, { view: { range } })).length, 1389);
  });

  it('go on where they were when cancelled at any time', async () => {
    const events = eventsAt(evenly(1_500, month));
    for (let stop = 0; stop <= 30; stop += 3) {
      const controller = new AbortController();
      const source = new MadeSource({
        events,
        interfere: async (_, number, signal) => {
          if (number === stop) controller.abort();
          await sleep(1, undefined, { signal });
          return undefined;
        },
      });
      const history = await workshop.local(':memory:');
      await assert.rejects(load(history, source, { pageSize: 50, signal: controller.signal }), { name: 'AbortError' });
      const covered = await history.coverage('');
      const stored = new Set((await readAll(history)).map((event) => event['event_id']));
      for (const event of events) {
        const time = timeOf(event);
        if (covered.some(({ from, to }) => time >= from && time < to)) assert.ok(stored.has(event['event_id']));
      }
      source.options.interfere = undefined;
      assert.deepEqual((await load(history, source, { pageSize: 50 })).gaps, []);
      assert.deepEqual(await readAll(history), events);
    }
  });

  it('read a source that is always read whole in one chain', async () => {
    const source = Object.assign(new MadeSource({ events: eventsAt(evenly(2_000, month)) }), { isWhole: true });
    await load(await workshop.local(':memory:'), source, { pageSize: 50 });
    assert.equal(source.requests.length, 40);
    assert.equal(new Set(source.requests.map(({ to }) => to)).size, 1);
  });

  it('have no more pages in memory than may run, and one more for a chain that runs alone', async () => {
    const history = await workshop.local(':memory:');
    let [held, most] = [0, 0];
    const interfere = (): undefined => {
      most = Math.max(most, ++held);
    };
    const store = history.store.bind(history);
    history.store = async (...args) => {
      await sleep(2);
      held--;
      return store(...args);
    };
    await load(history, new MadeSource({ events: eventsAt(evenly(4_000, month)), interfere }), { pageSize: 50 });
    assert.ok(most <= 5, `${most} pages`);
  });
});
