import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findBlocks, readCode } from '../../../../src/terraform/syntax/terraformBlocks';
import { cpuTime } from '../../cpuTime';

/** `resource.type.name@line-endLine`, a module with its source. */
function short(text: string, fileName?: string): string[] {
  return findBlocks(text, fileName).map(({ kind, type, name, line, endLine, source }) =>
    [kind, type, name]
      .filter(Boolean)
      .join('.')
      .concat(`@${line}-${endLine}`, source === undefined ? '' : ` ${source}`),
  );
}

describe('findBlocks', () => {
  for (const [what, text, expected] of [
    ['nothing', '', []],
    ['a resource', 'resource "vkcs_x" "a" {\n  n = 1\n}\n', ['resource.vkcs_x.a@0-2']],
    ['a block on one line', 'data "vkcs_x" "a" {}', ['data.vkcs_x.a@0-0']],
    ['a module with its source', 'module "m" {\n  source = "./m"\n}', ['module.m@0-2 ./m']],
    ['a computed source', 'module "m" {\n  source = "${path.module}/m"\n}', ['module.m@0-2']],
    ['a source of something within', 'module "m" {\n  x = {\n    source = "./no"\n  }\n}', ['module.m@0-4']],
    ['two of them', 'resource "t" "a" {}\n\nresource "t" "b" {\n}', ['resource.t.a@0-0', 'resource.t.b@2-3']],
    ['bare labels', 'resource t a {\n}', ['resource.t.a@0-1']],
    ['comments between the labels', 'resource /* x */ "t" "a" { # y\n}', ['resource.t.a@0-1']],
    ['line comments', '# resource "t" "no" {\n// resource "t" "no" {\nresource "t" "a" {}', ['resource.t.a@2-2']],
    ['a block comment', '/*\nresource "t" "no" {}\n*/ resource "t" "a" {}', ['resource.t.a@2-2']],
    ['braces in comments', 'resource "t" "a" {\n # }\n // {\n /* } */\n}', ['resource.t.a@0-4']],
    ['braces in strings', 'resource "t" "a" {\n  x = "}{\\"}"\n}', ['resource.t.a@0-2']],
    ['nested templates', 'resource "t" "a" {\n  x = "a${f("}", { y = "${z}" })}b"\n}', ['resource.t.a@0-2']],
    ['an escaped template', 'resource "t" "a" {\n  x = "$${"\n  y = "%%{"\n}', ['resource.t.a@0-3']],
    ['dollars', 'resource "t" "a" {\n  x = "$$ $ % $"\n}', ['resource.t.a@0-2']],
    [
      'a heredoc that looks like a block',
      'resource "t" "a" {\n  x = <<EOT\nresource "t" "no" {\n}}}\nEOT\n}\nresource "t" "b" {}',
      ['resource.t.a@0-5', 'resource.t.b@6-6'],
    ],
    ['an indented heredoc', 'resource "t" "a" {\n  x = <<-E-1\n    }\n    E-1\n}', ['resource.t.a@0-4']],
    ['a heredoc whose end is only named', 'resource "t" "a" {\n  x = <<E\nE x\n}\nE\n}', ['resource.t.a@0-5']],
    ['a heredoc without end', 'resource "t" "a" {\n  x = <<E\n}\nresource "t" "no" {}', ['resource.t.a@0-3']],
    [
      'CRLF',
      'resource "t" "a" {\r\n  x = <<E\r\n}\r\nE\r\n}\r\nmodule "m" {\r\n}\r\n',
      ['resource.t.a@0-4', 'module.m@5-6'],
    ],
    ['a byte order mark', '\uFEFFresource "t" "a" {}', ['resource.t.a@0-0']],
    [
      'other alphabets',
      'resource "t" "веб-1" {}\nresource t сервер {}',
      ['resource.t.веб-1@0-0', 'resource.t.сервер@1-1'],
    ],
    ['blocks of other kinds', 'locals {\n  resource = { "t" = "no" }\n}\nresource "t" "a" {}', ['resource.t.a@3-3']],
    ['a data source in a check', 'check "c" {\n  data "t" "a" {\n  }\n}', ['data.t.a@1-2']],
    ['a nested block of the same words', 'x "y" {\n  resource "t" "no" {\n  }\n}', []],
    ['too many labels', 'resource "t" "a" "b" {\n}\nresource "t" {\n}', []],
    ['an attribute of that name', 'resource = "t"\nmodule = {\n}', []],
    [
      'a brace that is not typed yet',
      'resource "t" "a" {\n  x = {\nresource "t" "b" {\n}',
      ['resource.t.a@0-1', 'resource.t.b@2-3'],
    ],
    [
      'a quote that is not typed yet',
      'resource "t" "a" {\n  x = "y\n}\nresource "t" "b" {}',
      ['resource.t.a@0-2', 'resource.t.b@3-3'],
    ],
    ['a brace too many', '}\n}\nresource "t" "a" {}', ['resource.t.a@2-2']],
    ['a block that does not end', 'resource "t" "a" {\n  x = 1', ['resource.t.a@0-1']],
  ] as const) {
    it(`finds ${what}`, () => assert.deepEqual(short(text), expected));
  }

  for (const [what, text, expected] of [
    [
      'objects',
      '{\n "resource": {\n  "t": {\n   "a": {\n   },\n   "b": {}\n  }\n },\n "module": {"m": {"x": 1, "source": "./m"}}\n}',
      ['resource.t.a@3-4', 'resource.t.b@5-5', 'module.m@8-8 ./m'],
    ],
    [
      'lists',
      '[{"data": [{"t": [{"a": [{}]}]}]}, {"module": {"m": [{"source": "./m"}]}}]',
      ['data.t.a@0-0', 'module.m@0-0 ./m'],
    ],
    [
      'other members',
      '{"//": "resource", "locals": {"resource": {"t": {"no": {}}}}, "resource": {"t": {"a": {}}}}',
      ['resource.t.a@0-0'],
    ],
    ['what comes before a fault', '{"resource": {"t": {"a": {}, "b"', ['resource.t.a@0-0']],
    ['nothing in no JSON', 'resource "t" "a" {}', []],
    ['nothing in other types', '{"resource": 1, "module": "x", "data": [null, {"t": []}]}', []],
    [
      'escaped and odd names',
      '{"resource": {"t": {"\\u0061": {}, "__proto__": {}}}}',
      ['resource.t.a@0-0', 'resource.t.__proto__@0-0'],
    ],
  ] as const) {
    it(`finds ${what} in .tf.json`, () => assert.deepEqual(short(text, 'main.tf.json'), expected));
  }

  for (const [fileName, text] of [
    [
      'main.tf',
      `import {
  to = module.m["k"].vkcs_x.a[0] # here
  id = "x/y"
}
import {
  for_each = local.all
  to       = vkcs_x.b[each.key]
  id       = each.value
}
import {
  for_each = { # two
    "first one" = "1"
    second      = "2", third = var.third
  }
  to = module.m[each.key].vkcs_x.d
  id = "net/\${each.value}"
}
import {
  for_each = toset(["s1", /* ] */ "s2"])
  to = vkcs_x.e[each.value]
  id = each.key
}
import {
  for_each = { a = "1" }
  to = vkcs_x.same
  id = each.value
}
import {
  for_each = ["l"]
  to = vkcs_x.f[each.key]
  id = each.value
}
import {
  to = vkcs_x.g["\${var.key}"]
  id = "y"
}
import {
  to = vkcs_x.h
  id = var.id
}
import {
  to = vkcs_x.c
  id = "\${var.id}"
}
moved {
  from = vkcs_x.old
  to = vkcs_x.a }
moved "no" {
  from = vkcs_x.no
  to   = vkcs_x.no
}
locals {
  moved = { from = a.b, to = c.d }
}`,
    ],
    [
      'main.tf.json',
      `{"import":
 [{"to": "module.m[\\"k\\"].vkcs_x.a[0]", "id": "x/y"}, {"to": "vkcs_x.c", "id": "\${var.id}"}, {"to": "vkcs_x.b"},
  {"for_each": {"first one": "1", "second": "2", "third": "\${var.third}"}, "to": "module.m[each.key].vkcs_x.d", "id": "net/\${each.value}"},
  {"for_each": "\${toset([\\"s1\\", \\"s2\\"])}", "to": "vkcs_x.e[each.value]", "id": "\${each.key}"}],
  "moved": {"from": "vkcs_x.old", "to": "vkcs_x.a"}}`,
    ],
  ] as const) {
    it(`finds what links addresses in ${fileName}`, () => {
      const { blocks, imports, moves } = readCode(text, fileName);
      assert.deepEqual(blocks, []);
      assert.deepEqual(
        imports.map(({ to, id }) => [to, id]),
        [
          ['module.m["k"].vkcs_x.a[0]', 'x/y'],
          ['module.m["first one"].vkcs_x.d', 'net/1'],
          ['module.m["second"].vkcs_x.d', 'net/2'],
          ['vkcs_x.e["s1"]', 's1'],
          ['vkcs_x.e["s2"]', 's2'],
        ],
      );
      assert.deepEqual(moves, [{ from: 'vkcs_x.old', to: 'vkcs_x.a' }]);
    });
  }

  it('ends, whatever it is given, with blocks in rising order', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'resource "t" "a" {',
        'import {\nto = a.b[each.key]\nid = each.value\nfor_each = ',
        'toset([',
        '{',
        '}',
        '"',
        '${',
        '%{',
        '$${',
        '<<E\n',
        'E\n',
        '\n',
        '/*',
        '*/',
        '#',
        '\\',
        '[',
        '\r\n',
        ' ',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom('a.tf', 'a.tf.json'), (parts, name) => {
        const lines = parts.join('').split('\n').length;
        let before = -1;
        for (const { line, endLine } of findBlocks(parts.join(''), name)) {
          assert.ok(line >= before && line <= endLine && endLine < lines);
          before = line;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads large and hostile files in linear time', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `resource "t" "a${i}" {\n  x = "\${f("{")}"\n}\n`).join('');
    const start = cpuTime();
    assert.equal(findBlocks(many).length, 5000);
    for (const text of [
      '"${'.repeat(200_000),
      '{'.repeat(500_000),
      '<<E\n'.repeat(100_000),
      '/*'.repeat(200_000),
      '\\"'.repeat(200_000),
      'toset(['.repeat(100_000),
    ]) {
      findBlocks(`resource "t" "a" {\n x = ${text}`);
      findBlocks(`import {\n to = t.a[each.key]\n id = each.key\n for_each = ${text}`);
    }
    findBlocks('['.repeat(200_000), 'a.tf.json');
    assert.ok(cpuTime() - start < 3000);
  });
});
