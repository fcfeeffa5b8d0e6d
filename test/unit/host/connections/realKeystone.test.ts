import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import { Keystone, rescope, signIn } from '../../../../src/api';
import { auditEndpoints, servicesOf } from '../../../../src/core/openstack/catalog';
import type { PasswordIdentity } from '../../../../src/core/openstack/credentials';
import { format } from '../../../../src/core/base/message';
import { askKeystone } from '../../../../src/app/askKeystone';
import { toCredentials } from '../../../../src/core/openstack/cloudValues';
import { readOpenrc } from '../../../../src/credentials/openrc';
import { visibilityOf } from '../../../../src/core/openstack/visibility';
import type { Connection } from '../../../../src/host/connections/connections';
import { signInTo } from '../../../../src/host/connections/signInTo';
import { authority, good } from '../../../server/authority';
import { startProxy } from '../../../server/proxy';
import { startRealKeystone, type RealKeystone } from '../../../server/realKeystone';
import { startServer } from '../../../server/startServer';
import { failureOf, never } from '../../api/client';
import { Workshop } from '../../history/fixture';
import { loadAll } from '../loadAll';
import { closeWindows, lockFile, MadeVault, openWindow } from './window';

const password = 'p&ss "word" \\ пароль';
const domain = { id: 'default' };
const seconds = 20;
const count = 50_000;

