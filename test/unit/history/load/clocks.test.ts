import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { ActivityEvent } from '../../../../src/core/event/event';
import type { Range } from '../../../../src/core/time/range';
import type { History } from '../../../../src/history/history';
import { Loader } from '../../../../src/history/load/loader';
import { noSignal, readAll, record, silentLog, Workshop } from '../fixture';
import { MadeSource } from '../madeSource';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.UTC(2026, 10, 1);

const eventAt = (time: number): ActivityEvent =>
  record(time / second, { timestamp: new Date(time).toISOString().replace('.000', '') });

/** A server with an event every ten minutes, as many as have happened, and a computer whose clock may be wrong. */
class World {
  readonly source = new MadeSource({ events: [] });
  /** The true time. */
  time = start + 10 * hour;
  /** What the clock here is ahead. */
  lead = 0;

  constructor(
    readonly history: History,
    tellsTime: boolean,
  ) {
    if (tellsTime) Object.assign(this.source, { clock: () => this.time });
  }

  get now(): number {
    return this.time + this.lead;
  }

  events(): ActivityEvent[] {
    const events: ActivityEvent[] = [];
    for (let time = start; time <= this.time; time += 10 * minute) events.unshift(eventAt(time));
    return events;
  }

  async load(): Promise<void> {
    const { history, source } = this;
    const waitForToken = () => Promise.reject(new Error('The token was refused'));
    const options = { components: [], pageSize: 10, concurrency: 4, now: () => this.now, waitForToken, log: silentLog };
    source.options.events = this.events();
    source.requests.length = 0;
    const range: Range = { from: start, to: this.now + second };
    assert.deepEqual(
      (await new Loader({ source, history, ...options }).load(range, () => undefined, noSignal)).gaps,
      [],
    );
  }

  async checkComplete(): Promise<void> {
    assert.deepEqual(await readAll(this.history), this.events());
  }
}

describe('clocks', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  for (const tellsTime of [true, false]) {
    const server = tellsTime ? 'that tells its time' : 'that does not tell its time';
    for (const lead of [5 * minute, 40 * minute, 5 * hour, 400 * day]) {
      it(`that are ${lead / minute} minutes ahead hide nothing once they are right (a server ${server})`, async () => {
        const world = new World(await workshop.local(':memory:'), tellsTime);
        world.lead = lead;
        await world.load();
        // Where nobody tells the time, the error shows only while it lies ahead.
        world.time += tellsTime ? 3 * hour : Math.min(3 * hour, lead / 2);
        world.lead = 0;
        await world.load();
        await world.checkComplete();
        world.time += hour;
        await world.load();
        await world.checkComplete();
        assert.deepEqual(await world.history.coverage(''), [{ from: start, to: world.time - 2 * minute }]);
      });
    }

    it(`that jump back and forth never stop a refresh (a server ${server})`, async () => {
      const world = new World(await workshop.local(':memory:'), tellsTime);
      for (const lead of [0, -hour, 0, day, 0, -3 * day, -minute, minute, 0, 30 * day, day, 0]) {
        world.time += 7 * minute;
        world.lead = lead;
        await world.load();
        if (world.now < start) continue;
        assert.ok(world.source.requests.some(({ to }) => to === Math.ceil(world.now / second) * second));
        if (lead >= 0) await world.checkComplete();
      }
      world.time += 7 * minute;
      await world.load();
      await world.checkComplete();
    });
  }

  it('that are behind claim nothing later than they show', async () => {
    const world = new World(await workshop.local(':memory:'), true);
    world.lead = -2 * hour;
    await world.load();
    assert.deepEqual(await world.history.coverage(''), [{ from: start, to: world.now - 2 * minute }]);
    world.lead = 0;
    await world.load();
    await world.checkComplete();
  });

  it('that jump while a load runs change nothing: its end was fixed when it began', async () => {
    const world = new World(await workshop.local(':memory:'), true);
    const begun = world.now;
    world.source.options.interfere = (_, number) => {
      world.lead = [day, -day, hour, 0][number % 4]!;
      return undefined;
    };
    await world.load();
    assert.deepEqual(await world.history.coverage(''), [{ from: start, to: begun - 2 * minute }]);
    for (const { to } of world.source.requests) assert.ok(to <= begun);
    await world.checkComplete();
  });

  it('read a leap second as the one after it, at whatever place slices meet', async () => {
    const leap = Date.UTC(2016, 11, 31, 23, 59, 59);
    const names = ['00:00:01', '00:00:00', '23:59:60', '23:59:59', '23:59:58'];
    const events = names.flatMap((name, n) =>
      [0, 1, 2].map((copy) =>
        record(n * 3 + copy, { timestamp: `${name.startsWith('0') ? '2017-01-01' : '2016-12-31'}T${name}Z` }),
      ),
    );
    for (const exclusive of [false, true]) {
      for (let border = leap - 2 * second; border <= leap + 3 * second; border += second) {
        const history = await workshop.local(':memory:');
        const source = new MadeSource({ events, exclusive });
        const options = { components: [], pageSize: 4, concurrency: 4, now: () => leap + hour, log: silentLog };
        const waitForToken = () => Promise.reject(new Error('The token was refused'));
        const loader = new Loader({ source, history, ...options, waitForToken });
        await loader.load({ from: leap - hour, to: border }, () => undefined, noSignal);
        await loader.load({ from: border, to: leap + hour / 2 }, () => undefined, noSignal);
        assert.deepEqual(await readAll(history), events);
        assert.deepEqual(await history.coverage(''), [{ from: leap - hour, to: leap + hour / 2 }]);
      }
    }
  });

  // Day before, the day itself, day after; how many hours the day has.
  const changes: [string, string, number][] = [
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['America/Sao_Paulo', '2018-11-04', 23], // no midnight
    ['Africa/Cairo', '2026-04-24', 23], // no midnight
    ['Asia/Beirut', '2026-03-29', 23], // no midnight
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Europe/Moscow', '2014-10-26', 25],
    ['Asia/Kathmandu', '2026-03-29', 24],
    ['Pacific/Apia', '2011-12-31', 24], // the day before it was left out
  ];
  for (const [zone, date, hours] of changes) {
    it(`change on ${date} in ${zone}: the day has ${hours} hours, and every event is in it or beside it`, () => {
      const script = path.join(__dirname, 'daysProcess.js');
      const env = { ...process.env, TZ: zone, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
      const counted = JSON.parse(execFileSync(process.execPath, [script, date], { env, encoding: 'utf8' })) as unknown;
      // An event each quarter of an hour.
      assert.deepEqual(counted, { counted: hours * 4, listed: hours * 4, beside: 0, all: 96 * 4 });
    });
  }
});
