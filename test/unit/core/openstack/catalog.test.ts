import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { auditEndpoints, movedLog, readCatalog, servicesOf } from '../../../../src/core/openstack/catalog';

const project = '0123456789abcdef0123456789abcdef';

function service(type: string, name: string, ...endpoints: readonly [region: string, url: string, kind?: string][]) {
  return {
    type,
    name,
    endpoints: endpoints.map(([region, url, kind = 'public']) => ({ interface: kind, region, url })),
  };
}

const catalog = readCatalog([
  service(
    'audit',
    'Audit',
    ['R1', `https://r1.test/auditlogs/v1/${project}/`],
    ['R2', `https://r2.test/v1/${project}`],
  ),
  service('compute', 'nova', ['R1', 'https://r1.test:8774/v2.1'], ['R2', 'https://r2.test:8774/v2.1']),
  service('image', 'glance', ['R1', 'https://image.test'], ['R2', 'https://image.test']),
  service('network', 'neutron', ['R1', 'http://10.0.0.1:9696', 'internal'], ['R1', 'https://r1.test:9696']),
]);

describe('catalog', () => {
  it('tells the endpoints of the log, all or those of a region', () => {
    const first = { url: `https://r1.test/auditlogs/v1/${project}`, region: 'R1' };
    const second = { url: `https://r2.test/v1/${project}`, region: 'R2' };
    assert.deepEqual(auditEndpoints(catalog, undefined), [first, second]);
    assert.deepEqual(auditEndpoints(catalog, 'R2'), [second]);
    assert.deepEqual(auditEndpoints(catalog, 'R3'), []);
  });

  const kinds: readonly [type: string, name: string, isLog: boolean][] = [
    ['audit', '', true],
    ['', 'Audit', true],
    ['auditlogs', 'auditlogs', true],
    ['audit-log', '', true],
    ['cloud-audit', '', true],
    ['activity-log', '', true],
    ['security', 'auditor', false],
    ['compute', 'nova', false],
  ];
  for (const [type, name, isLog] of kinds)
    it(`takes ${type || '–'} / ${name || '–'} for ${isLog ? 'the log' : 'something else'}`, () => {
      const entries = readCatalog([service(type, name, ['R', `https://a.test/v1/${project}`])]);
      assert.equal(auditEndpoints(entries, undefined).length, isLog ? 1 : 0);
    });

  it('says why an endpoint cannot be used, unless another can', () => {
    const unsafe: [string, string] = ['R1', `http://audit.test/v1/${project}`];
    const safe: [string, string] = ['R2', `https://audit.test/v1/${project}`];
    assert.throws(() => auditEndpoints(readCatalog([service('audit', '', unsafe)]), undefined), /https/);
    assert.equal(auditEndpoints(readCatalog([service('audit', '', unsafe, safe)]), undefined).length, 1);
  });

  it('tells the public services of a region; without one those with a single address', () => {
    const urls = (region: string | undefined) => servicesOf(catalog, region).map(({ name, url }) => [name, url]);
    assert.deepEqual(urls('R2').slice(1), [
      ['nova', 'https://r2.test:8774/v2.1'],
      ['glance', 'https://image.test'],
    ]);
    assert.deepEqual(urls(undefined), [
      ['glance', 'https://image.test'],
      ['neutron', 'https://r1.test:9696'],
    ]);
  });

  it('tells where the log went when it left the endpoint of a connection, and nothing else', () => {
    const [r1, r2] = [`https://r1.test/auditlogs/v1/${project}`, `https://r2.test/v1/${project}`];
    const own = `https://own.test/v1/${project}`;
    const after = (...urls: string[]) =>
      readCatalog([service('audit', '', ...urls.map((url): [string, string] => ['R1', url]))]);
    for (const [endpoint, now, moved] of [
      [r1, after(own), [own]],
      [r1, after(own, r2), [own, r2]],
      [r1, after(own, `${r1}/`), []],
      [r1, after(), []],
      [r1, after('http://plain.test'), []],
      [own, after(r2), []], // not of the catalog to begin with
    ] as const) {
      const found = movedLog(endpoint, servicesOf(catalog, 'R1'), now, 'R1').map(({ url }) => url);
      assert.deepEqual(found, moved, endpoint);
    }
  });

  it('passes over what is no catalog', () => {
    for (const value of [undefined, null, 'x', 7, {}, [null, 7, 'x', {}, { endpoints: 'x' }, { endpoints: [null] }]])
      assert.deepEqual(readCatalog(value), []);
  });
});