describe('a real Keystone', function () {
  const workshop = new Workshop();
  let real: RealKeystone;
  let stop = async (): Promise<void> => undefined;
  let projectId: string;
  const ids = new Map<string, string>();
  let ending: { readonly token: string; readonly expires: number };

  before(async function () {
    const started = await startRealKeystone(seconds, 'https://audit.cloud.test');
    if ('missing' in started) {
      console.log(`    skipped: ${started.missing}`);
      this.skip();
    }
    real = started;
    stop = () => real.stop();
    projectId = await create('project', { name: 'shop' });
    const role = await roleId('member');
    for (const name of ['ann', 'bob', 'cid', 'dan', 'eve']) {
      const home = name === 'eve' ? {} : { default_project_id: projectId };
      const id = await create('user', { name, password, ...home });
      ids.set(name, id);
      if (name !== 'cid') await real.call('PUT', `/projects/${projectId}/users/${id}/roles/${role}`);
    }
    await change('bob', { enabled: false });
    const { token } = await enter('ann');
    const { expires } = await new Keystone(real.authUrl, {}).describe(token, never);
    ending = { token, expires };
  });
  afterEach(async () => {
    closeWindows();
    await workshop.cleanUp();
  });
  after(() => stop());

  async function create(kind: string, body: object): Promise<string> {
    const answer = await real.call('POST', `/${kind}s`, { [kind]: { domain_id: 'default', ...body } });
    return (answer[kind] as { id: string }).id;
  }

  async function roleId(name: string): Promise<string> {
    const { roles } = await real.call('GET', `/roles?name=${name}`);
    return (roles as { id: string }[])[0]!.id;
  }

  const change = (name: string, user: object) => real.call('PATCH', `/users/${ids.get(name)}`, { user });

  const user = (name: string): PasswordIdentity => ({
    kind: 'password',
    authUrl: real.authUrl,
    user: { name, domain },
    project: { id: projectId },
  });
  const enter = (name: string, secret = password) => signIn(user(name), secret, {}, never);

  it('signs in with a password and tells of the project, the endpoint of the log and other services', async () => {
    const asked = Date.now();
    const { token, project, catalog, expires } = await enter('ann');
    const answered = Date.now();
    assert.equal(await real.projectOf(token), projectId);
    assert.deepEqual(project, { id: projectId, name: 'shop' });
    const log = { url: `https://audit.cloud.test/auditlogs/v1/${projectId}`, region: 'RegionOne' };
    assert.deepEqual(auditEndpoints(catalog, undefined), [log]);
    const compute = servicesOf(catalog, 'RegionOne').find(({ type }) => type === 'compute');
    assert.equal(compute?.url, 'https://audit.cloud.test/v2.1');
    // Keystone tells it in whole seconds.
    assert.ok(expires > asked + (seconds - 1.5) * 1_000 && expires < answered + (seconds + 1.5) * 1_000);
  });

  it('tells whose a token is, with the roles in the project, the same when it is asked about it', async () => {
    const { requester, token } = await enter('ann');
    assert.ok(requester);
    assert.equal(requester.userId, ids.get('ann'));
    assert.ok(requester.roles.includes('member'), requester.roles.join());
    assert.deepEqual((await new Keystone(real.authUrl, {}).describe(token, never)).requester, requester);
    await real.call('POST', '/roles', { role: { name: 'mcs_viewer' } });
    const path = `/projects/${projectId}/users/${ids.get('ann')}/roles/${await roleId('mcs_viewer')}`;
    await real.call('PUT', path);
    const more = await enter('ann');
    await real.call('DELETE', path);
    assert.deepEqual(more.requester?.roles, [...requester.roles, 'mcs_viewer'].sort());
    assert.equal(visibilityOf(more.requester), 'all');
  });

  it('signs in by ids, and by the names of project and domain', async () => {
    const byId: PasswordIdentity = { ...user('ann'), user: { id: ids.get('ann') } };
    const byName: PasswordIdentity = {
      ...user('ann'),
      user: { name: 'ann', domain: { name: 'Default' } },
      project: { name: 'shop', domain },
    };
    for (const identity of [byId, byName])
      assert.equal((await signIn(identity, password, {}, never)).project?.id, projectId);
  });

  it('signs in with an application credential, by id and by name', async () => {
    const { token } = await enter('ann');
    const path = `/users/${ids.get('ann')}/application_credentials`;
    const answer = await real.call('POST', path, { application_credential: { name: 'ci' } }, token);
    const { id, secret } = answer['application_credential'] as { id: string; secret: string };
    const kind = 'applicationCredential';
    const { authUrl } = real;
    const byId = await signIn({ kind, authUrl, id }, secret, {}, never);
    const byName = await signIn({ kind, authUrl, name: 'ci', user: { name: 'ann', domain } }, secret, {}, never);
    for (const issued of [byId, byName]) assert.equal(await real.projectOf(issued.token), projectId);
    assert.equal((await failureOf(signIn({ kind, authUrl, id }, 'wrong', {}, never))).failure, 'unauthorized');
  });

  for (const [name, secret, what] of [
    ['ann', 'wrong', 'a wrong password'],
    ['nobody', password, 'an unknown user'],
    ['bob', password, 'a disabled user'],
    ['cid', password, 'a user without a role'],
  ] as const) {
    it(`is refused for ${what}, with what to check`, async () => {
      const error = await failureOf(enter(name, secret));
      assert.equal(error.failure, 'unauthorized');
      assert.match(format(error.text), /401 Unauthorized.*Check user name, domain and password/);
      assert.ok(!format(error.text).includes(secret));
    });
  }

  it('takes a passcode where a second factor is wanted, and asks again where it is wrong', async () => {
    const seed = Buffer.from('12345678901234567890');
    const credential = { type: 'totp', user_id: ids.get('dan'), blob: base32(seed) };
    await real.call('POST', '/credentials', { credential });
    await change('dan', {
      options: { multi_factor_auth_enabled: true, multi_factor_auth_rules: [['password', 'totp']] },
    });
    assert.match(format((await failureOf(enter('dan'))).text), /second factor/);
    let asked = 0;
    const passcode = async () => (asked++ === 0 ? '000000' : codeOf(seed));
    const { token } = await signIn(user('dan'), password, { passcode }, never);
    assert.equal(asked, 2);
    assert.equal(await real.projectOf(token), projectId);
  });

  it('offers the projects of somebody without a default one', async () => {
    const identity = { ...user('eve'), project: undefined };
    const { token, project, expires } = await signIn(identity, password, {}, never);
    assert.equal(project, undefined);
    const projects = await new Keystone(real.authUrl, {}).projects(token, never);
    assert.deepEqual(projects, [{ id: projectId, name: 'shop' }]);
    const scoped = await rescope(real.authUrl, token, projectId, {}, never);
    assert.equal(await real.projectOf(scoped.token), projectId);
    assert.ok(scoped.expires <= expires + 1_500);
  });

  it('revokes a token', async () => {
    const keystone = new Keystone(real.authUrl, {});
    const { token } = await enter('ann');
    await keystone.revoke(token, never);
    assert.equal(await real.projectOf(token), undefined);
    await keystone.revoke(token, never);
  });

  it('is all it takes, with an openrc file, to load 50,000 events through a proxy while tokens last a few seconds', async function () {
    const newest = Date.UTC(2026, 10, 1);
    const audit = await startServer({
      prepared: { count, newest, stepMs: 10_000, seed: 'real' },
      authority: (token) => real.projectOf(token),
      tls: good,
    });
    const { port } = new URL(audit.url);
    const hosts = { 'audit.cloud.test:443': `127.0.0.1:${port}` };
    const proxy = await startProxy({ credentials: 'user:pass', hosts });
    const network = { ca: [authority], proxy: { address: proxy.url } };
    try {
      const openrc = `export OS_AUTH_URL="${real.authUrl}"
export OS_USERNAME=ann OS_USER_DOMAIN_NAME='Default' OS_REGION_NAME=RegionOne
export OS_PROJECT_NAME="shop"
export OS_PROJECT_DOMAIN_ID=default
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT`;
      const credentials = { ...toCredentials(readOpenrc(openrc).values), secret: password };
      const unasked = { passcode: unexpected, project: unexpected, endpoint: unexpected };
      const keystone = askKeystone(() => Promise.resolve({ network }));
      const { endpoint, identity, issued } = await signInTo(credentials, undefined, keystone, unasked, never);
      assert.equal(endpoint, `https://audit.cloud.test/auditlogs/v1/${projectId}`);

      const connection: Connection = { id: 'real', name: 'Real', kind: 'http', address: endpoint, auth: identity };
      const window = await openWindow(connection, new MadeVault(), lockFile(), { network });
      await window.tokens.setSecret(connection, password, issued);
      window.renewal.watch(connection.id);
      audit.fault({ kind: 'slow', ms: 1_800 });
      const start = Date.now();
      const range = { from: newest - count * 10_000, to: newest + 1_000 };
      const loaded = await loadAll(connection, window, await workshop.local(':memory:'), range, { network });
      assert.deepEqual(loaded, { gaps: [], stored: count, prompts: 0 });
      assert.ok(Date.now() - start > seconds * 1_000, 'the load ended before the first token did');
      const tokens = new Set(audit.requests.map(({ headers }) => headers['x-auth-token']));
      assert.ok(tokens.size >= 2, `${tokens.size} tokens`);
      assert.ok(proxy.tunnels.length > 0);
      assert.deepEqual(new Set(proxy.tunnels), new Set(['audit.cloud.test:443']));
      const heard = Buffer.concat(proxy.heard).toString('latin1');
      for (const token of tokens) assert.ok(!heard.includes(token!));
    } finally {
      await proxy.stop();
      await audit.stop();
    }
  });

  // The last: it ends meanwhile.
  it('knows when a token ends, and that it has ended', async () => {
    const { token, expires } = ending;
    await sleep(Math.max(0, expires - Date.now() + 500));
    assert.equal(await real.projectOf(token), undefined);
    assert.equal((await failureOf(new Keystone(real.authUrl, {}).describe(token, never))).failure, 'unauthorized');
  });
});

const unexpected = async (): Promise<never> => assert.fail('nobody is to be asked');

/** The code of an authenticator app now. */
function codeOf(seed: Buffer): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', seed).update(counter).digest();
  const number = hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five, 2)]).join('');
}
