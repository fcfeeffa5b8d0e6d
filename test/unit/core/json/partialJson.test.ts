import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPartialJson } from '../../../../src/core/json/partialJson';

describe('readPartialJson', () => {
  const cases: readonly (readonly [text: string, value: unknown])[] = [
    ['{"a":1,"b":{"c":"x', { a: 1, b: {} }],
    ['{"a":[1,2,{"b":3},{"c', { a: [1, 2, { b: 3 }, {}] }],
    ['{"a":"}]\\"",', { a: '}]"' }],
    ['{', {}],
    ['', undefined],
    ['nothing', undefined],
    ['"half', undefined],
    ['{"a":1} and more', { a: 1 }],
    ['{"a":1}, {"b":2}', { a: 1 }],
    ['{"a":1]', {}],
  ];
  for (const [text, value] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(readPartialJson(text), { value, whole: false }));
  }

  it('reads whole JSON whole', () => {
    assert.deepEqual(readPartialJson(' {"a":[1]} '), { value: { a: [1] }, whole: true });
  });

  it('reads of what is deep as much as anybody asks for', () => {
    assert.equal(JSON.stringify(readPartialJson('['.repeat(10_000)).value), '['.repeat(200) + ']'.repeat(200));
  });

  it('reads of JSON cut anywhere what stands in the whole', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        const { value: part, whole } = readPartialJson(text.slice(0, 1 + (cut % text.length)));
        assert.ok(typeof part === 'object' && part !== null);
        const keys = Object.keys(JSON.parse(text) as object);
        if (!whole) assert.deepEqual(Object.keys(part), keys.slice(0, Object.keys(part).length));
      }),
    );
  });
});
