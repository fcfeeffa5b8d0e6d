import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventFields, fieldText, type ActivityEvent } from '../../../../src/core/event/event';
import { parseSearch, type CompareOperator, type Search } from '../../../../src/core/search/search';
import { matches } from '../../../../src/core/search/searchEvaluate';
import type { LocalHistory } from '../../../../src/history/localHistory';
import { always, noSignal, readAll, record, store, storeBytes, Workshop } from '../fixture';

const extraFields = ['span', 'we"ird \' name', 'constructor'];

// Few letters, so that values meet; with what LIKE, SQL and UTF-16 treat specially.
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'A', 'b', '%', '_', '\\', "'", '"', 'é', 'É', '\u{1f600}', '\ue000', ' '),
    maxLength: 4,
  }),
  fc.constantFrom('yes', 'no', '2026-11-01T00:00:00Z', '2026-11-01T03:00:00+03:00', '2026-11-01', '12', '[]', '{}'),
);
const timestamp = fc.oneof(
  fc.constantFrom(
    '2026-11-01T00:00:00Z',
    '2026-11-01T00:00:01Z',
    '2026-11-01T03:00:00+03:00',
    '1960-01-01T00:00:00.5Z',
  ),
  fc.constantFrom('2016-12-31T23:59:60Z', 'yesterday', ''),
  text,
);
const value = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(null, true, 12, [], { a: 'b' }, ['a']) },
);
const event: fc.Arbitrary<ActivityEvent> = fc
  .record(
    {
      ...Object.fromEntries([...eventFields, ...extraFields].map((field) => [field, value])),
      timestamp: fc.oneof({ weight: 5, arbitrary: timestamp }, { weight: 1, arbitrary: value }),
    },
    { requiredKeys: [] },
  )
  .map((fields) => fields as ActivityEvent);

const field = fc.constantFrom<string>(...eventFields, ...extraFields, 'absent');
const op = fc.constantFrom<CompareOperator>('=', '<>', '<', '>', '<=', '>=', ':');
const { search } = fc.letrec<{ search: Search }>((tie) => ({
  search: fc.oneof(
    { maxDepth: 4 },
    fc.record({ type: fc.constant('compare' as const), field, op, value: fc.oneof(text, timestamp) }),
    fc.record({ type: fc.constant('exist' as const), field }),
    fc.record({ type: fc.constant('text' as const), value: text }),
    fc.record({
      type: fc.constantFrom('and' as const, 'or' as const),
      items: fc.array(tie('search'), { maxLength: 4 }),
    }),
    fc.record({ type: fc.constant('not' as const), item: tie('search') }),
  ),
}));

