import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuditSource } from '../../../src/api';
import { isCancelled } from '../../../src/core/errors';
import { fieldText, type ActivityEvent } from '../../../src/core/event';
import { Random } from '../../../src/core/sample/random';
import { Loader, type Gap } from '../../../src/history/loader';
import { makeEvents } from '../../server/events';
import type { Fault } from '../../server/faults';
import { startServer } from '../../server/startServer';
import { noSignal, readAll, silentLog, Workshop } from './fixture';

const newest = Date.UTC(2026, 10, 20, 12);
const to = newest + 3_600_000;
const range = { from: 0, to };

/** Faults that keep the events true; each struck with some probability. */
function makeFault(random: Random): Fault {
  const chance = 0.05 + random.next() * 0.3;
  const pick = <T>(...items: T[]): T => items[Math.floor(random.next() * items.length)]!;
  return {
    chance,
    ...pick<Fault>(
      { kind: 'status', status: pick(400, 401, 403, 404, 410, 429, 500, 503), retryAfter: 0 },
      { kind: 'html' },
      { kind: 'reset', at: pick('head', 'body') },
      { kind: 'cut', framing: pick('length', 'chunked', 'clean') },
      { kind: 'refuseMarker', status: pick(400, 404, 410) },
      { kind: 'refuseMarker', status: pick(400, 404, 410) },
      { kind: 'duplicatePage' },
      { kind: 'repeatedRecords' },
      { kind: 'markerLoop' },
      { kind: 'logsObject' },
      { kind: 'slow', ms: 3 },
    ),
  };
}

describe('a tortured load', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  const idsOf = (events: readonly ActivityEvent[]): string[] =>
    events.map((event) => fieldText(event, 'event_id')).sort();

  function missingOutside(
    gaps: readonly Gap[],
    expected: readonly ActivityEvent[],
    stored: ReadonlySet<string>,
  ): string[] {
    return expected
      .filter((event) => {
        const time = Date.parse(fieldText(event, 'timestamp'));
        return !gaps.some(({ range, stream }) => {
          const sameStream = stream === '' || stream === event['source'];
          return sameStream && time >= range.from && time < range.to;
        });
      })
      .map((event) => fieldText(event, 'event_id'))
      .filter((id) => !stored.has(id));
  }

  // TORTURE=1000 tries more of them.
  const seeds = Number(process.env['TORTURE'] ?? 25);
  for (let seed = 1; seed <= seeds; seed++) {
    it(`ends with all events, or says which times are missing (seed ${seed})`, async () => {
      const random = new Random(`torture ${seed}`);
      const events = makeEvents(300, {
        newest,
        stepMs: [100, 400, 1000, 60_000][seed % 4]!,
        bytes: 700,
        seed: String(seed),
      });
      const server = await startServer({
        events,
        seed: String(seed),
        maxLimit: seed % 5 === 0 ? 20 : 1000,
        bounds: seed % 2 ? 'inclusive' : 'exclusive',
        sourceRequired: seed % 7 === 0,
      });
      const source = createAuditSource({
        endpoint: server.endpoint,
        token: () => server.token,
        retry: { attempts: 2, baseMs: 1, capMs: 2 },
      });
      try {
        const history = await workshop.local(':memory:');
        const load = async (signal: AbortSignal): Promise<Gap[]> => {
          const loader = new Loader({
            source,
            history,
            components: [],
            pageSize: 20 + Math.floor(random.next() * 60),
            concurrency: 4,
            now: () => to,
            waitForToken: () => sleep(1),
            log: silentLog,
          });
          return (await loader.load(range, () => undefined, signal)).gaps;
        };
        const faults = 1 + Math.floor(random.next() * 3);
        for (let n = 0; n < faults; n++) server.fault(makeFault(random));
        for (let attempt = 0; attempt < 3; attempt++) {
          const cancel = new AbortController();
          const timer = random.chance(0.3) ? setTimeout(() => cancel.abort(), random.next() * 60) : undefined;
          try {
            const gaps = await load(cancel.signal);
            const stored = new Set(idsOf(await readAll(history, { view: { range } })));
            assert.deepEqual(missingOutside(gaps, events, stored), []);
          } catch (error) {
            if (!isCancelled(error)) throw error;
          } finally {
            clearTimeout(timer);
          }
        }
        server.clearFaults();
        assert.deepEqual(await load(noSignal), []);
        const stored = await readAll(history, { view: { range } });
        assert.deepEqual(stored.length, events.length);
        assert.deepEqual(idsOf(stored), idsOf(events));
        if (seed % 7) assert.deepEqual(stored, events);
      } finally {
        source.dispose();
        await server.stop();
      }
    });
  }
});
