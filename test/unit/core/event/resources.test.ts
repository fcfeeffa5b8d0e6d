import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resourceOf } from '../../../../src/core/event/resources';

const id = (digit: number | string): string => `${String(digit).repeat(8)}-aaaa-4bbb-8ccc-dddddddddddd`;
const [a, b, c, d] = [id(1), id(2), id(3), id(4)];
const project = 'b5b7ffd4ef0547e5b222f44500000000';
const hex = '0123456789abcdef0123456789abcdef';

describe('resourceOf', () => {
  const paths: readonly (readonly [uri: string, primary: string | undefined, all?: readonly string[]])[] = [
    [`/v2.1/servers/${a}`, a],
    [`/v2.1/servers/${a}/action`, a],
    [`/v2.1/servers/${a}/`, a],
    [`/v2.1/servers/${a.toUpperCase()}/action?x=${b}#y`, a],
    [`https://infra.mail.ru:8774/v2.1/servers/${a}/action`, a],
    [`/servers/${a}/action`, a],
    ['/v2.1/servers/912gd12d9gd912/action', '912gd12d9gd912'],
    ['/v2.1/servers/detail', undefined],
    ['/v2.1/servers', undefined],
    [`/v2.1/servers/${a}/os-volume_attachments/${b}`, a, [a, b]],
    [`/v2.1/servers/${a}/os-interface/${b}`, a, [a, b]],
    [`/v2.1/servers/${a}/metadata/key1`, a],
    [`/v2.1/servers/${a}/shares/${b}`, a, [a, b]],
    ['/v2.1/flavors/m1.small/os-extra_specs/hw:cpu_policy', 'm1.small'],
    ['/v2.1/flavors/10', '10'],
    ['/v2.1/flavors/detail', undefined],
    ['/v2.1/os-keypairs/my%20key', 'my key'],
    ['/v2.1/os-keypairs/100%', '100%'],
    ['/v2.1/os-services/enable', undefined],
    ['/v2.1/os-services/disable-log-reason', undefined],
    [`/v2.1/os-quota-sets/${project}`, project],
    [`/v3/${project}/volumes/${a}/action`, a],
    [`/v3/${project}/volumes`, undefined],
    [`/v3/${project}`, undefined],
    [`/v3/${project}/types/${a}/extra_specs/key1`, a],
    [`/v2.0/routers/${a}/add_router_interface`, a],
    [`/v2.0/floatingips/${a}`, a],
    [`/v2.0/floatingips/${a}/port_forwardings/${b}`, b, [b, a]],
    [`/v2.0/qos/policies/${a}/bandwidth_limit_rules/${b}`, b, [b, a]],
    [`/v2.0/ports/${a}/bindings/host1/activate`, a],
    [`/v2/lbaas/pools/${a}/members/${b}`, b, [b, a]],
    [`/v2/lbaas/pools/${a}/members`, a],
    [`/v2/lbaas/l7policies/${a}/rules/${b}`, b, [b, a]],
    [`/v2/lbaas/loadbalancers/${a}?cascade=true`, a],
    [`/v2/images/${a}/file`, a],
    [`/v2/images/${a}/members/${project}`, a],
    [`/v1/clusters/${a}/actions/resize`, a],
    [`/v1/clusters/${a}/nodegroups/${b}`, b, [b, a]],
    [`/v1.0/${project}/instances/${a}/databases/db1`, a],
    [`/v1.0/${project}/instances/${a}/users/admin1`, a],
    [`/infra/karboii/v1/${project}/providers/${a}/checkpoints/${b}`, b, [b, a]],
    [`/v3/users/${hex}`, hex],
    [`/v2/zones/${a}/recordsets/${b}`, b, [b, a]],
    [`/v2.0/${a}/${b}/tags/red`, b],
    ['', undefined],
    ['/', undefined],
    ['///', undefined],
    ['not a path', undefined],
    ['%', undefined],
  ];
  for (const [uri, primary, all = primary === undefined ? [] : [primary]] of paths) {
    it(uri || '(no uri)', () => assert.deepEqual(resourceOf({ method: 'PUT', uri }), { primary, all }));
  }

  const creations: readonly (readonly [
    uri: string,
    response: unknown,
    primary: string | undefined,
    all?: readonly string[],
  ])[] = [
    ['/v2.1/servers', { server: { id: a, links: [] } }, a],
    ['/v2.1/servers', { reservation_id: 'r-1' }, undefined],
    ['/v2.1/servers', { badRequest: { code: 400, message: 'no' } }, undefined],
    ['/v2.1/servers', '', undefined],
    ['/v2.1/servers', `{"server":{"id":"${a}","name":"cut o`, a],
    ['/v2.1/os-volumes_boot', { server: { id: a } }, a],
    ['/v2.1/os-keypairs', { keypair: { name: 'my key', public_key: 'ssh-rsa' } }, 'my key'],
    ['/v2.1/flavors', { flavor: { id: '10', name: 'x' } }, '10'],
    [`/v3/${project}/volumes`, { volume: { id: a, source_volid: b } }, a, [a, b]],
    ['/v2.0/ports', { ports: [{ id: a }] }, a],
    ['/v2.0/ports', { ports: [{ id: a }, { id: b }] }, undefined, [a, b]],
    ['/v2.0/security-group-rules', { security_group_rule: { id: a, security_group_id: b, project_id: c } }, a, [a, b]],
    ['/v2/images', { id: a, status: 'queued' }, a],
    ['/v1/clusters', { uuid: a }, a],
    [`/v2/lbaas/pools/${a}/members`, { member: { id: b } }, b, [b, a]],
    [`/v2.0/floatingips/${a}/port_forwardings`, { port_forwarding: { id: b, internal_port_id: c } }, b, [b, a, c]],
    [`/v2.1/servers/${a}/os-volume_attachments`, { volumeAttachment: { id: b, serverId: a, volumeId: b } }, a, [a, b]],
    [`/v2.1/servers/${a}/os-interface`, { interfaceAttachment: { port_id: b } }, a, [a, b]],
    [`/v2.1/servers/${a}/action`, { image_id: b }, a, [a, b]],
    [`/v2.1/servers/${a}/action`, { server: { id: b } }, a, [a, b]],
  ];
  for (const [uri, response, primary, all = primary === undefined ? [] : [primary]] of creations) {
    const body = typeof response === 'string' ? response : JSON.stringify(response);
    it(`POST ${uri} ${body.slice(0, 60)}`, () =>
      assert.deepEqual(resourceOf({ method: 'POST', uri, response_body: body }), { primary, all }));
  }

  const bodies: readonly (readonly [body: string, ids: readonly string[]])[] = [
    [JSON.stringify({ port: { device_id: b, network_id: c, fixed_ips: [{ subnet_id: d }] } }), [b, c, d]],
    [JSON.stringify({ port: { security_groups: [b, c], tags: [] } }, undefined, 2), [b, c]],
    [JSON.stringify({ rules: [b.toUpperCase()] }), [b]],
    [
      JSON.stringify({
        user_id: b,
        project_id: c,
        tenantId: d,
        event_id: b,
        request_id: c,
        req_uuid: d,
        'x:tenant_id': b,
      }),
      [],
    ],
    [JSON.stringify({ token: b, secret: c, password: [d] }), []],
    [JSON.stringify({ project_ids: [b, c], x: d }), [d]],
    [JSON.stringify({ text: `server ${b} failed` }), []],
    [`{"volume_id":"${b}","cut":"${c.slice(0, 20)}`, [b]],
    [`"${b}"`, []],
    [`["${b}","${c}"]`, []],
    [`volume "${b}"`, []],
  ];
  for (const [body, ids] of bodies) {
    it(`finds ${ids.length} in ${body.slice(0, 60)}`, () => {
      assert.deepEqual(resourceOf({ method: 'PUT', uri: `/v2.0/ports/${a}`, request_body: body }).all, [a, ...ids]);
      assert.deepEqual(resourceOf({ method: 'PUT', uri: `/v2.0/ports/${a}`, response_body: body }).all, [a, ...ids]);
    });
  }

  it('keeps the first hundred of a body that lists more', () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      id(1).replace('11111111', index.toString(16).padStart(8, '0')),
    );
    const { primary, all } = resourceOf({
      method: 'PUT',
      uri: `/v2.0/ports/${a}`,
      request_body: JSON.stringify({ ports: many }),
    });
    assert.equal(primary, a);
    assert.deepEqual(all, [a, ...many.slice(0, 99)]);
  });

  it('takes fields of any type', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (uri, body) => {
        const { primary, all } = resourceOf({
          method: 'POST',
          uri,
          request_body: body,
          response_body: body,
        } as Parameters<typeof resourceOf>[0]);
        assert.ok(primary === undefined || all[0] === primary);
        assert.equal(new Set(all).size, all.length);
      }),
    );
  });
});
