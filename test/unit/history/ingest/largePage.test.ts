import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterEach, describe, it } from 'mocha';
import { decodePage } from '../../../../src/core/event/decode';
import { RequestError } from '../../../../src/core/base/errors';
import type { History } from '../../../../src/history/history';
import { largePage, openLargePage } from '../../../../src/history/ingest/largePage';
import { preparePage } from '../../../../src/history/ingest/preparePage';
import { storePage } from '../../../../src/history/load/storePage';
import { always, noSignal, readAll, record, Workshop } from '../fixture';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a large page', () => {
  /** Records as text, or why there is none. */
  const read = (text: string): { marker: string | undefined; records: unknown[] } => {
    const bytes = bytesOf(text);
    const page = openLargePage(bytes);
    const found = Array.from(page.read(), (item) => {
      if (!('event' in item)) return item.reason;
      assert.deepEqual(JSON.parse(Buffer.from(item.json).toString()), item.event);
      return item.event;
    });
    return { marker: page.marker, records: found };
  };

  const odd = { 'a"]}': 'x\\"],[{', b: [[], {}, [{ c: '\\\\' }]], д: 'ж\u2028', '': null };
  const same: readonly string[] = [
    '{"logs":[]}',
    ' [ ] ',
    JSON.stringify([odd, odd]),
    JSON.stringify({ logs: [odd, {}, odd], marker: 'bWFya2Vy' }, null, 2),
    JSON.stringify({ marker: 'm', total: { logs: [1, 2] }, list: [['logs']], logs: [odd] }),
    '\ufeff{"logs" : [ {"a":1} , {"a":2} ] }',
    '{"logs":[{"a":1}],"marker":""}',
    '{"logs":[{"a":1}],"marker":null}',
  ];
  for (const text of same)
    it(`reads ${JSON.stringify(text).slice(0, 50)} like a small one`, () => {
      const { records, marker } = decodePage(text);
      assert.deepEqual(read(text), { marker, records: records.map(({ event }) => event) });
    });

  it('reads any list of records like a small one', () => {
    const text = fc
      .array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 })
      .map((logs) => JSON.stringify({ logs, marker: 'm' }));
    fc.assert(
      fc.property(text, (text) => {
        assert.deepEqual(
          read(text).records,
          decodePage(text).records.map(({ event }) => event),
        );
      }),
    );
  });

  it('reads records of any size that no server sent', () => {
    const bytes = Buffer.from(`{"logs":[{"n":1},{"a":"${'x'.repeat(17 << 20)}"}]}`);
    const records = [...openLargePage(bytes, true).read()];
    assert.deepEqual(
      records.map((record) => ('event' in record ? Object.keys(record.event) : record)),
      [['n'], ['a']],
    );
  });

  it('leaves out what is no record, or too much for one, and reads the rest', () => {
    const values = `{"a":[${'0,'.repeat(300_000)}0]}`;
    const long = `{"a":"${'x'.repeat(17 << 20)}"}`;
    const { records } = read(`{"logs":[{"n":1},7,"text",null,[{"n":2}],${values},${long},{"n":3}]}`);
    assert.deepEqual(
      records.map((item) => (typeof item === 'string' ? item.replace(/, found.*| than.*/, '') : item)),
      [
        { n: 1 },
        ...Array<string>(4).fill('Expected a record'),
        'The record holds more',
        'The record is larger',
        { n: 3 },
      ],
    );
  });

  const refused: readonly [text: string, failure: RequestError['failure']][] = [
    ['{"logs":[{"a":1}', 'malformed'],
    ['{"logs":[{"a":"1', 'malformed'],
    ['{"logs":[{"a":1}}', 'malformed'],
    ['{"logs":[{"a":1},,{}]}', 'malformed'],
    ['{"logs":[{"a":1} {}]}', 'malformed'],
    ['{"logs":[{"a" 1}]}', 'malformed'],
    ['{"logs":[{}],"marker"}', 'malformed'],
    ['<html>', 'malformed'],
    ['{"logs" []}', 'malformed'],
    ['{"items":[]}', 'tooLarge'],
    ['{"logs":{"1":{}}}', 'tooLarge'],
    [`{"logs":[${'{},'.repeat(100_000)}{}]}`, 'tooLarge'],
    [`{"logs":[],"marker":"${'x'.repeat(2 << 20)}"}`, 'tooLarge'],
    [`{"logs":[],"marker":"${'x'.repeat(5_000)}"}`, 'malformed'],
  ];
  for (const [text, failure] of refused)
    it(`is refused (${failure}): ${text.slice(0, 40)}`, () => {
      assert.throws(
        () => read(text),
        (error) => error instanceof RequestError && error.failure === failure,
      );
    });

  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  it('is stored in parts, byte for byte, and complete with the last of them', async () => {
    const events = Array.from({ length: 40 }, (_, n) => record(100 - n, { response_body: 'ж'.repeat(100_000) }));
    const history = await workshop.inWorker();
    const bytes = bytesOf(JSON.stringify({ logs: [...events, 7, 'x'], marker: 'next' }));
    assert.ok(bytes.length > largePage);
    const page = preparePage(bytes);
    assert.deepEqual([page.records, page.unreadable.length, page.marker, page.ordered], [40, 2, 'next', true]);
    const claims: unknown[] = [];
    let [running, most] = [0, 0];
    const store: History['store'] = async (batch, stream, complete, chain) => {
      claims.push(complete);
      most = Math.max(most, ++running);
      return history.store(batch, stream, complete, chain).finally(() => running--);
    };
    const complete = { from: 0, to: 1_000 };
    assert.equal(await storePage({ store }, page, '', complete, 1), 40);
    assert.ok(claims.length > 1);
    assert.deepEqual([claims.pop(), new Set(claims)], [complete, new Set([undefined])]);
    assert.equal(most, 1, 'one is stored before the next is made');
    assert.equal(bytes.byteLength, 0, 'its memory is given back at once');
    assert.deepEqual(await readAll(history), events);
    assert.deepEqual(await history.coverage(''), [{ from: 0, to: 1_000 }]);
    const { days } = await history.counts({ range: always }, 'utc', noSignal);
    assert.equal(days[0]?.events, 40);
  });
});
