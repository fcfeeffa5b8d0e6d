import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findSecrets } from '../../../src/core/redact';
import { sampleEvents } from '../../../src/core/sample/sampleEvents';
import { findBlocks } from '../../../src/core/terraformBlocks';
import { declares, findDeclaration } from '../../../src/core/terraformModules';
import { findInState } from '../../../src/core/terraformState';

interface State {
  readonly version: number;
  readonly resources: readonly {
    readonly module?: string;
    readonly mode: 'managed' | 'data';
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: { readonly id: string } }[];
  }[];
}

const root = path.resolve('media/sample');
const stateText = readFileSync(path.join(root, 'terraform.tfstate'), 'utf8');
const state = JSON.parse(stateText) as State;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

function read(directory: string): Promise<{ path: string; blocks: ReturnType<typeof findBlocks> }[]> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.tf'));
  return Promise.resolve(
    names.map((name) => {
      const file = path.join(directory, name);
      return { path: file, blocks: findBlocks(readFileSync(file, 'utf8'), file) };
    }),
  );
}

function find(id: string): ReturnType<typeof findInState> extends Generator<unknown, infer Places> ? Places : never {
  const steps = findInState(stateText, id);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe('the sample’s Terraform project', () => {
  it('names in its state nothing but ids that occur in the sample’s events', () => {
    const log = JSON.stringify(sampleEvents(0));
    const ids = new Set(JSON.stringify(state.resources).match(uuid));
    assert.ok(ids.size >= 35, `${ids.size} ids`);
    assert.deepEqual(
      [...ids].filter((id) => !log.includes(id)),
      [],
    );
  });

  it('declares each resource of its state in a block, and has each block in its state', async () => {
    for (const { module = '', mode, type, name } of state.resources) {
      const found = await findDeclaration({ module, mode, type, name }, root, read);
      assert.ok(found && declares(found.block, { mode, type, name }), `${module} ${type}.${name}`);
    }
    const files = [...(await read(root)), ...(await read(path.join(root, 'modules/database')))];
    const missing = files
      .flatMap(({ blocks }) => blocks)
      .filter((block) => block.kind !== 'module' && !state.resources.some((resource) => declares(block, resource)));
    assert.deepEqual(missing, []);
  });

  it('leads from each id to its own instance', () => {
    for (const { module, type, name, instances } of state.resources) {
      for (const { attributes } of instances) {
        const [best] = find(attributes.id);
        assert.equal(best?.naming, 'id');
        // A router's interface has the id of its port.
        if (attributes.id.match(uuid)) assert.ok(best.address.includes(`${type}.${name}`), best.address);
        if (module) assert.ok(best.address.startsWith(module));
      }
    }
  });

  it('shows count, for_each and a module', () => {
    const addresses = state.resources.flatMap(({ instances }) =>
      instances.flatMap(({ attributes }) => find(attributes.id).map(({ address }) => address)),
    );
    for (const address of [
      'vkcs_compute_instance.web[0]',
      'vkcs_networking_secgroup_rule.web["443"]',
      'module.database.vkcs_blockstorage_volume.disk["data"]',
      'module.database.vkcs_compute_volume_attach.disk["logs"]',
    ])
      assert.ok(addresses.includes(address), address);
  });

  it('holds no secret in its state', () => assert.deepEqual(findSecrets(stateText), []));
});
