import assert from 'node:assert/strict';
import { readClouds } from '../../../src/credentials/cloudsYaml';
import { completeWith, identityValues, toCredentials, type CloudValues } from '../../../src/core/openstack/cloudValues';
import { UserError } from '../../../src/core/base/errors';
import { format } from '../../../src/core/base/message';

const auth = { auth_url: 'https://keystone.test:5000/v3', username: 'ivan', project_id: 'p' };

describe('readClouds', () => {
  it('lets a cloud overrule its profile, and secure.yaml both, value by value', () => {
    const [found] = readClouds({
      clouds: { clouds: { one: { profile: 'vendor', auth: { username: 'ivan' }, region_name: 'own' } } },
      secure: { clouds: { one: { auth: { password: 'secret' } }, other: { auth: { password: 'x' } } } },
      profiles: {
        'public-clouds': { vendor: { auth: { auth_url: 'https://v.test', username: 'x' }, region_name: 'v' } },
      },
    });
    assert.deepEqual(found, {
      name: 'one',
      values: { auth_url: 'https://v.test', username: 'ivan', password: 'secret', region_name: 'own' },
      notes: [],
    });
  });

  it('takes no secret from a profile, which a cloud of anybody may name', () => {
    const secrets = { auth: { username: 'ivan', password: 'secret' }, token: 'secret', region_name: 'v' };
    const inRegion = {
      regions: [{ name: 'v', values: { auth: { username: 'ivan', application_credential_secret: 's' } } }],
    };
    for (const vendor of [secrets, inRegion]) {
      const clouds = { clouds: { one: { profile: 'vendor', auth: { auth_url: 'https://evil.test' } } } };
      const [found] = readClouds({ clouds, profiles: { 'public-clouds': { vendor } } });
      assert.deepEqual(found?.values, { auth_url: 'https://evil.test', username: 'ivan', region_name: 'v' });
    }
  });

  it('gives one cloud for each region', () => {
    const regions = ['a', { name: 'b', values: { auth: { project_id: 'other' } } }];
    const found = readClouds({ clouds: { clouds: { one: { auth, regions } } } });
    assert.deepEqual(
      found.map(({ name, values }) => [name, values.region_name, values.project_id]),
      [
        ['one a', 'a', 'p'],
        ['one b', 'b', 'other'],
      ],
    );
  });

  it('names what it does not do', () => {
    const found = readClouds({
      clouds: { clouds: { a: { profile: 'https://x.test/', verify: 'false' }, b: { profile: 'gone' } } },
    });
    assert.deepEqual(
      found.flatMap(({ notes }) => notes).map((note) => format(note)),
      [
        'The profile lies at https://x.test/, which is not asked.',
        'The file turns the check of certificates off. It stays on here.',
        'The profile "gone" is not in clouds-public.yaml.',
      ],
    );
  });

  it('takes any shape', () => {
    for (const clouds of [
      undefined,
      null,
      1,
      'x',
      [],
      { clouds: [] },
      { clouds: { a: 1, b: null, c: { auth: [] } } },
    ]) {
      assert.ok(readClouds({ clouds }).every(({ values }) => Object.keys(values).length === 0));
    }
    const hostile = JSON.parse('{"clouds": {"__proto__": {"auth": {"auth_url": "x"}}}}') as unknown;
    assert.deepEqual(readClouds({ clouds: hostile, secure: {} })[0]?.values, { auth_url: 'x' });
    assert.deepEqual(
      readClouds({ clouds: { clouds: { a: { profile: 'constructor' } } }, profiles: {} })[0]?.values,
      {},
    );
  });
});

