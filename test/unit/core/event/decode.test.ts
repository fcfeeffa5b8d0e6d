import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodePage, deriveKey, eventKey, readTime, type Page } from '../../../../src/core/event/decode';
import { RequestError } from '../../../../src/core/base/errors';
import type { ActivityEvent } from '../../../../src/core/event/event';

const events = (page: Page): unknown[] => page.records.map(({ event }) => event);

describe('decodePage', () => {
  const first = { event_id: 'a', timestamp: '2026-11-22T10:00:00Z' };
  const time = Date.UTC(2026, 10, 22, 10);

  const markers: readonly (readonly [json: string, marker: string | undefined])[] = [
    ['', undefined],
    [',"marker":""', undefined],
    [',"marker":null', undefined],
    [',"marker":false', undefined],
    [',"marker":"eyJvZmZzZXQiOjEwMH0="', 'eyJvZmZzZXQiOjEwMH0='],
    [',"marker":100', '100'],
    [',"marker":{"offset":100}', '{"offset":100}'],
  ];
  for (const [json, marker] of markers) {
    it(`reads the marker of {"logs":[]${json}}`, () => {
      assert.deepEqual(decodePage(`{"logs":[]${json}}`), { records: [], unreadable: [], marker });
    });
  }

  it('refuses a small answer with far more records than were ever asked for', () => {
    const answer = (count: number): string => `{"logs":[${'0,'.repeat(count - 1)}0]}`;
    assert.equal(decodePage(answer(100_000)).unreadable.length, 100_000);
    assert.throws(
      () => decodePage(answer(100_001)),
      (error) => error instanceof RequestError && error.failure === 'tooLarge',
    );
  });

  it('keeps unknown fields, wrong types and repeated records as they are, in order', () => {
    const logs = [
      { ...first, 'x-new': { deep: [1, null] }, success: true, uri: 7 },
      first,
      { ...first, action: 'other' },
      {},
    ];
    const page = decodePage(JSON.stringify({ logs, more: 1 }));
    assert.deepEqual(events(page), logs);
    assert.deepEqual(
      page.records.map((record) => record.time),
      [time, time, time, undefined],
    );
    assert.deepEqual(page.unreadable, []);
  });

  it('keeps a record whose timestamp cannot be read', () => {
    for (const timestamp of ['yesterday', '', 1700000000, null, ['2026-11-22T10:00:00Z']]) {
      const page = decodePage(JSON.stringify({ logs: [{ event_id: 'a', timestamp }] }));
      assert.deepEqual(page.records, [{ event: { event_id: 'a', timestamp }, time: undefined }]);
    }
  });

  it('counts what is no record, with its reason and its text without secrets', () => {
    const page = decodePage(
      JSON.stringify({
        logs: [1, null, 'a text, password=hunter2 in it', first, [{ adminPass: 'hunter2' }], true, 'x'.repeat(9999)],
        marker: 'm',
      }),
    );
    assert.deepEqual(events(page), [first]);
    assert.equal(page.marker, 'm');
    assert.deepEqual(
      page.unreadable.map(({ reason }) => reason.replace('Expected a record, found ', '')),
      ['a number', 'null', 'a string', 'a list', 'a boolean', 'a string'],
    );
    assert.ok(!JSON.stringify(page.unreadable).includes('hunter2'));
    assert.match(page.unreadable[2]?.text ?? '', /^"a text, password=•+ in it"$/);
    assert.ok(page.unreadable.every(({ text }) => text.length <= 201));
  });

  const shapes: readonly (readonly [what: string, text: string, records: readonly unknown[], unreadable: number])[] = [
    ['a byte order mark', `\ufeff{"logs":[${JSON.stringify(first)}]}`, [first], 0],
    ['spaces around', `\n {"logs":[${JSON.stringify(first)}]}\n`, [first], 0],
    ['a list alone', `[${JSON.stringify(first)},2]`, [first], 1],
    ['null, as Go writes an empty list', '{"logs":null}', [], 0],
    ['one record instead of a list', `{"logs":${JSON.stringify(first)}}`, [first], 0],
    ['records by key', `{"logs":{"0":${JSON.stringify(first)},"1":{"event_id":"b"}}}`, [first, { event_id: 'b' }], 0],
    ['text instead of a list', '{"logs":"none"}', [], 1],
    ['a number instead of a list', '{"logs":0}', [], 1],
  ];
  for (const [what, text, records, unreadable] of shapes) {
    it(`takes ${what}`, () => {
      const page = decodePage(text);
      assert.deepEqual(events(page), records);
      assert.equal(page.unreadable.length, unreadable);
    });
  }

  const malformed: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    ['an empty answer', '', /empty/],
    ['spaces', ' \n', /empty/],
    ['a mark alone', '\ufeff', /empty/],
    ['a web page', '<!DOCTYPE html><html><body>Sign in</body></html>', /web page instead of events: <!DOCTYPE html>/],
    ['a cut-off answer', '{"logs":[{"event_id":"a","request_body":"{\\"adminPass\\":\\"hunter2', /cut off or damaged/],
    ['JSON with a word in it, which the parser quotes', '{"adminPass":hunter2}', /cut off or damaged/],
    ['plain text', 'upstream error, token: hunter2', /text instead of events: upstream error, token: •+$/],
    [
      'no logs',
      '{"error":{"message":"no","password":"hunter2"}}',
      /without a list of events: \{"error":\{"message":"no","password":"•+"\}\}/,
    ],
    ['a number', '5', /without a list/],
    ['null', 'null', /without a list/],
    ['a string', '"logs"', /without a list/],
  ];
  for (const [what, text, says] of malformed) {
    it(`refuses ${what} and gives away no secret`, () => {
      assert.throws(
        () => decodePage(text),
        (error) =>
          error instanceof RequestError &&
          error.failure === 'malformed' &&
          says.test(error.message) &&
          !`${error.message} ${String(error.cause)} ${error.stack}`.includes('hunter2'),
      );
    });
  }

  it('takes every JSON there is: reads it or says that it is malformed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, wrap) => {
        const text = JSON.stringify(wrap ? { logs: value } : value);
        try {
          const page = decodePage(text);
          if (Array.isArray(value)) assert.equal(page.records.length + page.unreadable.length, value.length);
        } catch (error) {
          assert.ok(error instanceof RequestError && error.failure === 'malformed');
        }
      }),
    );
  });

  it('takes records nested 10,000 deep', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    const page = decodePage(`{"logs":[{"x":${deep}},${deep}]}`);
    assert.equal(page.records.length, 1);
    assert.equal(page.unreadable.length, 1);
    assert.match(eventKey(page.records[0]?.event ?? {}), /^derived-[\da-f]{32}$/);
  });
});

