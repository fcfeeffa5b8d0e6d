import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readHcl } from '../../../../src/terraform/syntax/hcl';

const kinds = ['resource', 'data', 'import', 'moved', 'check', 'terraform', 'provider', 'variable', 'locals'];

/** `kind labels@line-endLine` */
function short(text: string): string[] {
  return readHcl(text, kinds).map(
    ({ kind, labels, line, endLine }) => `${[kind, ...labels].join(' ')}@${line}-${endLine}`,
  );
}

describe('readHcl', () => {
  for (const [what, text, expected] of [
    [
      'blocks of all kinds',
      'terraform {\n  backend "s3" {}\n}\nprovider "vkcs" {\n}\nvariable "a" { default = 1 }\nlocals {}',
      ['terraform@0-2', 'provider vkcs@3-4', 'variable a@5-5', 'locals@6-6'],
    ],
    ['no attributes', 'a = {\n  b = 1\n}\nlocals {\n}', ['locals@3-4']],
    ['data sources in others', 'check "c" {\n  data "t" "a" {\n  }\n}', ['data t a@1-2', 'check c@0-3']],
    [
      'what comes behind a brace that is missing',
      'provider "vkcs" {\n  x = {\nresource "t" "a" {\n}\nprovider "mcs" {}',
      ['provider vkcs@0-1', 'resource t a@2-3', 'provider mcs@4-4'],
    ],
    ['what comes behind a brace too many', '}\nprovider "vkcs" {}', ['provider vkcs@1-1']],
    ['nothing in an object behind a brace too many', '}\na = {\n  locals {}\n}', []],
    ['a header with comments', 'provider /* { */ "vkcs" { # }\n}', ['provider vkcs@0-1']],
    ['a block that does not end', 'locals {\n  a = 1\n', ['locals@0-2']],
  ] as const) {
    it(`finds ${what}`, () => assert.deepEqual(short(text), expected));
  }

  it('tells what stands between the braces', () => {
    const text = 'locals { a = "}" }\nimport {\n  to = a.b\nimport {}';
    assert.deepEqual(
      readHcl(text, kinds).map(({ body }) => body),
      [' a = "}" ', '\n  to = a.b\n', ''],
    );
  });

  it('names the lines on which a block begins and ends, whatever it is given', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'resource "t" "a" {',
        'data t a {',
        'check "c" {',
        'moved {',
        'x = {',
        '{',
        '}',
        '"',
        '${',
        '/*',
        '*/',
      ),
      fc.constantFrom('<<E\n', 'E\n', '\n', '\n', '\r\n', ' ', '#', '\\', '(', '='),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const lines = text.split('\n');
        for (const { kind, line, endLine, body } of readHcl(text, kinds)) {
          assert.ok(lines[line]?.includes(kind.split('\n', 1)[0] ?? ''));
          assert.ok(
            lines
              .slice(line, endLine + 1)
              .join('\n')
              .includes(body.trim()),
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});
