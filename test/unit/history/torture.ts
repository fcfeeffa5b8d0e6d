import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuditSource } from '../../../src/api';
import { isCancelled } from '../../../src/core/base/errors';
import { fieldText, type ActivityEvent } from '../../../src/core/event/event';
import type { Range } from '../../../src/core/time/range';
import { intersect, subtract, union } from '../../../src/core/time/ranges';
import { Random } from '../../../src/sample/random';
import { LocalHistory } from '../../../src/history/localHistory';
import { Loader, type Gap, type LoadResult } from '../../../src/history/load/loader';
import { readStreams } from '../../../src/history/load/streams';
import { format } from '../../../src/core/base/message';
import { makeEvents } from '../../server/events';
import type { AuditRules } from '../../server/audit';
import type { Fault } from '../../server/faults';
import { startServer, type StandIn } from '../../server/startServer';
import { noSignal, readAll, silentLog } from './fixture';

const minute = 60_000;
const hour = 60 * minute;
const newest = Date.UTC(2026, 10, 20, 12);
const end = newest + hour;
const range: Range = { from: newest - 3 * hour, to: end };
/** Events from here on have not happened yet when the first loads are made. */
const halfway = newest - 2_000;

/** Records of the answer are no longer what the server holds. */
const lies = [
  'wrongTypes',
  'notRecords',
  'missingFields',
  'missingIds',
  'duplicateIds',
  'unreadableTimes',
] as const satisfies readonly Fault['kind'][];

/** Every fault of the stand-in that can strike a load. */
const makers: readonly [(random: Random) => Fault, ...((random: Random) => Fault)[]] = [
  (random) => ({ kind: 'status', status: random.pick([400, 401, 403, 404, 410, 429, 500, 503]), retryAfter: 0 }),
  (random) => ({ kind: 'status', status: 502, encoding: random.pick(['gzip', 'br']), body: '<html>' }),
  () => ({ kind: 'html' }),
  (random) => ({ kind: 'answer', body: random.pick(['', 'null', '{}', '{"logs":[', 'oops']) }),
  (random) => ({ kind: 'redirect', to: random.pick(['/', 'https://elsewhere.test/logs']) }),
  () => ({ kind: 'bomb', bytes: 1 << 20 }),
  () => ({ kind: 'hollow', bytes: 100_000 }),
  (random) => ({ kind: 'endless', bytes: 120_000, declared: random.chance(0.5) }),
  () => ({ kind: 'headerFlood', bytes: 40_000 }),
  () => ({ kind: 'deep', depth: 3_000 }),
  (random) => ({ kind: 'reset', at: random.pick(['head', 'body']) }),
  (random) => ({ kind: 'hang', at: random.pick(['head', 'body']) }),
  (random) => ({ kind: 'cut', framing: random.pick(['length', 'chunked', 'clean']) }),
  () => ({ kind: 'drip', ms: 1, bytes: 2_000 }),
  () => ({ kind: 'slow', ms: 3 }),
  (random) => ({ kind: 'refuseMarker', status: random.pick([400, 404, 410]) }),
  (random) => ({
    kind: random.pick([
      'duplicatePage',
      'repeatedRecords',
      'markerLoop',
      'endlessMarkers',
      'logsObject',
      'logsMissing',
    ]),
  }),
  (random) => ({ kind: random.pick(['ignoreFrom', 'ignoreTo', 'ignoreSource', 'ignoreLimit', 'noMarkers']) }),
  (random) => ({ kind: 'cached', by: random.pick(['marker', 'allButMarker']) }),
  (random) => ({ kind: random.pick([...lies]) }),
];

const timeOf = (event: ActivityEvent): number => Date.parse(fieldText(event, 'timestamp'));

class Torture {
  readonly #random: Random;
  readonly #events: readonly ActivityEvent[];
  readonly #history = new LocalHistory();
  #unreadable = 0;
  #faults: readonly Fault[] = [];

  toString(): string {
    return `seed ${this.seed}, ${JSON.stringify([this.rules, this.#faults])}`;
  }

  constructor(
    readonly seed: number,
    readonly server: StandIn,
    events: readonly ActivityEvent[],
    random: Random,
    /** Whether answers say when they were given. */
    readonly hasClock: boolean,
    readonly rules: Partial<AuditRules>,
  ) {
    this.#events = events;
    this.#random = random;
  }

