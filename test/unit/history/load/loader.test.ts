import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { format } from '../../../../src/core/base/message';
import type { Range } from '../../../../src/core/time/range';
import type { PageRequest } from '../../../../src/core/event/source';
import { Loader, type LoadProgress, type LoadResult } from '../../../../src/history/load/loader';
import type { History } from '../../../../src/history/history';
import { noSignal, pageOf, readAll, record, silentLog, storeBytes, Workshop } from '../fixture';
import { failure, MadeSource, type SourceOptions } from '../madeSource';

const start = Date.UTC(2026, 10, 1);
const second = 1000;
const hour = 3_600_000;
/** Long after all events. */
const later = start + 10 * hour;
const range: Range = { from: start, to: later };

/** `count` events, newest first, `perSecond` of them in each second. */
function series(count: number, perSecond = 1, sources = ['nova']): ActivityEvent[] {
  return Array.from({ length: count }, (_, n) =>
    record(n, {
      timestamp: new Date(start + Math.floor((count - 1 - n) / perSecond) * second).toISOString().replace('.000', ''),
      source: sources[n % sources.length],
    }),
  );
}

const names = (events: readonly ActivityEvent[]): unknown[] => events.map((event) => event['request_id']);

describe('loader', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  interface Setting {
    readonly history: History;
    readonly source: MadeSource;
    load(
      options?: Partial<{ range: Range; now: number; signal: AbortSignal; pageSize: number; concurrency: number }>,
    ): Promise<LoadResult>;
    readonly progress: LoadProgress[];
    readonly prompts: number[];
  }

  async function set(
    options: SourceOptions & { components?: string[]; waitForToken?: (signal: AbortSignal) => Promise<void> },
  ): Promise<Setting> {
    const history = await workshop.local(':memory:');
    const source = new MadeSource(options);
    const progress: LoadProgress[] = [];
    const prompts: number[] = [];
    return {
      history,
      source,
      progress,
      prompts,
      load({ range: wanted = range, now = later, signal = noSignal, pageSize = 10, concurrency = 4 } = {}) {
        const loader = new Loader({
          source,
          history,
          components: options.components ?? [],
          pageSize,
          concurrency,
          now: () => now,
          waitForToken: async (given) => {
            prompts.push(source.requests.length);
            await (options.waitForToken ?? (() => sleep(5)))(given);
          },
          log: silentLog,
        });
        return loader.load(wanted, (value) => progress.push(value), signal);
      },
    };
  }

  const asked = (requests: readonly PageRequest[]): [number, number][] =>
    requests.map(({ from, to }) => [(from - start) / second, (to - start) / second]);

  it('loads no more streams at the same time than it may', async () => {
    let running = 0;
    let most = 0;
    const interfere = async (): Promise<undefined> => {
      most = Math.max(most, ++running);
      await sleep(5);
      running--;
    };
    const { load } = await set({ events: series(35), components: ['nova', 'cinder', 'neutron', 'glance'], interfere });
    await load({ concurrency: 2 });
    assert.equal(most, 2);
  });

  it('loads everything, newest first, and asks for nothing twice', async () => {
    const events = series(35);
    const { history, source, load, progress } = await set({ events });
    assert.deepEqual(await load({ concurrency: 1 }), { gaps: [], loaded: 35, unreadable: 0 });
    assert.deepEqual(names(await readAll(history)), names(events));
    assert.deepEqual(
      progress.map(({ events, newEvents }) => [events, newEvents]),
      [
        [10, 10],
        [20, 20],
        [30, 30],
        [35, 35],
      ],
    );
    assert.equal(progress.at(-1)?.oldest, start);
    for (const { component, limit, from, to } of source.requests) {
      assert.deepEqual([component, limit, from % second, to % second], [undefined, 10, 0, 0]);
    }
    assert.equal(new Set(source.requests.map(({ to }) => to)).size, 1);
    const before = source.requests.length;
    await load({ range: { from: start, to: later - hour } });
    assert.equal(source.requests.length, before);
  });

  it('asks for gaps only, a second more on each side, and for the last minutes again', async () => {
    const { history, source, load } = await set({ events: series(20) });
    await load({ range: { from: start + 5 * second, to: start + 8 * second } });
    await load({ range: { from: start + 100.5 * second, to: start + 102.5 * second } });
    await load({ concurrency: 1, range: { from: start, to: start + 200 * second }, now: start + 300 * second });
    await load({ concurrency: 1, range: { from: start, to: start + 200 * second }, now: start + 301.5 * second });
    assert.deepEqual(asked(source.requests), [
      [4, 9],
      [99, 104],
      [101, 201],
      [7, 102],
      [7, 102], // its second page
      [-1, 6],
      [179, 201],
    ]);
    assert.deepEqual(await history.coverage(''), [{ from: start, to: start + 181.5 * second }]);
  });

  it('never asks for what is later than now', async () => {
    const { source, load } = await set({ events: series(5) });
    await load({ range: { from: start, to: later }, now: start + 60.5 * second });
    assert.deepEqual(asked(source.requests), [[-1, 61]]);
  });

  it('finds what arrives late', async () => {
    const events = series(5);
    const { history, source, load } = await set({ events });
    await load({ now: start + 60 * second, range: { from: start, to: start + hour } });
    source.options.events = [...events, record(99, { timestamp: '2026-11-01T00:00:00Z' })];
    await load({ now: start + 90 * second, range: { from: start, to: start + hour } });
    assert.equal((await readAll(history)).length, 6);
  });

  for (const exclusive of [false, true]) {
    for (const perSecond of [1, 3, 7]) {
      it(`loses nothing when markers are refused (${perSecond} events a second, ${exclusive ? 'exclusive' : 'inclusive'})`, async () => {
        const events = series(100, perSecond);
        const { history, source, load } = await set({
          events,
          exclusive,
          interfere: ({ marker }, number) => {
            if (marker !== undefined && number % 3 !== 1) throw failure(number % 2 ? 'badRequest' : 'notFound');
            return undefined;
          },
        });
        const { gaps } = await load({ pageSize: 20 });
        assert.deepEqual(gaps, []);
        assert.deepEqual(names(await readAll(history)), names(events));
        assert.deepEqual(await history.coverage(''), [{ from: start, to: later - 120 * second }]);
        assert.ok(source.requests.length < 40);
      });
    }
  }

  it('says it when a second holds more than can be reached without markers, and goes on below', async () => {
    const events = [
      ...series(40, 1).slice(0, 20),
      ...series(30, 100).map((event, n) => ({ ...event, event_id: `x${n}`, timestamp: '2026-11-01T00:00:19Z' })),
      ...series(40, 1).slice(21),
    ];
    const { history, load } = await set({
      events,
      interfere: ({ marker }) => {
        if (marker !== undefined) throw failure('notFound');
        return undefined;
      },
    });
    const { gaps } = await load();
    assert.deepEqual(
      gaps.map((gap) => gap.range),
      [{ from: start + 19 * second, to: start + 20 * second }],
    );
    assert.match(format(gaps[0]!.reason), /one second/);
    const stored = await readAll(history);
    assert.equal(stored.filter((event) => event['timestamp'] !== '2026-11-01T00:00:19Z').length, 39);
    const missing = await history.coverage('');
    assert.deepEqual(
      missing.map(({ from, to }) => [(from - start) / second, (to - start) / second]),
      [
        [0, 19],
        [20, 35_880],
      ],
    );
  });

  describe('a server that wants a component named', () => {
    const sources = ['nova', 'glance', 'dns'];

    it('is asked component by component, and that is remembered', async () => {
      const events = series(60, 1, sources);
      const { history, source, load } = await set({
        events,
        interfere: ({ component }) => {
          if (component === undefined) throw failure('badRequest');
          return undefined;
        },
      });
      await storeBytes(history, pageOf([record(999, { source: 'dns', timestamp: '2026-11-01T00:00:00Z' })]));
      assert.deepEqual((await load({ pageSize: 200 })).gaps, []);
      assert.equal((await readAll(history)).length, 61);
      assert.deepEqual(
        source.requests.slice(0, 2).map(({ component, limit }) => [component, limit]),
        [
          [undefined, 200],
          [undefined, 100],
        ],
      );
      const components = new Set(source.requests.slice(2).map(({ component }) => component));
      assert.deepEqual([...components].sort(), ['cinder', 'dns', 'glance', 'karbor', 'neutron', 'nova', 'octavia']);
      source.requests.length = 0;
      await load({ range: { from: start - hour, to: later } });
      assert.ok(source.requests.length >= 7 && source.requests.every(({ component }) => component !== undefined));
    });

    it('but refuses those too is shown as one gap', async () => {
      const { history, load } = await set({
        events: [],
        interfere: () => {
          throw failure('badRequest');
        },
      });
      const { gaps } = await load();
      assert.deepEqual(
        gaps.map(({ stream, failure }) => [stream, failure]),
        [['', 'badRequest']],
      );
      assert.equal(await history.metadata('streams'), undefined);
    });

    it('is not suspected when only the page size is too big', async () => {
      const events = series(250);
      const { history, source, load } = await set({
        events,
        interfere: ({ limit }) => {
          if (limit > 100) throw failure('badRequest');
          return undefined;
        },
      });
      assert.deepEqual((await load({ pageSize: 1000 })).gaps, []);
      assert.equal((await readAll(history)).length, 250);
      assert.deepEqual(
        source.requests.map(({ limit }) => limit),
        [1000, 100, 100, 100],
      );
    });
  });

  it('loads the chosen components each for itself, and knows what all-in-one loads covered', async () => {
    const events = series(40, 1, ['nova', 'glance', 'dns']);
    const { history, source, load } = await set({ events, components: ['nova', 'dns'] });
    await load();
    assert.equal((await readAll(history)).filter((event) => event['source'] === 'glance').length, 0);
    assert.deepEqual([...new Set(source.requests.map(({ component }) => component))], ['nova', 'dns']);
    assert.deepEqual(
      [await history.coverage('nova'), await history.coverage('')],
      [[{ from: start, to: later - 120 * second }], []],
    );
  });

  describe('a refused token', () => {
    it('is asked for once; then the same requests go on', async () => {
      const events = series(120, 1, ['nova', 'glance', 'dns']);
      let valid = true;
      const setting = await set({
        events,
        components: ['nova', 'glance', 'dns'],
        interfere: async (_request, number) => {
          if (number === 4) valid = false;
          if (!valid) {
            await sleep(number % 3); // some refusals come after the new token
            throw failure('unauthorized');
          }
          return undefined;
        },
        waitForToken: async () => {
          await sleep(2);
          valid = true;
        },
      });
      assert.deepEqual((await setting.load()).gaps, []);
      assert.equal((await readAll(setting.history)).length, 120);
      assert.equal(setting.prompts.length, 1);
    });

    it('that nobody replaces ends the load; what is stored stays', async () => {
      const { history, load } = await set({
        events: series(30),
        interfere: (_request, number) => {
          if (number > 0) throw failure('unauthorized');
          return undefined;
        },
        waitForToken: () => Promise.reject(new Error('nobody there')),
      });
      await assert.rejects(load(), { message: 'nobody there' });
      assert.equal((await readAll(history)).length, 10);
    });
  });

  it('makes a gap of what fails for good, and loads the rest', async () => {
    const events = series(60, 1, ['nova', 'glance', 'dns']);
    const { history, load, source } = await set({
      events,
      components: ['nova', 'glance', 'dns'],
      interfere: ({ component, marker }) => {
        if (component === 'glance') throw failure('forbidden');
        if (component === 'dns' && marker !== undefined) throw failure('server');
        return undefined;
      },
    });
    const { gaps } = await load();
    assert.deepEqual(
      gaps
        .sort((a, b) => a.stream.localeCompare(b.stream))
        .map(({ stream, range, failure }) => [stream, (range.to - start) / second, failure]),
      [
        ['dns', 31, 'server'],
        ['glance', 36_000, 'forbidden'],
      ],
    );
    assert.equal((await readAll(history)).length, 30);
    source.options.interfere = () => undefined;
    assert.deepEqual((await load()).gaps, []);
    assert.equal((await readAll(history)).length, 60);
  });

  for (const [times, expected] of [
    [2, 30],
    [3, 10],
  ] as const) {
    it(`asks again for a page that is none: ${times} times`, async () => {
      let broken = 0;
      const { history, load } = await set({
        events: series(30),
        interfere: ({ marker }) =>
          marker === 'offset 10' && broken++ < times ? new TextEncoder().encode('{"logs":[') : undefined,
      });
      const { gaps } = await load({ concurrency: 1 });
      assert.deepEqual(
        gaps.map((gap) => gap.failure),
        times > 2 ? ['malformed'] : [],
      );
      assert.equal((await readAll(history)).length, expected);
    });
  }

  const chains: [string, NonNullable<SourceOptions['interfere']>, RegExp, number][] = [
    ['the same marker again and again', (_, n) => pageOf([record(500 - n)], 'same'), /same marker/, 2],
    [
      'markers without end',
      (_, n) => pageOf([record(n, { timestamp: new Date(start + (20_000 - n) * second).toISOString() })], `m${n}`),
      /10000 pages/,
      10_000,
    ],
    ['empty pages without end', (_, n) => pageOf([], `m${n}`), /100 empty pages/, 100],
  ];
  for (const [name, interfere, reason, requests] of chains) {
    it(`makes a gap of ${name}`, async () => {
      const { source, load } = await set({ events: [], interfere });
      const { gaps } = await load({ concurrency: 1 });
      assert.deepEqual(
        gaps.map((gap) => gap.range.from),
        [start],
      );
      assert.match(format(gaps[0]!.reason), reason);
      assert.equal(source.requests.length, requests);
    });
  }

  it('soon gives up on one page that comes with new markers without end', async () => {
    const { source, load } = await set({ events: [], interfere: (_, n) => pageOf([record(1)], `m${n}`) });
    const { gaps } = await load();
    assert.equal(gaps.at(-1)?.range.from, start);
    assert.match(format(gaps.at(-1)!.reason), /same page/);
    assert.ok(source.requests.length < 20, `${source.requests.length} requests`);
  });

  it('counts records that cannot be read', async () => {
    const { load, progress } = await set({ events: [], interfere: () => pageOf([record(1), 7, null, 'x', []]) });
    assert.deepEqual(await load(), { gaps: [], loaded: 1, unreadable: 4 });
    assert.equal(progress[0]?.unreadable, 4);
  });

  it('claims nothing before the end when a server sends the oldest first', async () => {
    const events = series(40);
    const { history, source, load } = await set({
      events: events.toReversed(),
      interfere: (_, number) => {
        if (number === 3) throw failure('server');
        return undefined;
      },
    });
    const { gaps } = await load();
    assert.deepEqual(
      gaps.map((gap) => gap.range),
      [range],
    );
    assert.deepEqual(await history.coverage(''), []);
    assert.equal((await readAll(history)).length, 30);
    source.options.interfere = () => undefined;
    assert.deepEqual((await load()).gaps, []);
    assert.deepEqual(names(await readAll(history)), names(events));
    assert.deepEqual(await history.coverage(''), [{ from: start, to: later - 120 * second }]);
  });

  it('keeps what is stored when cancelled, at any time, and goes on from there', async () => {
    const events = series(60, 4);
    for (let stop = 0; stop <= 5; stop++) {
      const controller = new AbortController();
      const { history, source, load } = await set({
        events,
        interfere: async (_request, number, signal) => {
          if (number === stop) setImmediate(() => controller.abort());
          await sleep(number === stop ? 1000 : 0, undefined, { signal });
          return undefined;
        },
      });
      await assert.rejects(load({ signal: controller.signal }), { name: 'AbortError' });
      const sent = source.requests.length;
      await sleep(5);
      assert.equal(source.requests.length, sent);
      // The first page is asked for again within a slice.
      assert.ok((await readAll(history)).length >= Math.max(0, stop - 2) * 10);
      source.options.interfere = () => undefined;
      assert.deepEqual((await load()).gaps, []);
      assert.deepEqual(names(await readAll(history)), names(events));
    }
  });

  it('sends nothing when cancelled before it begins', async () => {
    const { source, load } = await set({ events: series(5) });
    await assert.rejects(load({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal(source.requests.length, 0);
  });

  it('fetches a page while the one before is stored, and no further ahead', async () => {
    const { history, source, load } = await set({ events: series(45) });
    let [held, most] = [0, 0];
    const overlaps: number[] = [];
    const answer = source.answer.bind(source);
    source.answer = (request) => {
      most = Math.max(most, ++held);
      return answer(request);
    };
    const store = history.store.bind(history);
    history.store = async (...args) => {
      const before = source.requests.length;
      await sleep(5);
      overlaps.push(source.requests.length - before);
      held--;
      return store(...args);
    };
    await load({ concurrency: 1 });
    assert.deepEqual([most, overlaps], [2, [1, 1, 1, 1, 0]]);
    assert.equal(source.requests.length, 5);
  });

  it('ends as a whole when the history fails', async () => {
    const { history, source, load } = await set({
      events: series(60, 1, ['a', 'b', 'c']),
      components: ['a', 'b', 'c'],
    });
    let stored = 0;
    const store = history.store.bind(history);
    history.store = (...args) => (++stored === 3 ? Promise.reject(new Error('disk full')) : store(...args));
    await assert.rejects(load(), { message: 'disk full' });
    const sent = source.requests.length;
    await sleep(10);
    assert.equal(source.requests.length, sent);
    assert.ok(sent < 9);
  });
});
