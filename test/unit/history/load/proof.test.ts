import assert from 'node:assert/strict';
import { fieldText, type ActivityEvent } from '../../../../src/core/event/event';
import { RequestError } from '../../../../src/core/base/errors';
import { format, message } from '../../../../src/core/base/message';
import type { PageRequest } from '../../../../src/core/event/source';
import { covers } from '../../../../src/core/time/ranges';
import { Random } from '../../../../src/sample/random';
import type { DecodedPage } from '../../../../src/history/ingest/preparePage';
import { Chain } from '../../../../src/history/load/chain';
import { Loader, type LoadResult } from '../../../../src/history/load/loader';
import { PagePlaces } from '../../../../src/history/load/provePage';
import { noSignal, pageOf, readAll, record, silentLog, Workshop } from '../fixture';
import { MadeSource, type Interference, type SourceOptions } from '../madeSource';

const second = 1000;
const start = Date.UTC(2026, 10, 1);
const sources = ['nova', 'neutron', 'glance'];

/** `count` events, newest first, `step` seconds apart. */
function series(count: number, step = 1): ActivityEvent[] {
  return Array.from({ length: count }, (_, n) =>
    record(n, {
      timestamp: new Date(start + (count - n) * step * second).toISOString().replace('.000', ''),
      source: sources[n % 3],
      request_body: '',
    }),
  );
}

/** A proxy that takes requests with the same `keyOf` for the same. */
const cachedBy = (keyOf: (request: PageRequest) => unknown) => (answer: (request: PageRequest) => Uint8Array) => {
  const kept = new Map<string, Uint8Array>();
  return (request: PageRequest): Uint8Array => {
    const key = JSON.stringify(keyOf(request));
    const page = kept.get(key) ?? answer(request);
    kept.set(key, page);
    return page.slice();
  };
};

/** A server that may answer in another order, take no notice of what it is asked, cap its pages, and have a proxy that errs. */
function drawLie(
  random: Random,
  limit: number,
): SourceOptions & { name: string; makeInterference(source: MadeSource): Interference } {
  const order = random.pick(['newest', 'newest', 'oldest', 'arrival']);
  const ignores = (['from', 'to', 'component', 'limit'] as const).filter(
    // Where times are not kept to, only the order shows where a page belongs.
    (name) => random.chance(0.15) && !(order === 'arrival' && (name === 'from' || name === 'to')),
  );
  const cap = random.pick([Infinity, Infinity, limit, 100]);
  const hasMarkers = cap === Infinity || random.chance(0.3);
  const cached = order === 'newest' ? random.pick(['', '', 'marker', 'allButMarker', 'times', 'path']) : '';
  const newest = series(random.int(90, 900));
  const events = order === 'oldest' ? newest.toReversed() : order === 'arrival' ? newest.toSorted(() => 0) : newest;
  if (order === 'arrival')
    for (let n = 0; n < 20; n++)
      events.splice(random.int(0, events.length - 1), 0, ...events.splice(-random.int(1, 60), 1));
  const keys: Record<string, (request: PageRequest) => unknown> = {
    '': (request) => [request, random.next()],
    marker: (request) => request.marker ?? request,
    allButMarker: ({ from, to, component, limit }) => [from, to, component, limit],
    times: ({ marker, component }) => [marker, component],
    path: ({ component }) => component,
  };
  const makeInterference = (source: MadeSource): Interference =>
    cachedBy(keys[cached]!)((request) => {
      const wide = { from: 0, to: start + 1e9, component: undefined, limit: 250 };
      const asked = { ...request, ...Object.fromEntries(ignores.map((name) => [name, wide[name]])) };
      const page = source.answer({ ...asked, limit: Math.min(asked.limit, cap) });
      if (hasMarkers) return page;
      return pageOf((JSON.parse(new TextDecoder().decode(page)) as { logs: ActivityEvent[] }).logs);
    });
  const name = JSON.stringify({ order, ignores, cap, hasMarkers, cached, events: events.length });
  return { events, name, makeInterference };
}

describe('a chain of pages', () => {
  const page = (print: string, newest = 2, oldest = 1): DecodedPage => ({
    records: 2,
    unreadable: [],
    newest: newest * second,
    oldest: oldest * second,
    sources: [],
    print,
    ordered: true,
    marker: 'more',
  });

  it('has no order, and makes sure of nothing more, once a page begins above the one before', () => {
    const chain = new Chain(9_000 * second, 9_000 * second);
    assert.deepEqual([chain.add(page('a', 9_000, 8_000)), chain.sure], [false, 9_000 * second]);
    assert.deepEqual([chain.add(page('b', 7_000, 6_000)), chain.sure], [false, 8_001 * second]);
    assert.deepEqual([chain.add(page('c', 6_500, 5_000)), chain.hasFallen], [true, false]);
    assert.deepEqual([chain.add(page('d', 4_000, 3_000)), chain.sure], [false, 8_001 * second]);
  });

  it('has each page behind the same one wherever that comes again', () => {
    const places = new PagePlaces();
    /** What is said of the last of the pages, which come one after the other. */
    const follow = (component: string | undefined, ...prints: string[]): string | undefined => {
      const chain = new Chain(0, 0);
      let doubt;
      for (const print of prints) {
        doubt = places.add(component, page(print), chain);
        chain.add(page(print));
      }
      return doubt?.kind;
    };
    assert.equal(follow(undefined, 'a', 'b', 'c'), undefined);
    assert.equal(follow(undefined, 'a', 'b', 'c'), undefined);
    assert.equal(follow(undefined, 'b', 'c'), undefined, 'as its first page');
    assert.equal(follow(undefined, 'x', 'c'), 'repeated', 'behind another page');
    assert.equal(follow('nova', 'b', 'c'), 'repeated', 'of another component');
    assert.equal(follow(undefined, 'd', 'e', 'd'), 'repeated', 'in a circle');
  });
});

