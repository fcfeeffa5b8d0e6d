import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { projectId } from '../../../../src/sample/people';
import { sampleEvents } from '../../../../src/sample/sampleEvents';
import { browserAddress, copyText, liveAddress, type Address } from '../../../../src/core/openstack/serviceAddress';
import type { ServiceContext } from '../../../../src/core/openstack/serviceUrl';

const id = '0f3c1c5e-8f7a-4d0e-9c36-3d6f0c8b7a11';
const other = '5b1c7a52-4d1e-4a53-8ae2-6f1f2f0f9c22';
const vendor: ServiceContext = {
  endpoint: { url: `https://mcs.mail.ru/auditlogs/v1/${projectId}`, projectId },
  serviceUrls: {},
};
const own: ServiceContext = {
  endpoint: { url: `https://cloud.example.test/audit/v1/${projectId}`, projectId },
  serviceUrls: {},
};

function call(source: string, request: string, response: object | string = ''): ActivityEvent {
  const [method = '', uri = ''] = request.split(' ');
  return { source, method, uri, response_body: typeof response === 'string' ? response : JSON.stringify(response) };
}

function urlOf(address: Address): string {
  return 'url' in address ? address.url : Object.keys(address).join();
}

describe('liveAddress', () => {
  const nova = `https://infra.mail.ru:8774/v2.1/servers/${id}`;
  const cinder = `https://public.infra.mail.ru:8776/v3/${projectId}`;
  for (const [source, request, response, expected] of [
    ['nova', `GET /v2.1/servers/${id}`, '', nova],
    ['nova', `POST /v2.1/servers/${id}/action`, '', nova],
    ['nova', `POST /v2.1/servers/${id}/os-volume_attachments`, { volumeAttachment: { id: other } }, nova],
    ['nova', `DELETE /v2.1/servers/${id}`, '', nova],
    ['nova', `PUT /v2.1/servers/${id}/metadata/owner?force=1`, '', nova],
    ['nova', 'POST /v2.1/servers', { server: { id } }, nova],
    ['nova', 'POST /v2.1/servers/', { server: { id } }, nova],
    ['new', `POST /v2.1/servers/${id}/action`, '', nova],
    ['cinder', `POST /v3/${projectId}/volumes/${id}/action`, '', `${cinder}/volumes/${id}`],
    ['cinder', `POST /v3/${projectId}/volumes`, { volume: { id } }, `${cinder}/volumes/${id}`],
    ['glance', `PUT /v2/images/${id}/file`, '', `https://infra.mail.ru:9292/v2/images/${id}`],
    ['neutron', 'POST /v2.0/floatingips', { floatingip: { id } }, `https://infra.mail.ru:9696/v2.0/floatingips/${id}`],
    ['neutron', `PUT /v2.0/routers/${id}/add_router_interface`, '', `https://infra.mail.ru:9696/v2.0/routers/${id}`],
    ['octavia', `PUT /v2.0/lbaas/pools/${id}/members`, '', `https://public.infra.mail.ru:9876/v2.0/lbaas/pools/${id}`],
    ['magnum', `POST /v1/clusters/${id}/actions/resize`, '', `https://infra.mail.ru:9511/v1/clusters/${id}`],
    ['nova', 'GET /v2.1/os-keypairs', '', 'https://infra.mail.ru:8774/v2.1/os-keypairs'],
    ['nova', 'POST /v2.1/servers', { badRequest: { code: 400 } }, 'none'],
    ['nova', 'POST /v2.1/servers', '{"server": {"na', 'none'],
    ['dbaas', `GET /v1.0/${projectId}/instances/${id}`, '', 'ask'],
    ['', `GET /v1/${projectId}/reports/${id}`, '', 'ask'],
  ] as const) {
    it(`${source} ${request} ${JSON.stringify(response)}`, () => {
      assert.equal(urlOf(liveAddress(call(source, request, response), vendor)), expected);
    });
  }

  it('knows no address for an endpoint that is not the vendor’s, be its name ever so similar', () => {
    for (const url of [
      own.endpoint?.url ?? '',
      'https://mcs.mail.ru.example.test/auditlogs/v1/x',
      'https://evilmcs.mail.ru/v1/x',
      'https://example.test/mcs.mail.ru',
      'http://mcs.mail.ru/auditlogs/v1/x',
      'https://mcs.mail.ru@example.test/v1/x',
      'no address',
    ]) {
      const context = { endpoint: { url, projectId }, serviceUrls: {} };
      assert.equal(urlOf(liveAddress(call('nova', `GET /v2.1/servers/${id}`), context)), 'ask', url);
    }
    for (const url of [
      'https://infra.mail.ru:1234/v1/x',
      'https://public.infra.mail.ru/v1/x',
      'https://kz.mcs.mail.ru/a',
    ]) {
      const context = { endpoint: { url, projectId }, serviceUrls: {} };
      assert.equal(urlOf(liveAddress(call('nova', `GET /v2.1/servers/${id}`), context)), nova, url);
    }
  });

  it('prefers the setting, then the catalog, then the vendor’s list', () => {
    const event = call('neutron', `GET /v2.0/ports/${id}`);
    const catalog = [
      { type: 'compute', name: 'nova', url: 'https://nova.example.test/v2.1' },
      { type: 'network', name: 'neutron', url: 'https://catalog.example.test/network' },
    ];
    const listed = { ...vendor, catalog };
    assert.equal(urlOf(liveAddress(event, listed)), `https://catalog.example.test/network/v2.0/ports/${id}`);
    const set = { ...listed, serviceUrls: { neutron: 'https://set.example.test' } };
    assert.equal(urlOf(liveAddress(event, set)), `https://set.example.test/v2.0/ports/${id}`);
    assert.equal(urlOf(liveAddress(call('glance', `GET /v2/images/${id}`), { ...own, catalog })), 'ask');
  });

  for (const [base, uri, expected] of [
    ['https://s.example.test', `/v2.1/servers/${id}`, `https://s.example.test/v2.1/servers/${id}`],
    ['https://s.example.test/', `/v2.1/servers/${id}`, `https://s.example.test/v2.1/servers/${id}`],
    ['https://s.example.test/v2.1/', `/v2.1/servers/${id}`, `https://s.example.test/v2.1/servers/${id}`],
    ['https://s.example.test/v2', `/v2.1/servers/${id}`, `https://s.example.test/v2.1/servers/${id}`],
    ['https://s.example.test/v2.1', `/servers/${id}`, `https://s.example.test/v2.1/servers/${id}`],
    [
      'https://s.example.test/compute/v2.1',
      `/compute/v2.1/servers/${id}`,
      `https://s.example.test/compute/v2.1/servers/${id}`,
    ],
    [
      'https://s.example.test/compute',
      `/compute/v2.1/servers/${id}`,
      `https://s.example.test/compute/v2.1/servers/${id}`,
    ],
    [
      'https://s.example.test:1/v3/{project_id}',
      `/v3/${projectId}/servers/${id}`,
      `https://s.example.test:1/v3/${projectId}/servers/${id}`,
    ],
    [
      'https://s.example.test/v3/%(project_id)s',
      `/servers/${id}`,
      `https://s.example.test/v3/${projectId}/servers/${id}`,
    ],
    [
      'https://s.example.test/v3/$(tenant_id)s',
      `/${projectId}/servers/${id}`,
      `https://s.example.test/v3/${projectId}/servers/${id}`,
    ],
    ['http://127.0.0.1:8774/v2.1', `/v2.1/servers/${id}`, `http://127.0.0.1:8774/v2.1/servers/${id}`],
    ['http://[::1]:8774', `/v2.1/servers/${id}`, `http://[::1]:8774/v2.1/servers/${id}`],
    ['http://s.example.test/v2.1', `/v2.1/servers/${id}`, 'ask'],
    ['http://127.0.0.1.example.test', `/v2.1/servers/${id}`, 'ask'],
    ['ftp://s.example.test', `/v2.1/servers/${id}`, 'ask'],
    ['https://me:pw@s.example.test', `/v2.1/servers/${id}`, 'ask'],
    ['https://s.example.test/?to=', `/v2.1/servers/${id}`, 'ask'],
    ['s.example.test', `/v2.1/servers/${id}`, 'ask'],
    ['', `/v2.1/servers/${id}`, 'ask'],
  ] as const) {
    it(`joins ${base} and ${uri}`, () => {
      const context = { ...own, serviceUrls: { nova: base } };
      assert.equal(urlOf(liveAddress(call('nova', `GET ${uri}`), context)), expected);
    });
  }

  it('refuses every path that could lead elsewhere', () => {
    for (const uri of [
      '',
      'v2.1/servers',
      `//evil.example.test/v2.1/servers/${id}`,
      `/v2.1//evil.example.test/${id}`,
      `https://evil.example.test/v2.1/servers/${id}`,
      `/\\evil.example.test/${id}`,
      `/v2.1\\..\\servers/${id}`,
      `/@evil.example.test/servers/${id}`,
      `/v2.1/../v3/auth/${id}`,
      `/v2.1/./servers/${id}`,
      `/v2.1/%2e%2e/servers/${id}`,
      `/v2.1/%2E./servers/${id}`,
      `/v2.1/%252e%252e/servers/${id}`,
      `/v2.1%2fservers/${id}`,
      `/v2.1%5cservers/${id}`,
      `/v2.1/servers/${id}\r\nX-Evil: 1`,
      `/v2.1/servers/${id}?a=\r\nHost: evil`,
      `/v2.1/servers/${id}%0d%0a`,
      `/v2.1/servers/${id}\u0000`,
      `/v2.1/servers/${id}#@evil.example.test`,
      `/\tv2.1/servers/${id}`,
    ]) {
      const event = { source: 'nova', method: 'GET', uri };
      assert.equal(urlOf(liveAddress(event, vendor)), 'none', JSON.stringify(uri));
      assert.equal(urlOf(browserAddress(event, vendor)), 'none', JSON.stringify(uri));
    }
    const made = call('nova', 'POST /v2.1/servers', { server: { id: '../../evil' } });
    assert.ok(['none', 'https://infra.mail.ru:8774/v2.1/servers'].includes(urlOf(liveAddress(made, vendor))));
  });

  it('never leaves the origin of the service, whatever stands in the event', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '\\',
        '@',
        '..',
        '.',
        '%2e',
        '%2f',
        ':',
        '?',
        '#',
        '\r\n',
        '\t',
        'https:',
        'evil.test',
        id,
        'v2.1',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.string(),
        fc.constantFrom('GET', 'POST'),
        (parts, made, method) => {
          const event = {
            source: 'nova',
            method,
            uri: parts.join(''),
            response_body: JSON.stringify({ server: { id: made } }),
          };
          for (const address of [liveAddress(event, vendor), browserAddress(event, vendor)]) {
            if ('url' in address) assert.equal(new URL(address.url).origin, 'https://infra.mail.ru:8774');
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds an address for every event of the sample that names a resource of the six components', () => {
    const six = new Set(['nova', 'cinder', 'karbor', 'neutron', 'glance', 'octavia']);
    const events = sampleEvents(0).filter(({ source, success }) => six.has(source as string) && success === 'yes');
    const missing = events.filter((event) => !('url' in liveAddress(event, vendor)));
    const paths = new Set(missing.map(({ method, uri }) => `${method as string} ${uri as string}`));
    assert.deepEqual(
      [...paths].filter((path) => !/os-keypairs|os-quota-sets/.test(path)),
      [],
    );
    for (const event of events) {
      const address = urlOf(liveAddress(event, vendor));
      assert.doesNotMatch(address, /\/action|\/file$|\?|\/v\d[\d.]*\/v\d/);
    }
  });
});

describe('browserAddress and copyText', () => {
  const secret = call('nova', `PUT /v2.1/os-quota-sets/${projectId}?token=hunter2hunter2&force=1`);

  it('keep the call’s own path and leave secrets out of the query', () => {
    const expected = `https://infra.mail.ru:8774/v2.1/os-quota-sets/${projectId}?force=1`;
    assert.equal(urlOf(browserAddress(secret, vendor)), expected);
    assert.equal(copyText(secret, vendor), expected);
    assert.equal(
      urlOf(browserAddress(call('nova', `POST /v2.1/servers/${id}/action`), vendor)),
      `https://infra.mail.ru:8774/v2.1/servers/${id}/action`,
    );
  });

  it('copy the bare path where the service is unknown, masked', () => {
    assert.equal(urlOf(browserAddress(secret, own)), 'ask');
    const text = copyText(secret, own);
    assert.ok(text.startsWith(`/v2.1/os-quota-sets/${projectId}?`) && text.endsWith('&force=1'), text);
    assert.ok(!text.includes('hunter2'));
  });

  describe('hide what the record calls a secret elsewhere', () => {
    const password = 'Hunter2 hunter+Ж';
    const body = JSON.stringify({ server: { name: 'a', adminPass: password } });
    const asking = (uri: string): ActivityEvent => ({ ...call('nova', `PUT ${uri}`), request_body: body });
    const once = encodeURIComponent(password);
    const forms = [
      once,
      once.replace('%20', '+'),
      encodeURIComponent(once),
      encodeURIComponent(encodeURIComponent(once)),
    ];
    const base = 'https://infra.mail.ru:8774/v2.1';

    for (const form of forms) {
      it(`in a query, written ${form}`, () => {
        const event = asking(`/v2.1/servers/${id}?name=${form}&limit=1&x=%zz-${form}`);
        assert.equal(urlOf(browserAddress(event, vendor)), `${base}/servers/${id}?limit=1`);
        assert.equal(copyText(event, vendor), `${base}/servers/${id}?limit=1`);
        assert.equal(copyText(event, own), `/v2.1/servers/${id}?name=••••••&limit=1&x=••••••`);
        assert.equal(copyText(asking(`/v2.1/a?${form}=1`), own), '/v2.1/a?••••••');
      });
    }

    it('in a path, which the browser then does not get', () => {
      const event = {
        ...call('nova', 'GET /v2.1/servers/Hunter2-hunter2/x?limit=1'),
        request_body: '{"adminPass":"Hunter2-hunter2"}',
      };
      assert.equal(urlOf(browserAddress(event, vendor)), 'none');
      assert.equal(copyText(event, vendor), `${base}/servers/••••••/x?limit=1`);
      assert.equal(copyText(event, own), '/v2.1/servers/••••••/x?limit=1');
      const spelt = { ...event, uri: '/v2.1/servers/%48unter2%2Dhunter2' };
      assert.equal(urlOf(browserAddress(spelt, vendor)), 'none');
      assert.equal(copyText(spelt, vendor), `${base}/servers/••••••`);
    });

    it('in a path, of which the service is then not asked', () => {
      const secret = 'Hunter2-hunter2';
      const body = { request_body: JSON.stringify({ adminPass: secret }) };
      for (const uri of [secret, '%48unter2%2Dhunter2', `${secret}/action`, `${id}/${secret}`]) {
        const event = { ...call('nova', `GET /v2.1/servers/${uri}`), ...body };
        const expected = uri.startsWith(id) ? `${base}/servers/${id}` : 'none';
        assert.equal(urlOf(liveAddress(event, vendor)), expected, uri);
      }
      const made = { ...call('nova', 'POST /v2.1/servers', { server: { id: secret } }), ...body };
      assert.equal(urlOf(liveAddress(made, vendor)), 'none');
    });

    it('and nothing that is none', () => {
      const event = asking(`/v2.1/servers/${id}?name=a%20b+c&all_tenants=1`);
      assert.equal(urlOf(browserAddress(event, vendor)), `${base}/servers/${id}?name=a%20b+c&all_tenants=1`);
      assert.equal(copyText(event, own), event['uri']);
    });
  });
});
