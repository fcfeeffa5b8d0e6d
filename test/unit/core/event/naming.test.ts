import assert from 'node:assert/strict';
import { firstNaming } from '../../../../src/core/event/naming';

describe('firstNaming', () => {
  for (const [text, wanted, expected] of [
    ['a b c', 'b', 2],
    ['abc', 'b', -1],
    ['abc b', 'b', 4],
    ['b', 'b', 0],
    ['x-b "b"', 'b', 5],
    ['a/b', 'b', 2],
    ['', 'b', -1],
    ['b', '', -1],
  ] as const) {
    it(`${JSON.stringify(wanted)} in ${JSON.stringify(text)}`, () => assert.equal(firstNaming(text, wanted), expected));
  }
});
