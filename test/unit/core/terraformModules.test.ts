import assert from 'node:assert/strict';
import { findBlocks } from '../../../src/core/terraformBlocks';
import { findDeclaration, moduleNames, rootsOf } from '../../../src/core/terraformModules';

const files: Readonly<Record<string, string>> = {
  '/w/main.tf':
    'module "a" {\n  source = "./modules/a"\n}\nmodule "far" {\n  source = "hashicorp/x/y"\n}\nresource "t" "r" {}',
  '/w/other.tf': 'data "t" "r" {}\nmodule "loop" {\n  source = "./"\n}\nmodule "lost" {\n  source = "./none"\n}',
  '/w/modules/a/a.tf': 'module "b" {\n  source = "../b/"\n}\nresource "t" "r" {}',
  '/w/modules/b/b.tf': '\nresource "t" "deep" {}',
};

function read(directory: string): Promise<{ path: string; blocks: ReturnType<typeof findBlocks> }[]> {
  const here = Object.entries(files).filter(([path]) => path.slice(0, path.lastIndexOf('/')) === directory);
  return Promise.resolve(here.map(([path, text]) => ({ path, blocks: findBlocks(text, path) })));
}

describe('findDeclaration', () => {
  for (const [module, mode, name, expected] of [
    ['', 'managed', 'r', '/w/main.tf:6'],
    ['', 'data', 'r', '/w/other.tf:0'],
    ['', 'managed', 'gone', undefined],
    ['module.a', 'managed', 'r', '/w/modules/a/a.tf:3'],
    ['module.a["x.y"].module.b[0]', 'managed', 'deep', '/w/modules/b/b.tf:1'],
    ['module.a.module.b', 'managed', 'gone', '/w/modules/a/a.tf:0'],
    ['module.far', 'managed', 'r', '/w/main.tf:3'],
    ['module.far.module.inner', 'managed', 'r', '/w/main.tf:3'],
    ['module.lost', 'managed', 'r', '/w/other.tf:4'],
    ['module.loop.module.loop.module.loop', 'managed', 'r', '/w/main.tf:6'],
    ['module.none', 'managed', 'r', undefined],
  ] as const) {
    it(`${module || 'the root'}: ${mode} ${name}`, async () => {
      const found = await findDeclaration({ module, mode, type: 't', name }, '/w', read);
      assert.equal(found && `${found.path}:${found.block.line}`, expected);
    });
  }
});

it('moduleNames', () => {
  assert.deepEqual(moduleNames(''), []);
  assert.deepEqual(moduleNames('module.a'), ['a']);
  assert.deepEqual(moduleNames('module.a["x].module.y"].module.b[10]'), ['a', 'b']);
});

it('rootsOf', () => {
  assert.deepEqual(rootsOf('/w/terraform.tfstate'), ['/w']);
  assert.deepEqual(rootsOf('/w/terraform.tfstate.d/prod/terraform.tfstate'), ['/w', '/w/terraform.tfstate.d/prod']);
});
