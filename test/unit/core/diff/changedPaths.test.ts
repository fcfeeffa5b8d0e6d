import assert from 'node:assert/strict';
import fc from 'fast-check';
import { presentBody } from '../../../../src/core/event/body';
import { findChangedPaths, showValue } from '../../../../src/core/diff/changedPaths';
import { readJson } from '../../../../src/core/json/jsonTree';
import { createBudget } from '../../../../src/core/diff/sequenceDiff';
import { applyChanges, toTokens } from './applyChanges';
import { madeJson } from '../json/madeJson';

/** As the panel gets it. */
function prepare(body: string): string {
  const options = { redact: false, sortKeys: true, openStrings: true };
  return presentBody({ request_body: body }, 'request', options).text;
}

function list(left: string, right: string, match = true): string[] {
  return findChangedPaths(left, right, match, createBudget()).changes.map(
    ({ kind, path, left: a, right: b, order }) => {
      if (order) return `${path}: order ${order.join()}`;
      const before = a && left.slice(a.from, a.to);
      const after = b && right.slice(b.from, b.to);
      if (before !== undefined && after !== undefined)
        return `${path}: ${showValue(before, after)} -> ${showValue(after, before)}`;
      return `${path}: ${kind} ${showValue(before ?? after ?? '', undefined)}`;
    },
  );
}

function changes(left: unknown, right: unknown, match = true): string[] {
  const write = (value: unknown): string => JSON.stringify(value, undefined, 2);
  return list(write(left), write(right), match);
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
      ['resize["OS-DCF:diskConfig"]: added "AUTO"'],
    ],
    ['a type', { a: 1 }, { a: '1' }, ['a: 1 -> "1"']],
    ['an emptied text', { a: 'x' }, { a: '' }, ['a: x -> ""']],
    ['a removed field', { a: 1, b: null }, { a: 1 }, ['b: removed null']],
    ['an inserted element', [1, 2, 3], [1, 9, 2, 3], ['[1]: added 9']],
    [
      'an element known by its id',
      {
        rules: [
          { id: 'x', port: 1 },
          { id: 'y', port: 2 },
        ],
      },
      { rules: [{ id: 'y', port: 3 }] },
      ['rules[0]: removed { "id": "x", "port": 1 }', 'rules[0].port: 2 -> 3'],
    ],
    [
      'elements in another order',
      [{ name: 'a' }, { name: 'b', v: 1 }, { name: 'c' }, { name: 'd' }],
      [{ name: 'd' }, { name: 'b', v: 2 }, { name: 'a' }, { name: 'e' }],
      [': order 3,1,2,0', '[2]: removed { "name": "c" }', '[1].v: 1 -> 2', '[3]: added { "name": "e" }'],
    ],
    [
      'elements with the same id by their place',
      [
        { id: 1, v: 1 },
        { id: 1, v: 2 },
      ],
      [
        { id: 1, v: 3 },
        { id: 1, v: 2 },
      ],
      ['[0].v: 1 -> 3'],
    ],
    ['a list of plain values in its order', ['a', 'b', 'c'], ['c', 'a', 'b'], ['[2]: removed "c"', '[0]: added "c"']],
    ['the whole text', [], {}, [': [] -> {}']],
  ] as const) {
    it(`sees ${name}`, () => assert.deepEqual(changes(left, right), expected));
  }

  it('compares elements by their place where that is wanted', () => {
    const [left, right] = [
      [{ id: 1 }, { id: 2 }],
      [{ id: 2 }, { id: 1 }],
    ];
    assert.deepEqual(changes(left, right), [': order 1,0']);
    assert.deepEqual(changes(left, right, false), ['[0]: removed { "id": 1 }', '[1]: added { "id": 1 }']);
  });

  for (const [name, left, right, expected] of [
    [
      'numbers as they are written',
      '{"n": 12345678901234567890}',
      '{"n": 12345678901234567891}',
      ['n: 12345678901234567890 -> 12345678901234567891'],
    ],
    ['1.0 from 1', '[1.0]', '[1]', ['[0]: 1.0 -> 1']],
    ['repeated keys one by one', '{"a":1,"a":2}', '{"a":1,"a":3,"a":4}', ['["a #2"]: 2 -> 3', '["a #3"]: added 4']],
    [
      'JSON in strings',
      '{"meta":"{\\"b\\":1,\\"a\\":[1]}"}',
      '{"meta":"{\\"a\\":[2],\\"b\\":1}"}',
      ['meta › a[0]: 1 -> 2'],
    ],
    ['JSON from JSON in a string', '{"a":{"b":1}}', '{"a":"{\\"b\\":1}"}', ['a: { "b": 1 } -> { "b": 1 }']],
  ] as const) {
    it(`tells ${name}`, () => assert.deepEqual(list(prepare(left), prepare(right)), expected));
  }

  it('ignores the order of keys, in strings too', () => {
    assert.deepEqual(
      list(prepare('{"a":1,"b":"{\\"c\\":1,\\"d\\":2}"}'), prepare('{"b":"{\\"d\\":2,\\"c\\":1}","a":1}')),
      [],
    );
  });

  for (const match of [true, false]) {
    it(`makes the right side of the left, elements ${match ? 'matched by id' : 'by their place'}`, () => {
      fc.assert(
        fc.property(madeJson, madeJson, fc.nat(2_000), (a, b, work) => {
          const [left, right] = [prepare(a), prepare(b)];
          const [before, after] = [readJson(left), readJson(right)];
          for (const budget of [createBudget(), createBudget(work)]) {
            const found = findChangedPaths(left, right, match, budget);
            assert.equal(found.changes.length === 0, left === right);
            assert.deepEqual(applyChanges(toTokens(left, before), right, found.changes), toTokens(right, after));
          }
        }),
        { numRuns: 1_000 },
      );
    });
  }

  it('takes a mask for one value, with quotes or without', () => {
    const masked = (mask: string): string => `{ "a": ${mask}, "b": [${mask}, "${mask}"] }`;
    assert.deepEqual(list(masked('\0k1'), masked('\0k2')), [
      'a: \0k1 -> \0k2',
      'b[0]: \0k1 -> \0k2',
      'b[1]: \0k1 -> \0k2',
    ]);
    assert.deepEqual(list('{ \0k1": 1, "b": 2 }', '{ \0k1": 3, "b": 2 }'), ['k1: 1 -> 3']);
  });

  it('survives what is nested very deeply and repeated keys', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    assert.deepEqual(list(deep, deep), []);
    assert.deepEqual([...(readJson('{"a": 1, "a": 2}').fields?.keys() ?? [])], ['a', 'a #2']);
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
