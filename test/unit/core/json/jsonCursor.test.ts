import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Json } from '../../../../src/core/json/json';
import { JsonCursor } from '../../../../src/core/json/jsonCursor';
import { madeJson } from './madeJson';

/** The next value, read member by member. */
function readValue(cursor: JsonCursor): Json {
  if (cursor.enter('[')) {
    const list: Json[] = [];
    while (cursor.nextElement()) list.push(readValue(cursor));
    return list;
  }
  if (!cursor.enter('{')) return cursor.readString() ?? (JSON.parse(cursor.takeValue()) as Json);
  const members: [string, Json][] = [];
  for (let key; (key = cursor.nextKey()) !== undefined;) members.push([key, readValue(cursor)]);
  return Object.fromEntries(members);
}

describe('JsonCursor', () => {
  it('finds the values of JSON, and where they stand', () => {
    fc.assert(
      fc.property(madeJson, fc.constantFrom('', ' ', '\n'), (text, space) => {
        const value = JSON.parse(text) as Json;
        assert.deepEqual(readValue(new JsonCursor(space + text)), value);
        const cursor = new JsonCursor(`\ufeff[1,${space}${text}${space}]`);
        cursor.enter('[');
        cursor.nextElement();
        cursor.takeValue();
        cursor.nextElement();
        assert.equal(cursor.offset, 4 + space.length);
        assert.equal(cursor.takeValue(), text);
        assert.equal(cursor.nextElement(), false);
      }),
    );
  });

  it('refuses JSON cut off anywhere', () => {
    fc.assert(
      fc.property(madeJson, fc.nat(), (text, cut) => {
        const list = `[${text}]`;
        assert.throws(() => readValue(new JsonCursor(list.slice(0, cut % list.length))), SyntaxError);
      }),
    );
  });

  it('passes nothing that has no end or is none', () => {
    for (const text of ['"a', '"a\\"', '{"a":1', '[', ']', '}', ',', ':', '\u0001', '[\u00a0]', '']) {
      assert.throws(() => new JsonCursor(text).takeValue(), SyntaxError, text);
    }
  });

  const wrong = [
    '[1 2]',
    '[1:2]',
    '{"a" 1}',
    '{a:1}',
    '{"a":}',
    '[,1]',
    '["a\n"]',
    '[\u00011]',
    '[1\u00a0]',
    '[$]',
    '[1$]',
    ']',
    '',
  ];
  for (const text of wrong) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => readValue(new JsonCursor(text)), SyntaxError));
  }
});
