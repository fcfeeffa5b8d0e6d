import assert from 'node:assert/strict';
import { format } from '../../../src/core/base/message';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fieldText, type ActivityEvent } from '../../../src/core/event/event';
import { countView } from '../../../src/host/session/countView';
import type { Counts, History } from '../../../src/history/history';
import { preparePage } from '../../../src/history/ingest/preparePage';
import { storePage } from '../../../src/history/load/storePage';
import { openHistory } from '../../../src/history/openHistory';
import { documentedAnswer, documentedEvents, vendorEvents } from '../../server/events';
import { always, noSignal, pageOf, readAll, record, store, storeBytes, Workshop } from './fixture';

const minute = 60_000;
const start = Date.UTC(2026, 10, 1);

describe('history', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  const keys = async (history: History, query: object = {}): Promise<string[]> => {
    const { items } = await history.list({ view: { range: always }, limit: 100, ...query }, noSignal);
    return items.map((item) => item.key);
  };
  const ids = (events: readonly ActivityEvent[]): unknown[] => events.map((event) => event['request_id']);
  const text = (value: unknown): string => JSON.stringify(value);

  it('tells a resource by the name that it had at the time', async () => {
    const history = await workshop.local();
    const id = 'c6be363f-f56c-4b0e-9d0a-2f5a6f0c7e11';
    const reboot = { uri: `/v2.1/servers/${id}/action`, request_body: '{"reboot":{"type":"SOFT"}}', response_body: '' };
    const rename = { method: 'PUT', uri: `/v2.1/servers/${id}`, response_body: '' };
    const create = { request_body: '{"server":{"name":"web"}}', response_body: `{"server":{"id":"${id}"}}` };
    await store(history, [
      record(5, reboot),
      record(4, { ...rename, success: 'no', request_body: '{"server":{"name":"never"}}' }),
      record(3, { ...rename, request_body: '{"server":{"name":"web-new"}}' }),
      record(2, reboot),
      record(1, create),
      record(0, reboot), // of a time before its creation, as a wrong clock has it
    ]);
    const told = await Promise.all(
      (await keys(history)).map(async (key) => format((await history.story(key))!.sentence)),
    );
    const [last, , , middle, , first] = told;
    assert.deepEqual(
      [last, middle, first].map((sentence) => /web(?:-new)?/.exec(sentence ?? '')?.[0]),
      ['web-new', 'web', 'web'],
    );
  });

  describe('records', () => {
    it('come back as received, in the order of time', async () => {
      const history = await workshop.inWorker();
      const odd = [
        record(9, { extra: { deep: [1, 2.5, null, 'x'] }, success: true }),
        {
          zeta: 1,
          event_id: 5,
          timestamp: '2026-11-01T00:08:00+03:00',
          request_body: { already: 'json' },
          alpha: null,
        },
        record(7, { response_body: '', request_body: null, user_email: 'half \ud800 pair', uri: 'nul \u0000 inside' }),
        { timestamp: 'yesterday', source: '', ['__proto__']: 'own', note: '' },
        {},
      ];
      assert.equal(await store(history, odd), 5);
      assert.deepEqual((await readAll(history)).map(text), [odd[0], odd[2], odd[1], odd[3], odd[4]].map(text));
    });

    it('are the documented and the vendor’s examples, byte for byte', async () => {
      const history = await workshop.inWorker();
      await storeBytes(history, new TextEncoder().encode(documentedAnswer));
      await store(history, vendorEvents);
      assert.equal(text(await readAll(history)), text([...vendorEvents, ...documentedEvents]));
      assert.deepEqual(await keys(history, { source: 'new' }), ['7259205b-7u4e-4078-9ffc-zf15d2bd1a8f']);
    });

    it('are masked when asked for masked', async () => {
      const history = await workshop.local();
      await store(history, [record(1, { request_body: '{"password":"hunter2"}' })]);
      const [event] = (await history.records({ view: { range: always }, limit: 1 }, { redact: true }, noSignal)).items;
      assert.doesNotMatch(text(event), /hunter2/);
      const body = await history.body(fieldText(event!, 'event_id'), 'request', { redact: true });
      assert.doesNotMatch(text(body), /hunter2/);
      assert.equal(await history.reveal(fieldText(event!, 'event_id'), 'request', { redact: true }, 0), 'hunter2');
    });

    it('makes a text that is no event’s ready for reading', async () => {
      const history = await workshop.local();
      const answer = `{"server":{"adminPass":"hunter2","name":"web"}}`;
      const shown = await history.presentText(answer, { redact: true });
      assert.equal(shown, '{\n  "server": {\n    "adminPass": "••••••",\n    "name": "web"\n  }\n}');
      assert.equal(await history.presentText(answer, { redact: false, pretty: false }), answer);
    });

    it('nested too deeply are counted, not lost silently', async () => {
      const history = await workshop.local();
      const deep = `{"logs":[{"event_id":"a"},{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}, 7]}`;
      const page = preparePage(new TextEncoder().encode(deep));
      assert.equal(page.records, 2);
      assert.deepEqual(
        page.unreadable.map(({ reason }) => reason),
        ['Expected a record, found a number', 'The record is nested too deeply'],
      );
      assert.equal(await storePage(history, page, '', undefined), 1);
    });
  });

  describe('the same event again', () => {
    it('is stored once; another one with its id is kept beside it', async () => {
      const history = await workshop.local();
      assert.equal(await store(history, [record(2), record(1)]), 2);
      const reordered = Object.fromEntries(Object.entries(record(2)).reverse());
      assert.equal(await store(history, [record(3), reordered, record(1, { success: 'no' }), record(1)]), 2);
      assert.equal(await store(history, [record(3), record(1, { success: 'no' })]), 0);
      assert.deepEqual(ids(await readAll(history)), ['req-3', 'req-2', 'req-1', 'req-1']);
      assert.equal(new Set(await keys(history)).size, 4);
    });

    it('with another time is another one, with a key of its own once lookups are merged', async () => {
      const history = await workshop.local();
      const moved = (minute: number): ActivityEvent =>
        record(1, { timestamp: `2026-11-01T00:${minute}:00Z`, request_id: `req-at-${minute}` });
      assert.equal(await store(history, [moved(30), moved(20), record(1)]), 3);
      assert.equal(await store(history, [moved(40)]), 1);
      for (let n = 100; n < 170; n++) await store(history, [record(n)]); // so many lots are merged
      const all = (await keys(history)).slice(70);
      assert.equal(new Set(all).size, 4);
      const found = await Promise.all(all.map(async (key) => (await history.event(key))?.record));
      assert.deepEqual(found, [moved(40), moved(30), moved(20), record(1)]);
      assert.equal(await store(history, [moved(40), moved(30), moved(20), record(1)]), 0);
    });

    it('is found with all others of its id, stored with them or later, merged or not', async () => {
      const history = await workshop.local();
      const same = (n: number): ActivityEvent => record(n, { event_id: 'same' });
      const search = { type: 'compare', field: 'event_id', op: '=', value: 'same' } as const;
      await store(history, [
        same(9),
        record(5, { event_id: 'same', success: 'no', timestamp: '2026-11-01T00:09:00Z' }),
      ]);
      await store(history, [same(8)]);
      for (let n = 100; n < 170; n++) await store(history, [record(n)]); // so many lots are merged
      await store(history, [same(7)]);
      const found = await readAll(history, { view: { range: always, search } });
      const requests = ['req-9', 'req-5', 'req-8', 'req-7'];
      assert.deepEqual(ids(found), requests);
      assert.equal((await history.event('same'))?.record['request_id'], 'req-9');
      // The last gets a key of its own when it is merged, too.
      const own = (await keys(history, { view: { range: always, search } })).slice(0, 3);
      const opened = await Promise.all(own.map((key) => history.event(key)));
      assert.deepEqual(
        opened.map((event) => event?.record['request_id']),
        requests.slice(0, 3),
      );
      for (const value of requests) {
        const request = { type: 'compare', field: 'request_id', op: '=', value } as const;
        assert.deepEqual(ids(await readAll(history, { view: { range: always, search: request } })), [value]);
      }
    });

    it('is found by its key at once, merged or not', async () => {
      const history = await workshop.local();
      for (let page = 0; page < 70; page++) {
        await store(history, [record(page * 2 + 1), record(page * 2)]);
        const [first] = await keys(history, { limit: 1 });
        assert.equal((await history.event(first!))?.record['request_id'], `req-${page * 2 + 1}`);
      }
      assert.equal((await history.event((await keys(history)).at(-1)!))?.record['request_id'], 'req-40');
    });

    it('without an id is known by its content', async () => {
      const history = await workshop.local();
      const [first, other] = [record(1, { event_id: '' }), { ...record(1, { success: 'no' }), event_id: undefined }];
      assert.equal(await store(history, [first, other, first]), 2);
      assert.equal(await store(history, [first, other]), 0);
      const [key] = await keys(history);
      assert.match(key ?? '', /^derived-/);
      assert.equal(text((await history.event(key!))?.record), text(first));
    });
  });

  describe('order', () => {
    const at = (second: number, name: string): ActivityEvent =>
      record(0, { event_id: name, request_id: name, timestamp: `2026-11-01T00:00:0${second}Z` });

    it('within a second is the server’s, also when a load is resumed in the middle of it', async () => {
      const history = await workshop.local();
      // The load was broken off within second 5; the next one brings the whole second, with a late event on top.
      await store(history, [at(6, 'a'), at(5, 'b'), at(5, 'd')]);
      await store(history, [at(5, 'late'), at(5, 'b'), at(5, 'c'), at(5, 'd'), at(5, 'e')]);
      assert.deepEqual(ids(await readAll(history)), ['a', 'late', 'b', 'c', 'd', 'e']);
      assert.equal((await history.counts({ range: always }, 'utc', noSignal)).days[0]?.events, 6);
    });

    it('within a second holds each event once, however often a page brings it', async () => {
      const history = await workshop.local();
      await store(history, [at(5, 'a')]);
      const page = [at(5, 'x'), at(5, 'a'), at(5, 'y'), at(5, 'a'), at(5, 'z'), at(5, 'a')];
      assert.equal(await store(history, page), 3);
      assert.deepEqual(ids(await readAll(history)), ['x', 'y', 'z', 'a']);
      assert.equal((await history.counts({ range: always }, 'utc', noSignal)).days[0]?.events, 4);
    });

    it('within a second is kept from page to page of a chain, whatever others store in between', async () => {
      const history = await workshop.local();
      await store(history, [at(5, 'c'), at(5, 'd')], '', 1);
      await store(history, [at(5, 'a'), at(5, 'b')], '', 2);
      await store(history, [at(5, 'd')], '', 1);
      await store(history, [at(5, 'c'), at(5, 'd')], '', 2);
      assert.deepEqual(ids(await readAll(history)), ['a', 'b', 'c', 'd']);
    });

    it('is the same page by page, in ranges, components and searches, undated events last', async () => {
      const history = await workshop.local();
      const undated = [1, 2, 3].map((n) => record(n, { event_id: `undated${n}`, timestamp: `soon ${n}` }));
      const events = Array.from({ length: 300 }, (_, n) =>
        record(0, {
          event_id: `e${n}`,
          timestamp: new Date(start - Math.floor(n / 7) * 1000).toISOString(),
          source: ['nova', 'glance', ''][n % 3],
        }),
      );
      await store(history, [...events, ...undated]);
      const all = (await readAll(history)).map((event) => event['event_id']);
      assert.deepEqual(
        all,
        [...events, ...undated].map((event) => event['event_id']),
      );
      for (const limit of [1, 7, 100, 303]) {
        for (const source of [undefined, 'nova', '']) {
          const paged = (await readAll(history, { limit, source })).map((event) => event['event_id']);
          const expected = [...events, ...undated].filter(
            (event) => source === undefined || event['source'] === source,
          );
          assert.deepEqual(
            paged,
            expected.map((event) => event['event_id']),
          );
        }
      }
      const range = { from: start - 10_000, to: start - 5_000 };
      const within = (await readAll(history, { within: range })).length;
      assert.equal(within, 35);
      assert.equal((await readAll(history, { view: { range } })).length, 38);
      assert.equal((await readAll(history, { view: { range }, within: { from: start - 6_000, to: start } })).length, 7);
      assert.deepEqual(ids(await readAll(history, { within: 'none' })), ids(undated));
      const search = { type: 'compare', field: 'source', op: '=', value: 'glance' } as const;
      assert.equal((await readAll(history, { view: { range: always, search }, limit: 9 })).length, 100);
    });
  });

  describe('counts', () => {
    const zones = ['local', 'utc'] as const; // local is Europe/Berlin, see setup.ts
    it('agree with the events, by component and day, for every range and zone', async () => {
      const history = await workshop.local();
      // Across the end of summer time (2026-10-25), in steps that hit quarters of an hour and miss them.
      const events = Array.from({ length: 500 }, (_, n) =>
        record(n, {
          timestamp: new Date(Date.UTC(2026, 9, 26) - n * 7 * minute).toISOString(),
          source: n % 3 ? 'nova' : 'glance',
          success: n % 5 ? 'yes' : 'no',
        }),
      );
      await store(history, [...events, record(1000, { timestamp: '', success: 'no' })]);
      const search = { type: 'compare', field: 'method', op: '=', value: 'POST' } as const;
      const ranges = [
        always,
        { from: Date.UTC(2026, 9, 24, 22), to: Date.UTC(2026, 9, 25, 23) },
        { from: Date.UTC(2026, 9, 25, 0, 7, 13), to: Date.UTC(2026, 9, 25, 3, 38, 1) },
        { from: Date.UTC(2026, 9, 25, 0, 1), to: Date.UTC(2026, 9, 25, 0, 9) },
        { from: 0, to: 1 },
      ];
      for (const range of ranges) {
        for (const zone of zones) {
          const tallied = await history.counts({ range }, zone, noSignal);
          assert.deepEqual(await history.counts({ range, search }, zone, noSignal), tallied);
          const expected = new Map<string, number>();
          for (const event of events) {
            const time = Date.parse(fieldText(event, 'timestamp'));
            if (time < range.from || time >= range.to) continue;
            const day = new Date(time).toLocaleDateString('sv', { timeZone: zone === 'utc' ? 'UTC' : 'Europe/Berlin' });
            const key = `${fieldText(event, 'source')} ${day} ${fieldText(event, 'success')}`;
            expected.set(key, (expected.get(key) ?? 0) + 1);
          }
          expected.set('nova undefined no', 1);
          const found = new Map<string, number>();
          for (const { source, day, events, failures } of tallied.days) {
            if (failures > 0) found.set(`${source} ${day} no`, failures);
            if (events > failures) found.set(`${source} ${day} yes`, events - failures);
          }
          assert.deepEqual(new Map([...found].sort()), new Map([...expected].sort()));
        }
      }
      const { oldest, newest } = await history.counts({ range: always }, 'utc', noSignal);
      assert.deepEqual([oldest, newest], [Date.UTC(2026, 9, 26) - 499 * 7 * minute, Date.UTC(2026, 9, 26)]);
    });

    it('of a search come part by part, the newest first, and add up', async () => {
      const history = await workshop.local();
      const events = Array.from({ length: 6_000 }, (_, n) => record(6_000 - n, { source: n % 3 ? 'nova' : 'glance' }));
      await store(history, events);
      const view = { range: always, search: { type: 'text', value: '{"n":1' } } as const;
      const parts: Counts[] = [];
      const now = performance.now.bind(performance);
      // However little is counted at once.
      let passed = 0;
      performance.now = () => (passed += 1_000);
      try {
        const counts = await countView(history, view, 'local', (part) => void parts.push(part), noSignal);
        assert.deepEqual(counts, await history.counts(view, 'local', noSignal));
      } finally {
        performance.now = now;
      }
      const sums = parts.map(({ days }) => days.reduce((sum, day) => sum + day.events, 0));
      assert.ok(sums.length > 2 && sums[0]! < 1_111, sums.join());
      assert.deepEqual(
        sums,
        sums.toSorted((a, b) => a - b),
      );
    });
  });

  describe('resources', () => {
    const server = 'aaaaaaaa-0000-4000-8000-000000000001';
    const about = (n: number, source = 'nova'): ActivityEvent =>
      record(n, { uri: `/v2.1/servers/${server}/action`, source, event_id: `s${n}` });

    it('have a history across components, and neighbours in it', async () => {
      const history = await workshop.local();
      const attach = record(4, {
        event_id: 'volume',
        uri: '/v3/volumes/bbbbbbbb-0000-4000-8000-000000000001/action',
        request_body: `{"os-attach":{"instance_uuid":"${server}"}}`,
        source: 'cinder',
      });
      await store(history, [about(5), attach, record(3), about(2), about(1)]);
      const view = { range: always, resourceId: server };
      assert.deepEqual(await keys(history, { view }), ['s5', 'volume', 's2', 's1']);
      assert.deepEqual(await keys(history, { view, limit: 2 }), ['s5', 'volume']);
      assert.deepEqual(
        (await history.counts(view, 'utc', noSignal)).days.map((day) => [day.source, day.events]),
        [
          ['cinder', 1],
          ['nova', 3],
        ],
      );
      const around = async (key: string, resourceId?: string, limit = 1): Promise<string[][]> => {
        const { previous, next } = await history.neighbours(key, resourceId, limit);
        return [previous, next].map((events) => events.map((event) => event.key));
      };
      assert.deepEqual(await around('s2'), [['s1'], ['volume']]);
      assert.deepEqual(await around('s2', undefined, 9), [['s1'], ['volume', 's5']]);
      assert.deepEqual(await around('s5'), [['volume'], []]);
      assert.deepEqual(await around('volume'), [[], []]);
      assert.deepEqual(await around('volume', server), [['s2'], ['s5']]);
      assert.deepEqual(await around('nothing'), [[], []]);
      const { resources } = await history.related('volume', { redact: true, zone: 'utc' }, noSignal);
      assert.deepEqual(resources, [
        { id: 'bbbbbbbb-0000-4000-8000-000000000001', kind: 'volume' },
        { id: server, kind: 'server' },
      ]);
    });
  });

  describe('coverage, facts and fields', () => {
    it('are stored with their page, and survive', async () => {
      const file = workshop.file();
      const history = await workshop.inWorker(file);
      for (const [from, to] of [
        [100, 200],
        [300, 400],
        [200, 250],
      ] as const) {
        await storeBytes(history, pageOf([record(from, { span: 1, trace: 'x' })]), 'nova', { from, to });
      }
      await history.setMetadata('streams', 'one');
      await history.setMetadata('streams', 'two');
      await history.close();
      const again = await workshop.inWorker(file);
      assert.deepEqual(await again.coverage('nova'), [
        { from: 100, to: 250 },
        { from: 300, to: 400 },
      ]);
      assert.deepEqual(await again.coverage(''), []);
      assert.equal(await again.metadata('streams'), 'two');
      assert.equal(await again.metadata('other'), undefined);
      assert.deepEqual(await again.extraFields(), ['span', 'trace']);
      assert.equal((await readAll(again)).length, 3);
    });
  });

  it('hands out large bodies a few at a time, and all of them', async () => {
    const history = await workshop.local();
    const large = Array.from({ length: 20 }, (_, n) => record(20 - n, { response_body: `"${'x'.repeat(1_000_000)}"` }));
    await store(history, large);
    const first = await history.records({ view: { range: always }, limit: 500 }, { redact: false }, noSignal);
    assert.ok(first.items.length > 0 && first.items.length < 10, String(first.items.length));
    assert.equal(text(await readAll(history)), text(large));
  });

  it('finds what a list shows of one event, without its bodies', async () => {
    const history = await workshop.local();
    await store(history, [record(1), record(2, { event_id: undefined })]);
    const [named, unnamed] = (await history.list({ view: { range: always }, limit: 5 }, noSignal)).items.toReversed();
    assert.ok(named && unnamed);
    assert.deepEqual(await history.summary(named.key), named);
    assert.equal(named.eventId, named.key);
    assert.equal((await history.summary(unnamed.key))?.eventId, '');
    assert.equal(await history.summary('none'), undefined);
  });

  describe('trimming and clearing', () => {
    it('deletes what is too old and forgets that it was loaded', async () => {
      const history = await workshop.local();
      const server = 'aaaaaaaa-0000-4000-8000-000000000001';
      const events = Array.from({ length: 2500 }, (_, n) => record(2500 - n, { uri: `/v2.1/servers/${server}` }));
      await storeBytes(history, pageOf([...events, record(0, { timestamp: '?' })]), '', {
        from: start,
        to: start + 3000 * minute,
      });
      assert.equal(await history.trim(start + 2000 * minute), 1999);
      assert.equal((await readAll(history)).length, 502);
      assert.deepEqual(await history.coverage(''), [{ from: start + 2000 * minute, to: start + 3000 * minute }]);
      const view = { range: always, resourceId: server };
      assert.equal(
        (await history.counts(view, 'utc', noSignal)).days.reduce((sum, day) => sum + day.events, 0),
        501,
      );
      assert.equal(
        (await history.counts({ range: always }, 'utc', noSignal)).days.reduce((sum, day) => sum + day.events, 0),
        502,
      );
      assert.equal(await history.trim(start + 2000 * minute), 0);
    });

    it('claims nothing that another window stored while it deleted', async () => {
      const file = workshop.file();
      const [trimming, loading] = [await workshop.local(file), await workshop.local(file)];
      const server = 'aaaaaaaa-0000-4000-8000-000000000001';
      const uri = `/v2.1/servers/${server}`;
      await store(
        trimming,
        Array.from({ length: 5000 }, (_, n) => record(5000 - n, { uri })),
      );
      const trim = trimming.trim(start + 4000 * minute);
      const rounds = 5;
      const length = 50 * minute;
      for (let round = 0; round < rounds; round++) {
        await setImmediate();
        const page = Array.from({ length: 50 }, (_, n) =>
          record(round * 50 + 49 - n, { uri, event_id: `late-${round}-${n}` }),
        );
        const from = start + round * length;
        await storeBytes(loading, pageOf(page), '', { from, to: from + length });
      }
      await trim;
      const left = (await readAll(loading)).map((event) => fieldText(event, 'event_id'));
      const covered = await loading.coverage('');
      for (let round = 0; round < rounds; round++) {
        const from = start + round * length;
        const claimed = covered.some((range) => range.from < from + length && range.to > from);
        const late = left.filter((id) => id.startsWith(`late-${round}`)).length;
        assert.ok(late === 50 || !claimed, `${late} of 50 are there, claimed: ${JSON.stringify(covered)}`);
      }
      const { days } = await loading.counts({ range: always, resourceId: server }, 'utc', noSignal);
      assert.equal(
        days.reduce((sum, day) => sum + day.events, 0),
        (await readAll(loading)).length,
      );
    });

    it('leaves nothing that was set aside when cleared', async () => {
      const file = workshop.file();
      writeFileSync(file, 'no database');
      const history = await workshop.local(file);
      assert.equal(readdirSync(path.dirname(file)).filter((name) => name.includes('damaged')).length, 1);
      await history.clear();
      assert.deepEqual(
        readdirSync(path.dirname(file)).filter((name) => name.includes('damaged')),
        [],
      );
    });

    it('frees the disk when cleared', async () => {
      const history = await workshop.inWorker();
      // Nothing that could be packed.
      const body = (): string => randomBytes(2250).toString('base64');
      await store(
        history,
        Array.from({ length: 2000 }, (_, n) => record(n, { request_body: body(), extra: 1 })),
      );
      await history.setMetadata('streams', 'one');
      const before = await history.size();
      await history.clear();
      assert.ok(before > 4_000_000 && (await history.size()) < 300_000, `${before} -> ${await history.size()}`);
      assert.deepEqual([await readAll(history), await history.coverage(''), await history.extraFields()], [[], [], []]);
      assert.equal(await history.metadata('streams'), 'one');
      assert.equal(await store(history, [record(1)]), 1);
      assert.equal((await readAll(history)).length, 1);
    });
  });

  describe('in its worker', () => {
    it('leaves a file that only its owner can read, and nothing else open', async () => {
      const file = workshop.file(path.join('deep', 'down', 'history.sqlite'));
      const history = await workshop.inWorker(file);
      await store(history, [record(1)]);
      if (process.platform !== 'win32') {
        for (const suffix of ['', '-wal', '-shm']) assert.equal(statSync(file + suffix).mode & 0o777, 0o600, suffix);
        assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
      }
      await history.close();
      assert.equal(existsSync(`${file}-wal`), false);
      if (process.platform !== 'win32') {
        chmodSync(file, 0o644);
        await workshop.inWorker(file);
        assert.equal(statSync(file).mode & 0o777, 0o600, 'of one that others could read');
      }
      await assert.rejects(history.coverage(''), { name: 'UserError', message: 'The history is closed.' });
    });

    it('answers quick questions while a long one runs, which can be cancelled', async () => {
      const history = await workshop.inWorker();
      const body = 'abcdefgh'.repeat(500);
      for (let page = 0; page < 8; page++) {
        await store(
          history,
          Array.from({ length: 1000 }, (_, n) => record(page * 1000 + n, { request_body: body })),
        );
      }
      const search = { type: 'text', value: 'h_a' } as const;
      const controller = new AbortController();
      let done = false;
      const long = history
        .list({ view: { range: always, search }, limit: 10 }, controller.signal)
        .finally(() => (done = true));
      await history.metadata('streams');
      assert.equal(done, false);
      controller.abort();
      await assert.rejects(long, { name: 'AbortError' });
      assert.equal((await keys(history)).length, 100);
    });

    it('rejects what is open and what comes later when it dies', async () => {
      const dying = workshop.file('dying.js');
      writeFileSync(
        dying,
        `const { parentPort } = require('node:worker_threads');
         parentPort.on('message', ({ id, method }) => {
           if (method !== 'open') process.exit(1);
           parentPort.postMessage({ rpc: 'result', id, value: { notices: [], inMemory: true } });
         });`,
      );
      const { history } = await openHistory({ workerPath: dying, file: ':memory:' });
      workshop.keep(history);
      const open = [history.metadata('x'), history.list({ view: { range: always }, limit: 1 }, noSignal)];
      for (const call of open) await assert.rejects(call, { name: 'UserError', message: /stopped working/ });
      await assert.rejects(history.coverage(''), { name: 'UserError', message: /stopped working/ });
    });

    it('that cannot even start rejects the opening', async () => {
      const options = { workerPath: workshop.file('missing.js'), file: ':memory:' };
      await assert.rejects(openHistory(options), { name: 'UserError', message: /stopped working/ });
    });
  });

  it('is shared by two windows', async () => {
    const file = workshop.file();
    const [one, two] = [await workshop.inWorker(file), await workshop.inWorker(file)];
    const added = await Promise.all(
      [one, two].flatMap((history, side) =>
        Array.from({ length: 10 }, (_, n) =>
          store(
            history,
            Array.from({ length: 200 }, (_, m) =>
              record(n * 200 + m, { source: `s${(n + side) % 10}`, event_id: `${n}-${m}` }),
            ),
          ),
        ),
      ),
    );
    assert.ok(added.every((count) => count >= 0));
    const [a, b] = [await readAll(one), await readAll(two)];
    assert.equal(text(a), text(b));
    await one.clear();
    await store(one, [record(1, { source: 'fresh' })]);
    await store(two, [record(2, { source: 'other' })]);
    const sources = async (history: History): Promise<string[]> =>
      (await history.counts({ range: always }, 'utc', noSignal)).days.map((day) => day.source).sort();
    assert.deepEqual(await sources(one), ['fresh', 'other']);
    assert.deepEqual(await sources(two), ['fresh', 'other']);
  });
});