interface Outcome extends LoadResult {
  readonly stored: number;
  readonly ids: ReadonlySet<unknown>;
  readonly requests: number;
  readonly isComplete: boolean;
}

describe('a page', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  async function load(
    options: SourceOptions & { makeInterference?: (source: MadeSource) => Interference },
    settings: { pageSize?: number; concurrency?: number; components?: string[]; from?: number; to?: number } = {},
  ): Promise<Outcome> {
    const { from = start, to = start + 30_000 * second, pageSize = 100, concurrency = 3, components = [] } = settings;
    const history = await workshop.local(':memory:');
    const source = new MadeSource(options);
    source.options.interfere = options.makeInterference?.(source) ?? options.interfere;
    const now = () => start + 60_000 * second;
    const waitForToken = () => Promise.reject(new Error('The token was refused'));
    const parts = { source, history, components, pageSize, concurrency, now, waitForToken, log: silentLog };
    const result = await new Loader(parts).load({ from, to }, () => undefined, noSignal);
    const streams = components.length > 0 ? components : [''];
    const covered = await Promise.all(streams.map((stream) => history.coverage(stream)));
    const isComplete = covered.every((ranges) => covers(ranges, { from, to }));
    assert.equal(isComplete, result.gaps.length === 0, 'what is not complete is a gap, and nothing else');
    const ids = new Set((await readAll(history)).map((event) => event['event_id']));
    return { ...result, stored: ids.size, ids, requests: source.requests.length, isComplete };
  }

  const reasonsOf = ({ gaps }: Outcome): string => gaps.map(({ reason }) => format(reason)).join();

  it('of another slice, which a proxy gives for its marker, claims nothing: all is asked for again, one after another', async () => {
    const makeInterference = (source: MadeSource) =>
      cachedBy((request) => request.marker ?? request)((request) => source.answer(request));
    const outcome = await load({ events: series(12_000), makeInterference });
    assert.deepEqual([outcome.stored, outcome.isComplete], [12_000, true]);
  });

  for (const [what, keyOf] of [
    ['all but the marker', ({ from, to, component }: PageRequest) => [from, to, component]],
    ['the end of the times', ({ to, marker }: PageRequest) => [to, marker]],
    ['the component', ({ component }: PageRequest) => component ?? ''],
  ] as const) {
    it(`that a proxy gave for ${what} before is not taken for the answer`, async () => {
      const outcome = await load({
        events: series(3_000),
        makeInterference: (source) => cachedBy(keyOf)((request) => source.answer(request)),
      });
      assert.ok(!outcome.isComplete || outcome.stored === 3_000, `${outcome.stored} of 3000`);
    });
  }

  it('of another component than was asked for makes a gap that says what to do', async () => {
    const makeInterference =
      (source: MadeSource): Interference =>
      (request) =>
        source.answer({ ...request, component: undefined });
    const outcome = await load({ events: series(300), makeInterference }, { components: ['nova', 'glance'] });
    assert.deepEqual(outcome.gaps.map(({ stream }) => stream).sort(), ['glance', 'nova']);
    assert.match(reasonsOf(outcome), /other components.*activityLog\.components/);
    assert.equal(outcome.stored, 100, 'what came is kept');
  });

  const late = record(9_999, { timestamp: '2026-11-01T00:00:02Z', source: 'nova' });
  it('that ends with a record which came late hides nothing', async () => {
    const events = series(3_000);
    for (const place of [99, 199, 1_499]) {
      const byArrival = events.toSpliced(place, 0, late);
      const outcome = await load({ events: byArrival });
      assert.deepEqual([outcome.stored, outcome.isComplete], [3_001, true], `late at ${place}`);
    }
  });

  for (const [what, first] of [
    ['above where the chain stood', 150],
    ['above what counts as complete', 10],
  ] as const) {
    it(`that begins ${what} shows that others may be left out: the rest is asked for again`, async () => {
      const events = series(450);
      const interfere: Interference = (_, number) =>
        number === 2 ? pageOf(events.slice(first, first + 70), 'offset 400') : undefined;
      const outcome = await load({ events, interfere }, { concurrency: 1 });
      assert.deepEqual([outcome.stored, outcome.isComplete], [450, true]);
    });
  }

  it('below the asked times, behind one above them, does not show that nothing happened in between', async () => {
    const makeInterference =
      (source: MadeSource): Interference =>
      (request) =>
        source.answer({ ...request, from: 0, to: start + 1e9 });
    const between = { from: start + 1_002 * second, to: start + 1_008 * second };
    const outcome = await load({ events: series(200, 10), makeInterference }, between);
    assert.equal(outcome.isComplete, false);
    assert.match(reasonsOf(outcome), /other times/);
  });

  for (const [what, cap, limit] of [
    ['as many records as were asked for', 100, 100],
    ['a hundred records where a thousand were asked for', 100, 1_000],
    ['999 records where a thousand were asked for', 999, 1_000],
  ] as const) {
    it(`without a marker, but with ${what}, is not taken for the last`, async () => {
      const makeInterference =
        (source: MadeSource): Interference =>
        (request) => {
          const { logs } = JSON.parse(new TextDecoder().decode(source.answer({ ...request, limit: cap }))) as {
            logs: [];
          };
          return pageOf(logs);
        };
      const outcome = await load({ events: series(6_000), makeInterference }, { pageSize: limit });
      assert.deepEqual([outcome.stored, outcome.isComplete], [6_000, true]);
    });
  }

  const failingFrom = (page: number, events: ActivityEvent[]): SourceOptions => ({
    events,
    interfere: (_, number) => {
      if (number >= page) throw new RequestError('server', message('The server failed.'));
      return undefined;
    },
  });

  it('is complete when the next goes on below it', async () => {
    const { gaps, stored } = await load(failingFrom(4, series(100, 60)), { pageSize: 10, concurrency: 1 });
    assert.equal(stored, 40);
    // The fourth page shows that the third is where it belongs.
    assert.deepEqual(
      gaps.map(({ range }) => [range.from, range.to]),
      [[start, start + (71 * 60 + 1) * second]],
    );
  });

  it('is not complete where an event belongs that a clock ahead of the others puts on a later page', async () => {
    const events = series(300);
    const [early] = events.splice(150, 1);
    events.splice(190, 0, early!);
    const { gaps, ids } = await load(failingFrom(19, events), { pageSize: 10, concurrency: 1 });
    const time = Date.parse(fieldText(early!, 'timestamp'));
    assert.ok(!ids.has(early!['event_id']));
    assert.ok(gaps.some(({ range }) => range.from <= time && time < range.to));
  });

  it('of one time alone does not show that the newest come first', async () => {
    const events = Array.from({ length: 10 }, (_, n) =>
      record(n, { timestamp: n < 5 ? '2026-11-01T00:00:01Z' : '2026-11-01T00:00:09Z' }),
    );
    const makeInterference =
      (source: MadeSource): Interference =>
      (request) => {
        if (request.marker !== undefined) throw new RequestError('badRequest', message('The marker is invalid.'));
        return source.answer({ ...request, limit: 5 });
      };
    const outcome = await load({ events, makeInterference });
    assert.ok(!outcome.isComplete || outcome.stored === 10, `${outcome.stored} of 10`);
    assert.equal(outcome.stored, 10);
  });

  it('that is just full and the last is asked for once more, with one record fewer', async () => {
    const events = Array.from({ length: 300 }, (_, n) =>
      record(n, { timestamp: `2026-11-01T00:00:0${n < 100 ? 9 : 5}Z` }),
    );
    const outcome = await load({ events });
    assert.deepEqual([outcome.stored, outcome.isComplete, outcome.gaps], [300, true, []]);
  });

  it('of all records, whatever limit was asked for, is asked for again once, in two', async () => {
    const makeInterference =
      (source: MadeSource): Interference =>
      (request) =>
        source.answer({ ...request, limit: 1e6 });
    const outcome = await load({ events: series(6_000), makeInterference });
    assert.deepEqual([outcome.stored, outcome.isComplete, outcome.requests], [6_000, true, 3]);
  });

  // PROOF=1-5000 tries other seeds.
  const [first = 1, last = 300] = (process.env['PROOF'] ?? '1-300').split('-').map(Number);
  it(`proves what it claims (seeds ${first} to ${last}): complete means that all is stored`, async () => {
    let complete = 0;
    for (let seed = first; seed <= last; seed++) {
      const random = new Random(`proof ${seed}`);
      const pageSize = random.int(100, 130);
      const { name, ...options } = drawLie(random, pageSize);
      const components = random.chance(0.3) ? sources : [];
      const range = { from: start + random.pick([0, 300]) * second, to: start + random.pick([700, 30_000]) * second };
      const outcome = await load(options, { pageSize, concurrency: random.int(1, 5), components, ...range });
      if (!outcome.isComplete) continue;
      complete++;
      const missing = options.events.filter((event) => {
        const time = Date.parse(fieldText(event, 'timestamp'));
        return time >= range.from && time < range.to && !outcome.ids.has(event['event_id']);
      });
      assert.deepEqual(missing.length, 0, `seed ${seed}, ${name}`);
    }
    assert.ok(complete > (last - first) / 4, `${complete} were complete`);
  });
});
