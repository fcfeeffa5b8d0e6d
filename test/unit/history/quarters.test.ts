import assert from 'node:assert/strict';
import { fieldText } from '../../../src/core/event/event';
import { always, noSignal, record, store, Workshop } from './fixture';

const quarter = 900_000;

describe('counts of quarters of an hour', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  it('agree with the events, tallied and searched, for ranges that cut quarters in two', async () => {
    const history = await workshop.local();
    const events = Array.from({ length: 400 }, (_, n) =>
      record(n, {
        timestamp: new Date(Date.UTC(2026, 9, 25, 12) - n * 131_000).toISOString(),
        source: n % 3 ? 'nova' : 'glance',
        success: n % 5 ? 'yes' : 'no',
      }),
    );
    await store(history, [...events, record(1000, { timestamp: '' })]);
    const search = { type: 'compare', field: 'method', op: '=', value: 'POST' } as const;
    const day = { from: Date.UTC(2026, 9, 25), to: Date.UTC(2026, 9, 26) };
    const ranges = [
      always,
      { from: Date.UTC(2026, 9, 25, 3, 7, 13), to: Date.UTC(2026, 9, 25, 9, 38, 1) },
      { from: Date.UTC(2026, 9, 25, 4, 1), to: Date.UTC(2026, 9, 25, 4, 9) },
    ];
    for (const range of ranges) {
      for (const source of ['nova', 'glance', 'none']) {
        const expected = new Map<number, { time: number; events: number; failures: number }>();
        for (const event of events) {
          const at = Date.parse(fieldText(event, 'timestamp'));
          if (event['source'] !== source || at < Math.max(day.from, range.from) || at >= Math.min(day.to, range.to))
            continue;
          const time = Math.floor(at / quarter) * quarter;
          const count = expected.get(time) ?? { time, events: 0, failures: 0 };
          expected.set(time, count);
          count.events++;
          if (event['success'] === 'no') count.failures++;
        }
        const newestFirst = [...expected.values()].sort((a, b) => b.time - a.time);
        assert.deepEqual(await history.quarters({ range }, source, day, noSignal), newestFirst);
        assert.deepEqual(await history.quarters({ range, search }, source, day, noSignal), newestFirst);
      }
    }
  });
});