describe('search in a history', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  it('finds what the evaluation in core finds', async () => {
    const property = fc.asyncProperty(
      fc.uniqueArray(event, { selector: (item) => JSON.stringify(item), minLength: 1, maxLength: 12 }),
      fc.array(search, { minLength: 1, maxLength: 12 }),
      async (events, searches) => {
        const history = await workshop.local(':memory:');
        await store(history, events);
        const range = { from: -1e15, to: 1e15 };
        const stored = await readAll(history, { view: { range } });
        assert.equal(stored.length, events.length);
        for (const search of searches) {
          const view = { range, search };
          const expected = stored.filter((item) => matches(search, item));
          assert.deepEqual(await readAll(history, { view }), expected, JSON.stringify(search));
          const { days } = await history.counts(view, 'utc', noSignal);
          assert.equal(
            days.reduce((sum, day) => sum + day.events, 0),
            expected.length,
          );
        }
        await history.close();
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  async function find(history: LocalHistory, query: string): Promise<number[]> {
    const known = new Set<string>([...eventFields, ...(await history.extraFields())]);
    const view = { range: always, search: parseSearch(query, known) };
    return (await readAll(history, { view })).map((item) => Number(fieldText(item, 'request_id').slice(4)));
  }

  it('searches bodies, received fields and moments', async () => {
    const history = await workshop.local();
    await store(history, [
      record(4, { response_body: '{"fault":"No valid host 100%"}', success: 'no' }),
      record(3, { span: { id: 'AbC' } }),
      record(2, { timestamp: '2026-11-01T03:02:00+03:00' }),
      record(1, { source: 'neutron' }),
    ]);
    const expected: [string, number[]][] = [
      ['"valid HOST 100%"', [4]],
      ['response_body : fault AND success=no', [4]],
      ['span EXIST', [3]],
      ['span : "abc"', [3]],
      ['NOT span EXIST AND source<>neutron', [4, 2]],
      ['timestamp >= "2026-11-01T00:02:00Z" AND timestamp < "2026-11-01T00:04:00Z"', [3, 2]],
      ['timestamp = "2026-11-01T00:02:00Z"', [2]],
      ['source=neutron OR action=none', [1]],
    ];
    for (const [query, found] of expected) assert.deepEqual(await find(history, query), found, query);
  });

  it('takes the longest and the deepest query', async () => {
    const history = await workshop.local();
    await store(history, [record(1)]);
    assert.deepEqual(
      await find(history, Array.from({ length: 500 }, (_, n) => `request_id="req-${n}"`).join(' OR ')),
      [1],
    );
    assert.deepEqual(await find(history, `${'NOT ('.repeat(50)}source=nova${')'.repeat(50)}`), [1]);
    let deep: Search = { type: 'text', value: 'x' };
    for (let n = 0; n < 2000; n++) deep = { type: 'not', item: deep };
    const long: Search = { type: 'text', value: '%'.repeat(100_000) };
    for (const [search, found] of [
      [deep, 1],
      [long, 0],
      [{ type: 'not', item: long }, 1],
    ] as const) {
      const { items } = await history.list({ view: { range: always, search }, limit: 1 }, noSignal);
      assert.equal(items.length, found);
    }
  });

  it('finds texts however their JSON is written', async () => {
    const history = await workshop.local();
    const raw = String.raw;
    const bodies = [
      raw`"{\"name\":\"\u041f\u0440\u0438\u0432\u0435\u0442\"}"`,
      '"Привет, мир"',
      raw`"\u003cscript\u003e a\/b \u0041BC"`,
      raw`"tab\tquote\"back\\slash"`,
      '{"nested": "a/b <script> Привет abc"}',
      raw`"\ud83d\ude00 smile"`,
    ];
    const page = bodies
      .map((body, n) => `{"event_id":"e${n}","timestamp":"2026-11-01T00:0${n}:00Z","request_body":${body}}`)
      .reverse()
      .join(', ');
    await storeBytes(history, new TextEncoder().encode(`{"logs":[${page}]}`));
    const expected: [string, number[]][] = [
      ['Привет', [4, 1, 0]],
      ['<script>', [4, 2]],
      ['a/b', [4, 2]],
      ['aBc', [4, 2]],
      ['tab\tquote"back', [3]],
      [raw`back\slash`, [3]],
      ['\u{1f600}', [5]],
      ['"name":"П', [0]],
    ];
    for (const [value, found] of expected) {
      const items = await readAll(history, { view: { range: always, search: { type: 'text', value } } });
      assert.deepEqual(
        items.map((item) => Number(fieldText(item, 'event_id').slice(1))),
        found,
        value,
      );
    }
  });

  it('with ids that must be equal, asks the lookups, and finds the same', async () => {
    const history = await workshop.local();
    const events = Array.from({ length: 300 }, (_, n) => record(n, { request_id: `req-${n % 7}` })).reverse();
    events.unshift(record(400, { event_id: ['a', 1] }), record(399, { request_id: true }));
    await store(history, events);
    for (const query of [
      'event_id="[\\"a\\",1]"',
      'request_id="true"',
      'request_id="req-3"',
      'request_id="req-3" AND source=nova AND NOT request_body:"5"',
      'request_id="req-3" AND event_id="00000000-0000-4000-8000-000000000010"',
      'request_id="req-3" AND event_id="00000000-0000-4000-8000-000000000011"',
      'request_id="req-3" OR request_id="req-4"',
      'request_id="none"',
    ]) {
      const search = parseSearch(query, new Set(eventFields));
      const found = await readAll(history, { view: { range: always, search } });
      assert.deepEqual(
        found,
        events.filter((event) => matches(search, event)),
        query,
      );
    }
  });
});
