import assert from 'node:assert/strict';
import { readAttributes } from '../../../../src/terraform/syntax/hclExpression';

describe('readAttributes', () => {
  for (const [what, text, expected] of [
    ['values with what is written', 'a = "b" # c\nd = e.f["g"][0] /* h */\n', { a: '"b"', d: 'e.f["g"][0]' }],
    ['values of several lines', 'a = b[\n  0\n]\nc = {\n  d = 1\n}\n', { a: 'b[\n  0\n]', c: '{\n  d = 1\n}' }],
    ['comments before the sign', 'a /* b */ = 1', { a: '1' }],
    ['nothing of blocks within', 'a {\n  b = 1\n}\nc "d" { e = 2 }\nf = 3', { f: '3' }],
    ['nothing of comparisons', 'a == b\nc = 1', { c: '1' }],
    ['what stands before the brace that closes', 'a = 1\n}\nb = 2', { a: '1' }],
    ['strings within strings', 'a = "${f("}", "{")}"\nb = 1', { a: '"${f("}", "{")}"', b: '1' }],
    ['heredocs within calls', 'a = f(<<E\n)} "\nE\n)\nb = 1', { a: 'f(<<E\n)} "\nE\n)', b: '1' }],
    ['what may not stand behind a value', 'a = b.c]d\ne = "f", g = 1', { a: 'b.c]', e: '"f",', g: '1' }],
    ['comments behind operators', 'a = 1 + 2 # {\nb = f( # )\n1)\nc = 1', { a: '1 + 2', b: 'f( # )\n1)', c: '1' }],
  ] as const) {
    it(`reads ${what}`, () => {
      const found = [...readAttributes(text)].map((attribute) => [attribute.name, attribute.text]);
      assert.deepEqual(Object.fromEntries(found), expected);
    });
  }
});
