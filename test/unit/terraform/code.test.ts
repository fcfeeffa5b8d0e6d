import assert from 'node:assert/strict';
import { readCode } from '../../../src/terraform/syntax/terraformBlocks';
import { parseAddress } from '../../../src/terraform/address';
import { Code } from '../../../src/terraform/code';

function codeOf(files: Readonly<Record<string, string>>): Code {
  return new Code(new Map(Object.entries(files).map(([file, text]) => [file, readCode(text, file)])));
}

/** `file:line` of the blocks that call the modules, then `= file:line` of the own. */
function find(code: Code, address: string, root = '/w'): string {
  const { calls, own } = code.find(parseAddress(address)!, root);
  const place = ({ file, block }: NonNullable<typeof own>): string => `${file}:${block.line}`;
  return [...calls.map(place), ...(own ? [`= ${place(own)}`] : [])].join(' ');
}

describe('Code', () => {
  const code = codeOf({
    '/w/main.tf':
      'module "a" {\n  source = "./modules/a"\n}\nmodule "far" {\n  source = "hashicorp/x/y"\n}\nresource "t" "r" {}',
    '/w/main_override.tf': 'resource "t" "r" {}',
    '/w/other.tf': 'data "t" "r" {}\nmodule "loop" {\n  source = "./"\n}\nmodule "lost" {\n  source = "./none"\n}',
    '/w/modules/a/a.tf': 'module "b" {\n  source = "../b/"\n}\nresource "t" "r" {}',
    '/w/modules/b/b.tofu': '\nresource "t" "deep" {}',
  });
  for (const [address, expected] of [
    ['t.r', '= /w/main.tf:6'],
    ['t.r["k"]', '= /w/main.tf:6'],
    ['data.t.r', '= /w/other.tf:0'],
    ['t.gone', ''],
    ['module.a.t.r', '/w/main.tf:0 = /w/modules/a/a.tf:3'],
    ['module.a["x.y"].module.b[0].t.deep', '/w/main.tf:0 /w/modules/a/a.tf:0 = /w/modules/b/b.tofu:1'],
    ['module.a.module.b.t.gone', '/w/main.tf:0 /w/modules/a/a.tf:0'],
    ['module.far.t.r', '/w/main.tf:3'],
    ['module.far.module.inner.t.r', '/w/main.tf:3'],
    ['module.lost.t.r', '/w/other.tf:4'],
    ['module.loop.module.loop.t.r', '/w/other.tf:1 /w/other.tf:1 = /w/main.tf:6'],
    ['module.none.t.r', ''],
  ] as const) {
    it(`leads from ${address} to ${expected || 'nothing'}`, () => assert.equal(find(code, address), expected));
  }

  describe('with moved blocks', () => {
    const moved = codeOf({
      '/w/main.tf': [
        'resource "t" "new" {}',
        'module "m" { source = "./m" }',
        'module "plain" { source = "./m" }',
        'moved {\n from = t.old\n to = t.middle\n}',
        'moved {\n from = t.middle\n to = t.new\n}',
        'moved {\n from = t.into\n to = module.m.t.inner\n}',
        'moved {\n from = t.one[0]\n to = t.new["a"]\n}',
        'moved {\n from = module.old\n to = module.m\n}',
        'moved {\n from = module.keyed["k"]\n to = module.plain\n}',
        'moved {\n from = t.circle\n to = t.round\n}',
        'moved {\n from = t.round\n to = t.circle\n}',
        'moved {\n from = t.new\n to = t.gone\n}',
        'moved {\n from = var.x[*].y\n to = t.new\n}',
      ].join('\n'),
      '/w/m/m.tf': 'resource "t" "inner" {}\nmoved {\n from = t.before\n to = t.inner\n}',
    });
    for (const [address, expected] of [
      ['t.old', '= /w/main.tf:0'],
      ['t.old[3]', '= /w/main.tf:0'],
      ['t.into', '/w/main.tf:1 = /w/m/m.tf:0'],
      ['t.one[0]', '= /w/main.tf:0'],
      ['t.one[1]', ''],
      ['module.old.t.inner', '/w/main.tf:1 = /w/m/m.tf:0'],
      ['module.old["x"].t.before', '/w/main.tf:1 = /w/m/m.tf:0'],
      ['module.keyed["k"].t.inner', '/w/main.tf:2 = /w/m/m.tf:0'],
      ['module.keyed["other"].t.inner', ''],
      ['t.circle', ''],
      ['data.t.old', ''],
      ['t.new', '= /w/main.tf:0'], // it is still there
    ] as const) {
      it(`leads from ${address} to ${expected || 'nothing'}`, () => assert.equal(find(moved, address), expected));
    }
  });

  describe('for a state', () => {
    const roots = codeOf({
      '/w/prod/main.tf': 'resource "t" "a" {}\nresource "t" "b" {}\nmodule "m" {}',
      '/w/dev/main.tf': 'resource "t" "a" {}\nresource "t" "b" {}',
      '/w/other/main.tf': 'resource "t" "a" {}',
    });
    for (const [file, addresses, expected] of [
      ['/w/dev/terraform.tfstate', ['t.a'], ['/w/dev']],
      ['/w/dev/terraform.tfstate.d/blue/terraform.tfstate', ['t.a'], ['/w/dev']],
      ['/w/states/prod.json', ['t.a', 't.b', 'module.m.t.x'], ['/w/prod']],
      ['/w/states/any.json', ['t.a', 't.b'], ['/w/prod', '/w/dev']],
      ['/w/other/terraform.tfstate', ['t.b'], ['/w/prod', '/w/dev']],
      ['/w/dev/terraform.tfstate', ['t.none'], []],
      ['/w/dev/terraform.tfstate', [], []],
    ] as const) {
      it(`finds the roots ${expected.join(', ')} of ${file} with ${addresses.join(', ')}`, () =>
        assert.deepEqual(
          roots.rootsOf(
            file,
            addresses.map((address) => parseAddress(address)!),
          ),
          expected,
        ));
    }
  });
});
