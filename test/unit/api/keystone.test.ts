import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { Keystone, rescope, signIn, type SignInOptions } from '../../../src/api';
import type { ApplicationCredentialIdentity, PasswordIdentity } from '../../../src/core/openstack/credentials';
import { isCancelled, UserError } from '../../../src/core/base/errors';
import { format } from '../../../src/core/base/message';
import type { Fault } from '../../server/faults';
import { failureOf, never, quick, useServer } from './client';

const domain = { name: 'users' };
const password = 'p&ss "word" \\ пароль';

describe('Keystone', () => {
  const server = useServer({
    users: [
      { name: 'ann', password, domain: 'users' },
      { name: 'bob', password, domain: 'users', enabled: false },
      { name: 'cid', password, domain: 'users', role: null },
      { name: 'dan', password, domain: 'users', passcode: '123456' },
      { name: 'eve', password, domain: 'users', unscoped: true },
    ],
    applicationCredentials: [{ id: 'ac-1', secret: 'ac secret' }],
  });
  afterEach(() => void (server().realm.tokenLifeMs = 3_600_000));

  const user = (name: string): PasswordIdentity => ({
    kind: 'password',
    authUrl: server().authUrl,
    user: { name, domain },
    project: { id: server().projectId },
  });
  const application = (): ApplicationCredentialIdentity => ({
    kind: 'applicationCredential',
    authUrl: server().authUrl,
    id: 'ac-1',
  });
  const enter = (name: string, options: SignInOptions = {}, secret = password) =>
    signIn(user(name), secret, { ...quick, ...options }, never);
  const keystone = () => new Keystone(server().authUrl, quick);

  it('issues a token with its project, its end and its catalog', async () => {
    server().realm.tokenLifeMs = 5_000;
    const before = Date.now();
    const { token, expires, project, catalog } = await enter('ann');
    assert.equal(server().tokens.use(token), 'ok');
    assert.ok(expires > before + 4_000 && expires <= Date.now() + 5_000, String(expires - before));
    assert.deepEqual(project, { id: server().projectId, name: 'mcs1234567890' });
    assert.deepEqual(catalog[0], { type: 'audit', name: 'Audit', region: 'RegionOne', url: server().endpoint });
    assert.ok(catalog.some(({ type }) => type === 'compute'));
  });

  it('takes an application credential, which has its project with it', async () => {
    const { token } = await signIn(application(), 'ac secret', quick, never);
    assert.equal(server().tokens.use(token), 'ok');
  });

  it('says when the token ends by the clock of this computer, whatever the one of the server shows', async () => {
    const issued = '2031-01-01T00:00:00.000000Z';
    const body = { token: { issued_at: issued, expires_at: '2031-01-01T01:00:00.000000Z', project: { id: 'p' } } };
    server().fault({
      route: 'keystone',
      kind: 'answer',
      body: JSON.stringify(body),
      headers: { 'x-subject-token': 'abc' },
    });
    const { expires } = await enter('ann');
    assert.ok(Math.abs(expires - Date.now() - 3_600_000) < 10_000);
  });

  for (const [name, secret, what] of [
    ['ann', 'wrong', 'a wrong password'],
    ['nobody', password, 'an unknown user'],
    ['bob', password, 'a disabled user'],
    ['cid', password, 'a user without a role'],
  ] as const) {
    it(`refuses ${what}, and tries once only`, async () => {
      const error = await failureOf(enter(name, {}, secret));
      assert.equal(error.failure, 'unauthorized');
      assert.match(format(error.text), /refused the sign-in.*password.*role/);
      assert.ok(!format(error.text).includes(secret));
      assert.equal(server().requests.length, 1);
    });
  }

  it('asks for the passcode where a second factor is wanted, again where it is wrong', async () => {
    const refusals: (UserError | undefined)[] = [];
    const issued = await enter('dan', {
      passcode: async (refusal) => (refusals.push(refusal) === 1 ? '000000' : '123456'),
    });
    assert.equal(server().tokens.use(issued.token), 'ok');
    const [none, refusal] = refusals;
    assert.equal(none, undefined);
    assert.ok(refusal instanceof UserError);
    assert.match(refusal.message, /refused the passcode .*authenticator/);
    assert.equal(issued.project?.id, server().projectId, 'the second step names the project, too');
  });

  it('fails where a second factor is wanted and nobody can be asked', async () => {
    const error = await failureOf(enter('dan'));
    assert.equal(error.failure, 'unauthorized');
    assert.match(format(error.text), /second factor/);
  });

  it('names the ways to sign in that it does not know', async () => {
    const body = JSON.stringify({ required_auth_methods: [['password', 'hardware key']] });
    server().fault({
      route: 'keystone',
      kind: 'answer',
      status: 401,
      body,
      headers: { 'openstack-auth-receipt': 'r' },
    });
    const error = await failureOf(enter('dan', { passcode: async () => assert.fail('nothing to ask') }));
    assert.match(format(error.text), /password \+ hardware key/);
  });

  it('lists projects with a token for none, and exchanges it for one of a project that ends with it', async () => {
    server().realm.tokenLifeMs = 60_000;
    const { project, ...identity } = user('eve');
    const unscoped = await signIn(identity, password, quick, never);
    assert.equal(unscoped.project, undefined);
    assert.deepEqual(unscoped.catalog, []);
    const [found] = await keystone().projects(unscoped.token, never);
    assert.equal(found?.id, project?.id);
    server().realm.tokenLifeMs = 3_600_000;
    const scoped = await rescope(identity.authUrl, unscoped.token, found!.id, quick, never);
    assert.equal(scoped.project?.id, server().projectId);
    assert.ok(scoped.expires <= unscoped.expires + 5_000);
  });

  it('tells of a token that somebody handed over', async () => {
    const token = server().tokens.issue({ lifeMs: 90_000 });
    const { expires, project } = await keystone().describe(token, never);
    assert.ok(Math.abs(expires - Date.now() - 90_000) < 10_000);
    assert.equal(project?.id, server().projectId);
    assert.equal((await failureOf(keystone().describe('unknown', never))).failure, 'unauthorized');
  });

  it('revokes a token; one that is gone is fine', async () => {
    const { token } = await enter('ann');
    await keystone().revoke(token, never);
    assert.equal(server().tokens.use(token), 'unauthorized');
    await keystone().revoke(token, never);
    server().fault({ route: 'keystone', kind: 'status', status: 503 });
    assert.equal((await failureOf(keystone().revoke(token, never))).failure, 'server');
  });

  it('gets over a passing fault', async () => {
    server().fault({ route: 'keystone', kind: 'status', status: 503, times: 1 });
    assert.ok((await enter('ann')).token);
  });

  it('is not led elsewhere: the password goes to the address that was named', async () => {
    server().fault({ route: 'keystone', kind: 'redirect', to: 'http://127.0.0.1:9/v3/auth/tokens' });
    assert.equal((await failureOf(enter('ann'))).failure, 'redirect');
  });

  it('says where no Keystone answers', async () => {
    for (const body of ['{"logs":[]}', '<html>', '{"token":{"expires_at":7}}']) {
      server().fault({ route: 'keystone', kind: 'answer', body, headers: { 'x-subject-token': 'abc' }, times: 1 });
      assert.equal((await failureOf(enter('ann'))).failure, 'malformed');
    }
    server().fault({ route: 'keystone', kind: 'status', status: 404, times: 1 });
    assert.match(format((await failureOf(enter('ann'))).text), /no Keystone at this address/);
  });

  for (const [fault, failure] of [
    [{ kind: 'endless', bytes: 5e6 }, 'tooLarge'],
    [{ kind: 'bomb', bytes: 1e8 }, 'tooLarge'],
    [{ kind: 'headerFlood', bytes: 1e7 }, 'tooLarge'],
    [{ kind: 'deep', depth: 1_000_000 }, 'malformed'],
    [{ kind: 'html' }, 'malformed'],
    [{ kind: 'hang', at: 'body' }, 'timeout'],
  ] as const satisfies readonly [Fault, string][]) {
    it(`is up to a server that answers with ${fault.kind}`, async () => {
      server().fault({ ...fault, route: 'keystone' });
      const once = {
        ...quick,
        retry: { attempts: 1 },
        limits: { idleMs: fault.kind === 'hang' ? 200 : 2_000, answerMs: 5_000 },
      };
      assert.equal((await failureOf(enter('ann', once))).failure, failure);
    });
  }

  it('quotes no password that a server sends back', async () => {
    const body = JSON.stringify({ error: { message: `wrong password ${password}, code 999111` } });
    server().fault({ route: 'keystone', kind: 'answer', status: 401, body });
    const text = format((await failureOf(enter('ann'))).text);
    assert.ok(!text.includes(password) && text.includes('wrong'), text);
  });

  it('sends no password over plain http', async () => {
    await assert.rejects(
      signIn({ ...user('ann'), authUrl: 'http://keystone.test/v3' }, password, quick, never),
      /https/,
    );
  });

  it('can be cancelled', async () => {
    server().fault({ route: 'keystone', kind: 'hang', at: 'head' });
    await assert.rejects(signIn(user('ann'), password, {}, AbortSignal.timeout(50)), isCancelled);
  });
});