describe('eventKey', () => {
  it('is the id where there is one', () => {
    assert.equal(
      eventKey({ event_id: '7259205b-7u4e-4078-9ffc-zf15d2bd1a8f' }),
      '7259205b-7u4e-4078-9ffc-zf15d2bd1a8f',
    );
    assert.equal(eventKey({ event_id: 17 }), '17');
  });

  it('is derived from the content where the id is missing, empty or no text', () => {
    const records: ActivityEvent[] = [
      {},
      { event_id: '' },
      { event_id: null },
      { event_id: {} },
      { action: 'a' },
      { action: 'b' },
    ];
    const keys = records.map(eventKey);
    assert.ok(keys.every((key) => /^derived-[\da-f]{32}$/.test(key)));
    assert.equal(new Set(keys).size, keys.length);
  });

  it('does not depend on the order of the fields, but on every character', () => {
    const record = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null)));
    fc.assert(
      fc.property(record, record, (left, right) => {
        const reversed = Object.fromEntries(Object.entries(left).reverse());
        assert.equal(deriveKey(left), deriveKey(reversed));
        const same = JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
        assert.equal(deriveKey(left) === deriveKey(right), same);
      }),
    );
    const many = new Set(Array.from({ length: 20_000 }, (_, index) => deriveKey({ action: 'vm-action', n: index })));
    assert.equal(many.size, 20_000);
  });
});

describe('readTime', () => {
  const readable: readonly (readonly [string, string])[] = [
    ['2021-07-16T13:13:20Z', '2021-07-16T13:13:20.000Z'],
    ['2021-07-16t13:13:20z', '2021-07-16T13:13:20.000Z'],
    ['2021-07-16 13:13:20Z', '2021-07-16T13:13:20.000Z'],
    ['2021-07-16T13:13:20+03:00', '2021-07-16T10:13:20.000Z'],
    ['2021-07-16T13:13:20-09:30', '2021-07-16T22:43:20.000Z'],
    ['2021-07-16T13:13:20-00:00', '2021-07-16T13:13:20.000Z'],
    ['2021-07-16T13:13:20.5Z', '2021-07-16T13:13:20.500Z'],
    ['2021-07-16T13:13:20.123456789+00:00', '2021-07-16T13:13:20.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60.7Z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T02:59:60+03:00', '2017-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:60Z', '1970-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ];
  for (const [text, iso] of readable) {
    it(`reads ${text}`, () => assert.equal(new Date(readTime(text) ?? NaN).toISOString(), iso));
  }

  const unreadable = [
    '',
    'now',
    '2021-07-16',
    '2021-07-16T13:13:20',
    '2021-07-16T13:13Z',
    '2021-7-16T13:13:20Z',
    '2021-07-16T13:13:20.Z',
    '2021-07-16T13:13:20+0300',
    '2021-07-16T13:13:20+24:00',
    '2021-07-16T13:13:20+03:60',
    '2021-07-16T24:00:00Z',
    '2021-07-16T13:60:00Z',
    '2021-07-16T13:13:61Z',
    '2021-07-16T13:13:60Z',
    '2021-07-16T23:59:60+03:00',
    '2021-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2021-04-31T00:00:00Z',
    '2021-13-01T00:00:00Z',
    '2021-00-01T00:00:00Z',
    '2021-01-00T00:00:00Z',
    '12021-01-01T00:00:00Z',
    '-2021-01-01T00:00:00Z',
    ' 2021-07-16T13:13:20Z',
    '2021-07-16T13:13:20Z\n',
    '２021-07-16T13:13:20Z',
    '2021-07-16_13:13:20Z',
  ];
  for (const text of unreadable) it(`leaves ${JSON.stringify(text)}`, () => assert.equal(readTime(text), undefined));

  it('reads every moment that Date writes', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0000-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        }),
        (date) => {
          assert.equal(readTime(date.toISOString()), date.getTime());
        },
      ),
    );
  });
});
