import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { askKeystone } from '../../../../src/app/askKeystone';
import type { Credentials, PasswordIdentity } from '../../../../src/core/openstack/credentials';
import { signInTo, type SignInQuestions } from '../../../../src/host/connections/signInTo';
import { never, quick, useServer } from '../../api/client';

const password = 'correct horse';
const unasked: SignInQuestions = {
  passcode: async () => assert.fail('asked for a passcode'),
  project: async () => assert.fail('asked for a project'),
  endpoint: async () => assert.fail('asked for an endpoint'),
};

describe('signInTo', () => {
  const server = useServer({
    users: [
      { name: 'ann', password, domain: 'users' },
      { name: 'eve', password, domain: 'users', unscoped: true },
    ],
    applicationCredentials: [{ id: 'ac-1', secret: 'ac secret' }],
    regions: ['RegionOne', 'RegionTwo'],
  });
  const keystone = askKeystone(() => Promise.resolve(quick));
  const user = (name: string, rest: Partial<PasswordIdentity> = {}): PasswordIdentity => ({
    kind: 'password',
    authUrl: server().authUrl,
    user: { name, domain: { name: 'users' } },
    region: 'RegionOne',
    ...rest,
  });
  const enter = (
    credentials: Partial<Credentials> = {},
    current?: string,
    questions: Partial<SignInQuestions> = {},
    secret = password,
  ) =>
    signInTo({ identity: user('ann'), ...credentials, secret }, current, keystone, { ...unasked, ...questions }, never);

  it('finds endpoint and services in the catalog', async () => {
    const { catalog, endpoint, identity, issued, project } = await enter();
    assert.equal(endpoint, server().endpoint);
    assert.equal(project, 'mcs1234567890');
    assert.equal(server().tokens.use(issued!.token), 'ok');
    assert.deepEqual(identity, user('ann', { project: { id: server().projectId } }));
    assert.equal(catalog?.find(({ type }) => type === 'compute')?.url, `${server().url}/v2.1`);
  });

  it('lets a person choose where several endpoints fit, and takes the services of that region', async () => {
    const identity = user('ann', { region: undefined });
    const signedIn = await enter({ identity }, undefined, {
      endpoint: async (endpoints) => {
        assert.deepEqual(
          endpoints.map(({ region }) => region),
          ['RegionOne', 'RegionTwo'],
        );
        return endpoints[1]!;
      },
    });
    assert.equal(signedIn.endpoint, server().endpoint.replace('/auditlogs', ''));
    assert.equal(signedIn.identity.region, 'RegionTwo');
  });

  it('names the regions that have a log, where the one that was named has none', async () => {
    await assert.rejects(enter({ identity: user('ann', { region: 'RegionTen' }) }), /RegionTen.*RegionOne, RegionTwo/);
  });

  it('keeps the endpoint of the active connection where it is of the same project, not of another', async () => {
    const own = `https://audit.test/v1/${server().projectId}`;
    assert.equal((await enter({}, own)).endpoint, own);
    const other = 'https://audit.test/v1/00000000000000000000000000000000';
    assert.equal((await enter({}, other)).endpoint, server().endpoint);
  });

  it('takes the endpoint that is named, and its project', async () => {
    const named = `https://audit.test/v1/${server().projectId}`;
    assert.equal((await enter({ endpoint: `${named}/logs?limit=1` })).endpoint, named);
    const foreign = 'https://audit.test/v1/00000000000000000000000000000000';
    await assert.rejects(enter({ endpoint: foreign }), /refused the sign-in/);
    const identity = user('ann', { project: { id: server().projectId } });
    await assert.rejects(enter({ identity, endpoint: foreign }), /same project/);
  });

  it('finds the project of somebody without a default one', async () => {
    const { endpoint, issued } = await enter({ identity: user('eve') });
    assert.equal(endpoint, server().endpoint);
    assert.equal(issued?.project?.id, server().projectId);
    assert.equal(server().tokens.use(issued.token), 'ok');
  });

  it('leaves no living token but the one it gives, also where it ends early', async () => {
    const { tokens } = server();
    const living = (): string[] => tokens.all.filter((token) => tokens.expiry(token) !== undefined);
    const before = living();
    const { issued } = await enter({ identity: user('eve') });
    assert.deepEqual(living(), [...before, issued!.token]);
    tokens.revoke(issued!.token);
    const abort = new AbortController();
    const cancelled = signInTo(
      { identity: user('eve'), secret: password },
      undefined,
      {
        ...keystone,
        projects: (...asked) => {
          abort.abort();
          return keystone.projects(...asked);
        },
      },
      unasked,
      abort.signal,
    );
    await assert.rejects(cancelled, { name: 'AbortError' });
    assert.deepEqual(living(), before);
  });

  it('takes an application credential', async () => {
    const identity = { kind: 'applicationCredential', authUrl: server().authUrl, id: 'ac-1' } as const;
    const region = 'RegionOne';
    const signedIn = await enter({ identity: { ...identity, region } }, undefined, {}, 'ac secret');
    assert.equal(signedIn.endpoint, server().endpoint);
    assert.deepEqual(signedIn.identity, { ...identity, region });
  });

  it('takes a ready token, and asks Keystone about it where it is known', async () => {
    const { token, authUrl, endpoint } = server();
    const known = await enter({ identity: { kind: 'token', authUrl, region: 'RegionOne' } }, undefined, {}, token);
    assert.equal(known.endpoint, endpoint);
    assert.ok(known.issued!.expires > Date.now());
    const unknown = await enter({ identity: { kind: 'token' }, endpoint }, undefined, {}, token);
    assert.deepEqual([unknown.endpoint, unknown.issued], [endpoint, undefined]);
    await assert.rejects(enter({ identity: { kind: 'token' } }, undefined, {}, token), /endpoint/);
  });
});