describe('toCredentials', () => {
  const password = { ...auth, user_domain_name: 'users', password: 's', region_name: 'R' };
  const cases: readonly (readonly [values: CloudValues, expected: unknown])[] = [
    [
      password,
      {
        identity: {
          kind: 'password',
          authUrl: 'https://keystone.test:5000/v3',
          region: 'R',
          user: { name: 'ivan', domain: { name: 'users' } },
          project: { id: 'p' },
        },
        secret: 's',
        endpoint: undefined,
      },
    ],
    [
      { auth_url: 'https://k.test/v2.0/', user_id: 'u', project_name: 'n', domain_id: 'd', auth_type: 'v3password' },
      {
        identity: {
          kind: 'password',
          authUrl: 'https://k.test/v3',
          region: undefined,
          user: { id: 'u' },
          project: { name: 'n', domain: { id: 'd' } },
        },
        secret: undefined,
        endpoint: undefined,
      },
    ],
    [
      {
        ...password,
        auth_type: 'v3applicationcredential',
        application_credential_id: 'a',
        application_credential_secret: 'z',
      },
      {
        identity: { kind: 'applicationCredential', authUrl: 'https://keystone.test:5000/v3', region: 'R', id: 'a' },
        secret: 'z',
        endpoint: undefined,
      },
    ],
    [
      { auth_url: auth.auth_url, username: 'ivan', application_credential_name: 'n' },
      {
        identity: {
          kind: 'applicationCredential',
          authUrl: 'https://keystone.test:5000/v3',
          region: undefined,
          id: undefined,
          name: 'n',
          user: { name: 'ivan', domain: { id: 'default' } },
        },
        secret: undefined,
        endpoint: undefined,
      },
    ],
    [
      { token: 't', audit_endpoint_override: 'https://audit.test' },
      {
        identity: { kind: 'token', region: undefined, project: undefined },
        secret: 't',
        endpoint: 'https://audit.test',
      },
    ],
    [
      { auth_url: 'https://infra.mail.ru:35357/v3/', username: 'ivan' },
      {
        identity: {
          kind: 'password',
          authUrl: 'https://infra.mail.ru:35357/v3',
          region: undefined,
          user: { name: 'ivan', domain: { name: 'users' } },
          project: undefined,
        },
        secret: undefined,
        endpoint: undefined,
      },
    ],
  ];
  for (const [values, expected] of cases) {
    it(JSON.stringify(values), () => {
      assert.deepEqual(toCredentials(values), expected);
      const { identity } = toCredentials(values);
      assert.deepEqual(toCredentials(identityValues(identity)).identity, identity, 'the identity gives its values');
    });
  }

  const refused: readonly (readonly [values: CloudValues, says: RegExp])[] = [
    [{ username: 'ivan' }, /OS_AUTH_URL/],
    [{ auth_url: auth.auth_url }, /OS_USERNAME/],
    [{ ...password, auth_url: 'http://keystone.test/v3' }, /unencrypted/],
    [{ ...password, auth_url: 'https://a:b@keystone.test/v3' }, /user name or password/],
    [{ ...password, auth_type: 'v3oidcpassword' }, /"v3oidcpassword" is not supported/],
  ];
  for (const [values, says] of refused) {
    it(`refuses ${JSON.stringify(values)}`, () => {
      assert.throws(
        () => toCredentials(values),
        (error) => error instanceof UserError && says.test(error.message),
      );
    });
  }
});

describe('completeWith', () => {
  const own = { auth_url: 'https://keystone.test:5000/v3', password: 'secret', username: 'ivan' };
  const withoutAddress = { ...own, auth_url: '' };
  const cases: readonly (readonly [name: string, values: CloudValues, gives: boolean, other?: CloudValues])[] = [
    ['nothing of its own', {}, true],
    ['the same address', { auth_url: 'https://keystone.test:5000/v2.0/' }, true],
    ['another host', { auth_url: 'https://evil.test:5000/v3' }, false],
    ['another port', { auth_url: 'https://keystone.test/v3' }, false],
    ['no address at all', { auth_url: 'evil' }, false],
    ['a quoted address, and the secret has none', { auth_url: '"https://evil.test/v3"' }, false, withoutAddress],
    ['another Audit endpoint', { audit_endpoint_override: 'https://evil.test' }, false],
  ];
  for (const [name, values, gives, other = own] of cases) {
    it(`${gives ? 'gives' : 'keeps'} a secret where the block names ${name}`, () => {
      assert.equal(completeWith(values, other).password, gives ? 'secret' : undefined);
    });
  }
});
