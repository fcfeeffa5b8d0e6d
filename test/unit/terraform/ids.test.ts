import assert from 'node:assert/strict';
import { idsIn, normalId, partsOf } from '../../../src/terraform/ids';

const a = '0f3c1c5e-8f7a-4d0e-9c36-3d6f0c8b7a11';
const b = '5b1c7a52-4d1e-4a53-8ae2-6f1f2f0f9c22';
const hex = '1e9ec9a5d4c04a7bb0a2b2b1f5a3c9d4';

describe('partsOf', () => {
  for (const [ownId, expected] of [
    ['', []],
    [a, [a]],
    [a.toUpperCase(), [a]],
    ['deploy', ['deploy']],
    ['Standard-2/4', ['Standard-2/4']],
    [`${a}/${b}`, [a, b]],
    [`${a}/${a}`, [a]],
    [`${a}/app`, [a, 'app']],
    [`${hex}/${b}`, [hex, b]],
    // openstack_networking_router_route_v2
    [`${a}-route-10.0.0.0/8-10.1.1.1`, [a, '8-10.1.1.1']],
  ] as const) {
    it(ownId || '(empty)', () => assert.deepEqual(partsOf(ownId), expected));
  }
});

describe('idsIn', () => {
  for (const [name, value, expected] of [
    ['port', a, [a]],
    ['port', a.toUpperCase(), [a]],
    ['url', `https://x.test:8774/v2.1/servers/${a}/ports/${b}?x`, [a, b]],
    ['network_id', hex, [hex]],
    ['security_group_ids', hex, [hex]],
    ['checksum', hex, []],
    ['project_id', a, []],
    ['tenant_id', hex, []],
    ['user_id', hex, []],
    ['admin_pass', a, []],
    ['token', a, []],
    ['name', `x-${a}`, []],
    ['name', `${a}0`, []],
    ['name', 'short', []],
  ] as const) {
    it(`${name} = ${value}`, () => assert.deepEqual(idsIn(name, value), expected));
  }
});

it('normalId leaves names as they are', () =>
  assert.deepEqual(['Deploy', a.toUpperCase(), hex.toUpperCase()].map(normalId), ['Deploy', a, hex]));
