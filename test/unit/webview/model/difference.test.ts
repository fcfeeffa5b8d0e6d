import assert from 'node:assert/strict';
import fc from 'fast-check';
import { presentBody } from '../../../../src/core/event/body';
import { mask } from '../../../../src/core/redact/redact';
import type { ComparedText } from '../../../../src/core/diff/changedValues';
import { findDifference, type Difference } from '../../../../webview/model/difference';
import { findUnchanged, unifyTexts } from '../../../../webview/model/unifiedText';
import { madeJson } from '../../core/json/madeJson';
import { assertExact } from './assertExact';

function prepare(body: string): string {
  const options = { redact: false, sortKeys: true, openStrings: true };
  return presentBody({ request_body: body }, 'request', options).text;
}

function compare(left: string, right: string, match = true): Difference {
  const plain = (text: string): ComparedText => ({ text, masks: [] });
  return findDifference({ left: plain(left), right: plain(right), json: true, match });
}

const token = /"(?:[^"\\]|\\.)*"|[^\s",:]+|\s+|[,:]/g;

/** A text that hides something in each of its lines. */
function hide(...hidden: number[]): ComparedText {
  let text = '{';
  const masks = hidden.map((hidden, index) => {
    text += `${index > 0 ? ',' : ''}\n  "key${index}": "`;
    const start = text.length;
    text += `${mask}"`;
    return { start, end: start + mask.length, hidden };
  });
  return { text: `${text}\n}`, masks };
}

describe('findDifference', () => {
  it('makes the right text of the left one, and says where each change is', () => {
    fc.assert(
      fc.property(madeJson, madeJson, fc.boolean(), (a, b, match) => {
        const [left, right] = [prepare(a), prepare(b)];
        const difference = compare(left, right, match);
        assertExact(difference.left, right, difference);
        assert.deepEqual(difference.left.match(token)?.sort(), left.match(token)?.sort());
        for (const { atLeft, atRight } of difference.values?.listed ?? []) {
          assert.ok((atLeft ?? 0) <= left.length && (atRight ?? 0) <= right.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('puts matched elements in the order of the right side', () => {
    const server = (name: string, size: number): object => ({ name, size });
    const left = prepare(JSON.stringify({ list: [server('a', 1), server('b', 2), server('gone', 0), server('c', 3)] }));
    const right = prepare(JSON.stringify({ list: [server('c', 3), server('a', 1), server('b', 20)] }));
    const { lines, values, left: shown } = compare(left, right);
    assert.equal(
      shown,
      prepare(JSON.stringify({ list: [server('c', 3), server('a', 1), server('b', 2), server('gone', 0)] })),
    );
    assert.equal(lines.length, 1);
    const found = values?.listed.map(({ kind, path, atLeft }) => [kind, path, shown.slice(atLeft).split('\n')[0]]);
    assert.deepEqual(found, [
      ['order', 'list', '['],
      ['removed', 'list[2]', '{'],
      ['changed', 'list[2].size', '2'],
    ]);
  });

  it('tells secrets that differ from those that are equal, and shows neither', () => {
    const { values, lines } = findDifference({ left: hide(1, 2, 3), right: hide(1, 4, 3), json: true, match: true });
    assert.deepEqual(
      values?.listed.map(({ path, masked, left, right }) => [path, masked, left, right]),
      [['key1', true, mask, mask]],
    );
    assert.deepEqual(lines, [{ fromA: 2, toA: 3, fromB: 2, toB: 3 }]);
  });

  it('lists no values of texts that are no JSON', () => {
    const [left, right] = [
      { text: 'a\nb', masks: [] },
      { text: 'a\nc', masks: [] },
    ];
    assert.equal(findDifference({ left, right, json: false, match: true }).values, undefined);
  });

  it('makes hidden characters in paths and values visible', () => {
    const [change] = compare('{\n  "a\u202e": 1\n}', '{\n  "a\u202e": "\u0000\ud800"\n}').values?.listed ?? [];
    assert.equal(change?.path, '["a\\u{202E}"]');
    assert.equal(change.right, '"\\u{0}\\u{D800}"');
  });
});

describe('unifyTexts', () => {
  const line = fc.constantFrom('{', '}', '  "a": 1,', '  "a": 2,', '', 'x y z', 'x q z');
  const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'));

  it('holds all lines of both sides, in order, and knows where each place of either is', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const { lines, changes } = findDifference({
          left: { text: left, masks: [] },
          right: { text: right, masks: [] },
          json: false,
          match: false,
        });
        const unified = unifyTexts(left, right, lines, changes);
        const joined = unified.lines.join('\n');
        const side = (other: 'removed' | 'added'): string =>
          unified.segments
            .filter(({ kind }) => kind !== other)
            .flatMap(({ line, count }) => unified.lines.slice(line, line + count))
            .join('\n');
        assert.equal(side('added'), left);
        assert.equal(side('removed'), right);
        for (let at = 0; at < right.length; at++) assert.equal(joined[unified.placeOf('right', at)], right[at]);
        for (const { fromA, toA } of lines) {
          const start = left.split('\n').slice(0, fromA).join('\n').length + (fromA > 0 ? 1 : 0);
          if (fromA < toA && start < left.length) assert.equal(joined[unified.placeOf('left', start)], left[start]);
        }
        unified.words.forEach(({ from, to }, index) => {
          assert.ok(from < to && to <= joined.length && from >= (unified.words[index - 1]?.to ?? 0));
        });
      }),
    );
  });

  it('marks the words that differ', () => {
    const [left, right] = ['same\nthe old flavor\nsame', 'same\nthe new flavor\nsame'];
    const plain = (text: string): ComparedText => ({ text, masks: [] });
    const { lines, changes } = findDifference({ left: plain(left), right: plain(right), json: false, match: false });
    const unified = unifyTexts(left, right, lines, changes);
    const joined = unified.lines.join('\n');
    assert.deepEqual(
      unified.words.map(({ from, to }) => joined.slice(from, to)),
      ['old', 'new'],
    );
  });
});

describe('findUnchanged', () => {
  const total = { left: 100, right: 101 };
  it('keeps three lines around each change in sight', () => {
    const hunk = { fromA: 50, toA: 51, fromB: 50, toB: 52 };
    assert.deepEqual(findUnchanged([hunk], total), [
      { left: 0, right: 0, unified: 0, count: 47 },
      { left: 54, right: 55, unified: 56, count: 46 },
    ]);
  });

  it('folds no short stretch', () => {
    const hunks = [
      { fromA: 2, toA: 3, fromB: 2, toB: 3 },
      { fromA: 14, toA: 15, fromB: 14, toB: 15 },
    ];
    assert.deepEqual(findUnchanged(hunks, { left: 17, right: 17 }), []);
  });

  it('folds equal texts whole', () => {
    assert.deepEqual(findUnchanged([], { left: 9, right: 9 }), [{ left: 0, right: 0, unified: 0, count: 9 }]);
  });
});
