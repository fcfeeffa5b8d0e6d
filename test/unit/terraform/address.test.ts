import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../src/terraform/address';

describe('parseAddress', () => {
  for (const text of [
    'vkcs_compute_instance.web',
    'vkcs_compute_instance.web[0]',
    'data.vkcs_images_image.ubuntu["a.b"]',
    'module.db["x].module.y"].module.disk[10].vkcs_blockstorage_volume.data["сеть \\"1\\""]',
    'module.db',
    'module.module.module.data.data.data.data',
  ]) {
    it(text, () => assert.equal(formatAddress(parseAddress(text)!), text));
  }

  it('takes a resource apart', () =>
    assert.deepEqual(parseAddress('module.db["a"].data.vkcs_x.y[2]'), {
      modules: [{ name: 'db', key: 'a' }],
      resource: { mode: 'data', type: 'vkcs_x', name: 'y', key: 2 },
    }));

  it('minds no spaces', () => assert.equal(formatAddress(parseAddress('  vkcs_x . y [ 0 ]\t')!), 'vkcs_x.y[0]'));

  for (const text of [
    '',
    'vkcs_x',
    'module',
    'module.',
    'data.vkcs_x',
    'a.b.c',
    'vkcs_x.y[each.key]',
    'vkcs_x.y[',
    'var.x[*].y',
  ]) {
    it(`gives up on ${JSON.stringify(text)}`, () => assert.equal(parseAddress(text), undefined));
  }
});