  async run(): Promise<void> {
    const random = this.#random;
    await this.#history.open({ file: ':memory:' });
    try {
      const drawn = Array.from({ length: random.int(1, 4) }, () => ({
        chance: 0.05 + random.next() * 0.3,
        ...random.pick(makers)(random),
      }));
      // A page that is sent again, but with other ids, cannot be told from a new one, nor a record that has nothing but a time.
      const isLost = drawn.some(({ kind }) => kind === 'duplicatePage' || kind === 'missingFields');
      const { maxLimit = Infinity, order } = this.rules;
      const faults = drawn.filter(
        ({ kind }) =>
          !(isLost && kind === 'missingIds') &&
          // A page of fewer records than were asked for, without a marker, is the last.
          !(maxLimit < 100 && kind === 'noMarkers') &&
          // Where neither times nor markers are kept to, only the order shows where a page belongs.
          !(order === 'arrival' && ['ignoreFrom', 'ignoreTo', 'refuseMarker'].includes(kind)),
      );
      this.#faults = faults;
      for (const fault of faults) this.server.fault(fault);
      await this.#attempt(halfway + this.#jump(), halfway);
      this.server.addEvents(this.#events.filter((event) => timeOf(event) >= halfway));
      await this.#attempt(end, end);
      this.server.clearFaults();
      this.server.setRules({ markerLifeMs: hour });
      const { gaps } = await this.#load(end, noSignal, {});
      await this.#checkGaps(gaps, range.to, end);
      await this.#checkCovered(end);
      assert.deepEqual(
        gaps.map(({ reason, range }) => [format(reason), range]),
        [],
      );
      const isAltered = faults.some(({ kind }) => (lies as readonly string[]).includes(kind));
      await this.#checkAll(isAltered);
    } finally {
      await this.#history.close();
    }
  }

  /** How wrong the clock is. Where the server does not tell the time, a small lead cannot be noticed later. */
  #jump(): number {
    return this.#random.pick([0, 0, 0, -10 * minute, 30 * 24 * hour, ...(this.hasClock ? [5 * minute] : [])]);
  }

