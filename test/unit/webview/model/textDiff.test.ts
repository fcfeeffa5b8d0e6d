import assert from 'node:assert/strict';
import fc from 'fast-check';
import { spansOf } from '../../../../src/core/diff/internSpans';
import { createBudget, diffSequences } from '../../../../src/core/diff/sequenceDiff';
import { diffText } from '../../../../webview/model/textDiff';
import { assertExact } from './assertExact';
import { cpuTime } from '../../cpuTime';

const line = fc.constantFrom(
  '{',
  '}',
  '  "a": 1,',
  '  "b": "x y z",',
  '  "b": "x q z",',
  '',
  '},',
  '  "ключ": "значение"',
);
const lines = fc.array(line, { maxLength: 40 }).map((items) => items.join('\n'));

describe('diffText', () => {
  it('puts the right side into the left exactly', () => {
    fc.assert(fc.property(lines, lines, (left, right) => assertExact(left, right, diffText(left, right))));
  });

  it('is exact for any text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '"', ' ', '\ud800', '😀'), maxLength: 60 });
    fc.assert(fc.property(text, text, (left, right) => assertExact(left, right, diffText(left, right))));
  });

  it('is exact when it runs out of work at any moment', () => {
    fc.assert(
      fc.property(lines, lines, fc.nat(300), (left, right, work) =>
        assertExact(left, right, diffText(left, right, createBudget(work))),
      ),
    );
  });

  it('is exact where texts fall out of step and into it again', () => {
    const block = fc.constantFrom(
      ['a'],
      ['b'],
      ['{', '}'],
      Array.from({ length: 30 }, (_, index) => `line ${index}`),
    );
    const long = fc.array(block, { maxLength: 40 }).map((blocks) => blocks.flat().join('\n'));
    fc.assert(fc.property(long, long, (left, right) => assertExact(left, right, diffText(left, right))));
  });

  it('finds nothing in equal texts', () => {
    fc.assert(
      fc.property(lines, (text) => assert.deepEqual(diffText(text, text), { lines: [], changes: [], coarse: false })),
    );
  });

  it('marks only the words that changed', () => {
    const left = '{\n  "flavorRef": "STD2-2-4",\n  "name": "web"\n}';
    const right = '{\n  "flavorRef": "STD4-2-4",\n  "name": "web"\n}';
    const { changes } = diffText(left, right);
    assert.deepEqual(
      changes.map((change) => [left.slice(change.fromA, change.toA), right.slice(change.fromB, change.toB)]),
      [['STD2', 'STD4']],
    );
  });

  it('keeps a line that stayed when its neighbours changed places', () => {
    const { changes } = diffText('a\nb\nc\nd\n', 'c\na\nb\nd\n');
    assert.equal(changes.length, 2);
  });
});

describe('diffText on big texts', () => {
  const record = (index: number): string =>
    `  {\n    "id": "${index}",\n    "name": "server-${index}",\n    "up": true\n  },`;
  const records = Array.from({ length: 60_000 }, (_, index) => record(index));
  const left = records.join('\n');

  it('finds few changes in 3 MB exactly', () => {
    const right = records
      .map((text, index) => (index % 10_000 === 5 ? text.replace('true', 'false') : text))
      .join('\n');
    const diff = diffText(left, right);
    assert.equal(diff.changes.length, 6);
    assert.equal(diff.coarse, false);
    assertExact(left, right, diff);
  });

  for (const [name, right] of [
    ['reversed', [...records].reverse().join('\n')],
    ['different', records.map((text) => text.replaceAll(/\d+|server|true/g, 'q$&')).join('\n')],
    ['made of few different lines', left.replaceAll(/\d/g, '0')],
  ] as const) {
    it(`ends soon and exactly when everything is ${name}`, () => {
      const started = cpuTime();
      const diff = diffText(left, right);
      assert.ok(cpuTime() - started < 10_000);
      assertExact(left, right, diff);
    });
  }

  it('tells lines of one length that differ at their ends', () => {
    const long = Array.from({ length: 3_000 }, (_, index) => `${'x'.repeat(20_000)}${index}`);
    const started = cpuTime();
    const diff = diffText(long.join('\n'), [...long].reverse().join('\n'));
    assert.ok(cpuTime() - started < 10_000);
    assert.ok(diff.lines.length > 0);
  });

  it('joins what differs in too many places, and says so', () => {
    const right = records.map((text, index) => (index % 10 === 5 ? text.replace('true', 'false') : text)).join('\n');
    const diff = diffText(left, right);
    assert.equal(diff.coarse, true);
    assert.equal(diff.lines.length, 3_000);
    assertExact(left, right, diff);
  });

  it('says when it was coarse', () => {
    const budget = createBudget(1_000);
    assert.equal(diffText(left, [...records].reverse().join('\n'), budget).coarse, true);
  });
});

describe('diffSequences', () => {
  it('never reports more than all items, and only real differences', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
    fc.assert(
      fc.property(items, items, (left, right) => {
        const hunks = diffSequences(spansOf(left), spansOf(right), createBudget());
        for (const hunk of hunks) {
          assert.notDeepEqual(left.slice(hunk.fromA, hunk.toA), right.slice(hunk.fromB, hunk.toB));
        }
        assert.ok(hunks.length <= Math.max(left.length, right.length) + 1);
      }),
    );
  });
});
