import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findChangedPaths, showValue } from '../../../webview/changedPaths';
import { readJson } from '../../../webview/jsonTree';
import { createBudget } from '../../../webview/sequenceDiff';

function changes(left: unknown, right: unknown): string[] | undefined {
  const write = (value: unknown): string => JSON.stringify(value, undefined, 2);
  return findChangedPaths(write(left), write(right), createBudget())?.map(
    ({ path, left, right }) =>
      `${path}: ${left === undefined ? '-' : showValue(left, right)} -> ${right === undefined ? '-' : showValue(right, left)}`,
  );
}

describe('findChangedPaths', () => {
  for (const [name, left, right, expected] of [
    ['nothing', { a: 1 }, { a: 1 }, []],
    [
      'a value',
      { resize: { flavorRef: 'STD2-2-4' } },
      { resize: { flavorRef: 'STD4-8-16' } },
      ['resize.flavorRef: STD2-2-4 -> STD4-8-16'],
    ],
    [
      'a new field with a name that is no identifier',
      { resize: {} },
      { resize: { 'OS-DCF:diskConfig': 'AUTO' } },
      ['resize["OS-DCF:diskConfig"]: - -> "AUTO"'],
    ],
    ['a type', { a: 1 }, { a: '1' }, ['a: 1 -> "1"']],
    ['an emptied text', { a: 'x' }, { a: '' }, ['a: x -> ""']],
    ['a removed field', { a: 1, b: null }, { a: 1 }, ['b: null -> -']],
    ['an inserted element', [1, 2, 3], [1, 9, 2, 3], ['[1]: - -> 9']],
    [
      'an element known by its id',
      {
        rules: [
          { id: 'x', port: 1 },
          { id: 'y', port: 2 },
        ],
      },
      { rules: [{ id: 'y', port: 3 }] },
      ['rules[0]: { "id": "x", "port": 1 } -> -', 'rules[0].port: 2 -> 3'],
    ],
    ['the whole text', [], {}, [': [] -> {}']],
  ] as const) {
    it(`sees ${name}`, () => assert.deepEqual(changes(left, right), expected));
  }

  it('compares numbers as they are written', () => {
    const found = findChangedPaths('{"n": 12345678901234567890}', '{"n": 12345678901234567891}', createBudget());
    assert.deepEqual(
      found?.map((change) => [change.left, change.right]),
      [['12345678901234567890', '12345678901234567891']],
    );
  });

  it('says where to look', () => {
    const right = '{\n  "a": 2\n}';
    const [change] = findChangedPaths('{\n  "a": 1\n}', right, createBudget()) ?? [];
    assert.equal(right.slice(change?.atRight).startsWith('2'), true);
  });

  it('does not take for JSON what is none', () => {
    for (const text of ['', '{', '{"a" 1}', 'nul', '<BINARY_DATA>', '{} {}', '{"a":1,}', '"\\']) {
      assert.equal(findChangedPaths(text, '{}', createBudget()), undefined, text);
    }
  });

  it('finds something exactly when the values differ', () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : value && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, item]) => [key, sorted(item)]),
            )
          : value;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (a, b) => {
        const same = JSON.stringify(sorted(a), undefined, 2) === JSON.stringify(sorted(b), undefined, 2);
        assert.equal(changes(sorted(a), sorted(b))?.length === 0, same);
      }),
    );
  });

  it('survives what is nested very deeply and repeated keys', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    assert.deepEqual(findChangedPaths(deep, deep, createBudget()), []);
    assert.deepEqual([...(readJson('{"a": 1, "a": 2}')?.fields?.keys() ?? [])], ['a', 'a #2']);
  });
});

describe('showValue', () => {
  for (const [raw, other, expected] of [
    ['"a\\"b"', '"c"', 'a"b'],
    ['"a"', undefined, '"a"'],
    ['{\n  "a": 1\n}', '1', '{ "a": 1 }'],
    [`"${'x'.repeat(500)}"`, '"y"', `${'x'.repeat(119)}…`],
  ] as const) {
    it(`${raw.slice(0, 20)} -> ${expected.slice(0, 20)}`, () => assert.equal(showValue(raw, other), expected));
  }
});