  async #attempt(now: number, time: number): Promise<void> {
    const cancel = new AbortController();
    const stopAt = this.#random.chance(0.25) ? this.server.requests.length + this.#random.int(0, 20) : Infinity;
    const watch = (): void => {
      if (this.server.requests.length >= stopAt) cancel.abort();
    };
    try {
      // Silence is noticed soon; a busy machine may be silent, too, which only makes one more fault.
      const { gaps } = await this.#load(now, cancel.signal, { idleMs: 60, maxBytes: 70_000 }, watch);
      await this.#checkGaps(gaps, Math.min(now, range.to), Math.min(now, this.hasClock ? time : now));
    } catch (error) {
      if (!isCancelled(error)) throw error;
    }
    await this.#checkCovered(time);
  }

  async #load(now: number, signal: AbortSignal, limits: object, onAttempt = () => {}): Promise<LoadResult> {
    const source = createAuditSource({
      endpoint: this.server.endpoint,
      token: () => this.server.token,
      retry: { attempts: 2, baseMs: 1, capMs: 2 },
      limits,
      onAttempt,
    });
    const loader = new Loader({
      source,
      history: this.#history,
      components: [],
      pageSize: this.#random.chance(0.1) ? 120 : this.#random.int(4, 20),
      concurrency: this.#random.int(1, 6),
      now: () => now,
      waitForToken: () => sleep(1),
      log: silentLog,
    });
    try {
      return await loader.load(range, ({ unreadable }) => (this.#unreadable += unreadable), signal);
    } finally {
      source.dispose();
    }
  }

  /** What is not complete is a gap, and what is a gap is not complete: exactly, apart from the last minutes. */
  async #checkGaps(gaps: readonly Gap[], to: number, servedAt: number): Promise<void> {
    const settled = { from: range.from, to: Math.min(to, servedAt - 2 * minute) };
    for (const { stream, covered } of await readStreams(this.#history, [], noSignal)) {
      const said = gaps.filter((gap) => gap.stream === stream).map((gap) => gap.range);
      const inSettled = said.flatMap((gap) => intersect(gap, settled) ?? []);
      assert.deepEqual(union(inSettled), subtract(settled, covered), `gaps of ${stream || 'all'}`);
    }
    for (const gap of gaps) assert.ok(gap.range.from >= range.from && gap.range.to <= to, 'a gap outside of the range');
  }

  /** No event that had happened is missing where all is said to be there. */
  async #checkCovered(time: number): Promise<void> {
    const stored = await this.#stored();
    const streams = await readStreams(this.#history, [], noSignal);
    const missing = this.#events.filter((event) => {
      const at = timeOf(event);
      const isCovered = streams.some(
        ({ stream, covered }) =>
          (stream === '' || stream === event['source']) && covered.some(({ from, to }) => at >= from && at < to),
      );
      return at < time && isCovered && !stored.has(event);
    });
    this.#checkMissing(missing);
  }

  async #checkAll(isAltered: boolean): Promise<void> {
    const stored = await this.#stored();
    this.#checkMissing(this.#events.filter((event) => !stored.has(event)));
    const all = await readAll(this.#history, { view: { range } });
    const { days } = await this.#history.counts({ range }, 'utc', noSignal);
    assert.equal(
      days.reduce((sum, day) => sum + day.events, 0),
      all.length,
    );
    if (isAltered || this.#unreadable > 0)
      assert.equal(new Set(all.map((event) => JSON.stringify(event))).size, all.length, 'doubled');
    else if ((await this.#history.metadata('streams')) === undefined && this.rules.order === 'newest')
      assert.deepEqual(all, this.#events);
    else assert.deepEqual(all.map(idOf).sort(), this.#events.map(idOf).sort());
  }

  /** Records that came as something else were said to be unreadable. */
  #checkMissing(missing: readonly ActivityEvent[]): void {
    if (this.#unreadable === 0) assert.deepEqual(missing.map(idOf), []);
  }

  /** A record that came without its id or with another's is known by its request. */
  async #stored(): Promise<{ has(event: ActivityEvent): boolean }> {
    const all = await readAll(this.#history, { view: { range } });
    const ids = new Set(all.flatMap((event) => [fieldText(event, 'event_id'), fieldText(event, 'request_id')]));
    return { has: (event) => ids.has(idOf(event)) || ids.has(fieldText(event, 'request_id')) };
  }
}

function idOf(event: ActivityEvent): string {
  return fieldText(event, 'event_id');
}

/**
 * Loads with faults, lies, cancelling and clocks that jump, all as `seed` says, and checks after each load that nothing is
 * missing but what the gaps say.
 */
export async function torture(seed: number): Promise<void> {
  const random = new Random(`torture ${seed}`);
  const stepMs = random.pick([100, 400, 1_000, 60_000]);
  const events = makeEvents(random.int(15, 60), { newest, stepMs, bytes: 600, seed: String(seed) });
  const hasClock = random.chance(0.7);
  let added = false;
  const rules = {
    ...random.pick<Partial<AuditRules>>([
      {},
      {},
      { maxLimit: 5 },
      { maxLimit: 20 },
      { maxLimit: 100, overLimit: 'refuse' },
    ]),
    bounds: random.pick(['inclusive', 'exclusive'] as const),
    sourceRequired: random.chance(0.1),
    markerLifeMs: random.pick([3_600_000, 3_600_000, 3_600_000, 3]),
    markerStatus: random.pick([400, 404, 410] as const),
    markers: random.pick(['whole', 'offset'] as const),
    order: random.pick(['newest', 'newest', 'newest', 'oldest', 'arrival'] as const),
  };
  const server = await startServer({
    events: events.filter((event) => timeOf(event) < halfway),
    seed: String(seed),
    ...rules,
    clock: () => (hasClock ? (added ? end : halfway) : undefined),
  });
  const { addEvents } = server;
  server.addEvents = (more) => {
    added = true;
    addEvents(more);
  };
  const torture = new Torture(seed, server, events, random, hasClock, rules);
  try {
    await torture.run();
  } catch (error) {
    throw new Error(`${String(torture)}: ${String(error)}`, { cause: error });
  } finally {
    await server.stop();
  }
}
