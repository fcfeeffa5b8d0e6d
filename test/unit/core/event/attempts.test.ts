import assert from 'node:assert/strict';
import { attemptsAround } from '../../../../src/core/event/attempts';

/** `f`, `s`, `u`: failure, success, unknown; the own call in capitals. */
const table: readonly (readonly [string, string])[] = [
  ['S', ''],
  ['F', ''],
  ['fS', 'fS'],
  ['ffS', 'ffS'],
  ['Fs', 'Fs'],
  ['fFfsf', 'fFfs'],
  ['sfFs', 'fFs'],
  ['fsS', ''],
  ['sS', ''],
  ['Ss', ''],
  ['Fu', 'Fu'],
  ['fFf', 'fFf'],
  ['sF', ''],
];

describe('attemptsAround', () => {
  for (const [calls, expected] of table) {
    it(`finds "${expected}" in "${calls}"`, () => {
      const outcomes = { f: 'failure', s: 'success', u: 'unknown' } as const;
      const made = Array.from(calls, (letter) => ({
        letter,
        outcome: outcomes[letter.toLowerCase() as 'f' | 's' | 'u'],
      }));
      const own = made.find(({ letter }) => letter === letter.toUpperCase());
      assert.ok(own);
      assert.equal(
        attemptsAround(made, own)
          .map(({ letter }) => letter)
          .join(''),
        expected,
      );
    });
  }
});
