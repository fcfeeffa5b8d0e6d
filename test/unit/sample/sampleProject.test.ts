import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findSecrets } from '../../../src/core/redact/redact';
import { sampleEvents } from '../../../src/sample/sampleEvents';
import { findBlocks } from '../../../src/terraform/syntax/terraformBlocks';
import type { KnownId } from '../../../src/protocol/terraform';
import { LocalIndex } from '../../../src/terraform/localIndex';

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

const index = new LocalIndex({ read: () => undefined });

function find(id: string): readonly KnownId[] {
  return index.find([id])[0]?.[1] ?? [];
}

describe('the sample’s Terraform project', () => {
  before(async () => {
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => path.join(root, name));
    await index.update(
      files.filter((file) => /\.tf(?:state)?$/.test(file)).map((file) => ({ key: `file://${file}`, path: file })),
      new AbortController().signal,
    );
  });

  it('names in its state nothing but ids that occur in the sample’s events', () => {
    const log = JSON.stringify(sampleEvents(0));
    const ids = new Set(JSON.stringify(state.resources).match(uuid));
    assert.ok(ids.size >= 35, `${ids.size} ids`);
    assert.deepEqual(
      [...ids].filter((id) => !log.includes(id)),
      [],
    );
  });

  it('declares each resource of its state in a block, and has each block in its state', () => {
    for (const resource of index.resources()) {
      const known = find(resource.ids.join('/')).find((known) => known.resource === resource);
      assert.equal(known?.declarations[0]?.block.name, resource.name, resource.address);
    }
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.tf')) continue;
      const file = path.join(root, name);
      const declared = index.declaredIn(`file://${file}`).map(({ kind, type, name }) => [kind, type, name].join(' '));
      const blocks = findBlocks(readFileSync(file, 'utf8'), file).map(({ kind, type, name }) =>
        [kind, type, name].join(' '),
      );
      assert.deepEqual(blocks.sort(), declared.sort());
    }
  });

  it('leads from each id to its own instance', () => {
    for (const { module, type, name, instances } of state.resources) {
      for (const { attributes } of instances) {
        const [best] = find(attributes.id);
        assert.equal(best?.naming, 'id');
        // A router's interface has the id of its port.
        if (attributes.id.match(uuid))
          assert.ok(best.resource.address.includes(`${type}.${name}`), best.resource.address);
        if (module) assert.ok(best.resource.address.startsWith(module));
      }
    }
  });

  it('shows count, for_each and a module', () => {
    const addresses = state.resources.flatMap(({ instances }) =>
      instances.flatMap(({ attributes }) => find(attributes.id).map(({ resource }) => resource.address)),
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
