import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as api from 'vscode';
import { fieldText, type ActivityEvent } from '../../src/core/event/event';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { authority, good } from '../server/authority';
import { makeEvents } from '../server/events';
import { startProxy } from '../server/proxy';
import { startRealKeystone } from '../server/realKeystone';
import { startServer, type StandIn } from '../server/startServer';
import { describeNewest } from './environment';
import { findLeaks } from './findLeaks';
import { waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

const password = 'correct horse "battery"';

describeNewest('signing in', () => {
  const app = useWorkbench();
  let server: StandIn;

  before(async () => {
    server = await startServer({
      events: makeEvents(300, { newest: Date.now() - 60_000, stepMs: 60_000, seed: 'sign in' }),
      users: [
        { name: 'ann', password, domain: 'users' },
        { name: 'dan', password, domain: 'users', passcode: '123456' },
      ],
      applicationCredentials: [{ id: 'ac-1', secret: 'ac secret' }],
      tokenLifeMs: 2_000,
    });
    await app.showView();
  });
  after(() => server.stop());

  const state = (): Promise<ActivityLogState> => app.exports('state');
  const user = (username: string) => ({ authUrl: server.authUrl, username, password, userDomain: 'users' });
  const inForce = () => server.tokens.all.filter((token) => server.tokens.expiry(token) !== undefined);

  it('refuses a wrong password with what to check, and sets nothing up', async () => {
    const wrong = app.command('activityLog.signIn', { ...user('ann'), password: 'wrong' });
    await assert.rejects(wrong, /refused the sign-in.*Check user name/);
    assert.equal((await state()).connection, undefined);
  });

  it('makes a connection of a sign-in: project, endpoint and services come from the catalog', async () => {
    await app.command('activityLog.signIn', user('ann'));
    await app.command('activityLog.refresh');
    const { complete, connection, loaded } = await state();
    assert.deepEqual([complete, connection?.name, loaded], [true, 'mcs1234567890', 300]);
  });

  it('renews the token before it ends, without being asked', async () => {
    const issued = server.tokens.all.length;
    await waitUntil('two more tokens', () => server.tokens.all.length >= issued + 2);
    assert.equal(inForce().length > 0, true);
  });

  it('goes on with a new token when the one it has is refused', async () => {
    server.realm.tokenLifeMs = 3_600_000;
    server.tokens.revokeAll();
    await app.command('activityLog.refresh');
    assert.equal((await state()).complete, true);
  });

  it('shows a resource as it is now at the address of the catalog, with a new token where one is due', async () => {
    const [event] = await app.exports<ActivityEvent[]>('events', { filter: 'source=nova AND uri:servers', limit: 1 });
    const id = /servers\/([^/]+)/.exec(fieldText(event ?? {}, 'uri'))?.[1];
    server.setResource(`/v2.1/servers/${id}`, { server: { id: String(id), status: 'ACTIVE' } });
    server.tokens.revokeAll();
    await app.command('activityLog.goToUri', { eventId: event?.['event_id'], target: 'live' });
    const text = await app.evaluate((vscode) => vscode.window.activeTextEditor?.document.getText());
    assert.match(String(text), /"status": "ACTIVE"/);
  });

  it('asks for the passcode of a second factor above the password, again where it is wrong', async () => {
    const signingIn = app.command('activityLog.signIn', { ...user('dan'), password: undefined });
    const prompt = app.page.locator('.quick-input-widget:visible');
    await prompt.getByText('The password.').waitFor();
    await app.answer(password);
    await prompt.getByText('The passcode of the second factor').waitFor();
    await app.answer('000 000');
    await prompt.getByText('refused the passcode').waitFor();
    await app.answer('123 456');
    await signingIn;
    await app.command('activityLog.refresh');
    assert.equal((await state()).complete, true);
    await assert.rejects(app.command('activityLog.signIn', { ...user('dan'), passcode: '1' }), /refused the passcode/);
  });

  it('takes an application credential', async () => {
    const { authUrl } = server;
    const credential = { authUrl, applicationCredentialId: 'ac-1', applicationCredentialSecret: 'ac secret' };
    await app.command('activityLog.signIn', credential);
    await app.command('activityLog.refresh');
    assert.equal((await state()).connection?.name, 'mcs1234567890');
  });

  it('keeps passwords and tokens out of everything it writes', async () => {
    assert.deepEqual(await findLeaks(app, [password, 'ac secret', ...server.tokens.all]), []);
  });

  it('ends the token at Keystone when it signs out, and offers to sign in again', async () => {
    const current = server.requests.filter(({ route }) => route === 'logs').at(-1)?.headers['x-auth-token'] ?? '';
    assert.notEqual(server.tokens.expiry(current), undefined);
    await app.command('activityLog.signOut', { forget: false });
    assert.equal(server.tokens.expiry(current), undefined);
    const empty = { from: '2001-01-01T00:00:00Z', to: '2001-01-01T00:00:01Z' };
    await assert.rejects(app.command('activityLog.setTimeRange', empty), /Sign in/);
    await app.view.getByRole('button', { name: 'Sign In' }).waitFor();
  });

  it('with an openrc at a real Keystone leads through a proxy and a private authority to the log', async function () {
    this.timeout(400_000);
    const real = await startRealKeystone(20, 'https://audit.cloud.test');
    if ('missing' in real) {
      console.log(`    skipped: ${real.missing}`);
      this.skip();
    }
    const events = makeEvents(300, { newest: Date.now() - 60_000, stepMs: 60_000, seed: 'real' });
    const audit = await startServer({ events, tls: good, authority: (token) => real.projectOf(token) });
    const hosts = { 'audit.cloud.test:443': new URL(audit.url).host };
    const proxy = await startProxy({ credentials: 'staff:open-sesame', hosts });
    const folder = await mkdtemp(path.join(tmpdir(), 'openrc-'));
    const [caFile, openrc] = [path.join(folder, 'ca.pem'), path.join(folder, 'shop-openrc.sh')];
    try {
      await real.addProject('shop', { name: 'ann', password });
      await writeFile(caFile, authority);
      await writeFile(openrc, openrcOf(real.authUrl));
      await app.evaluate(setUp, { 'http.proxy': proxy.url, 'activityLog.caFile': caFile });
      await app.command('activityLog.importCredentials', { path: openrc });
      await app.command('activityLog.refresh');
      const { complete, connection, loaded } = await state();
      assert.deepEqual([complete, connection?.name, loaded], [true, 'shop', 300]);
      assert.ok(proxy.tunnels.includes('audit.cloud.test:443'));

      const used = () => audit.requests.at(-1)?.headers['x-auth-token'] ?? '';
      const first = used();
      await waitUntil('the end of the token', async () => (await real.projectOf(first)) === undefined);
      await app.command('activityLog.refresh');
      assert.notEqual(used(), first);
      await app.command('activityLog.signOut', { forget: false });
      assert.equal(await real.projectOf(used()), undefined);
    } finally {
      await Promise.all([proxy.stop(), audit.stop(), real.stop(), rm(folder, { recursive: true })]);
    }
  });
});

async function setUp(vscode: typeof api, values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values))
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
}

function openrcOf(authUrl: string): string {
  return `#!/usr/bin/env bash
export OS_AUTH_URL=${authUrl}
export OS_PROJECT_NAME="shop"
export OS_PROJECT_DOMAIN_ID="default"
export OS_USER_DOMAIN_NAME="Default"
export OS_USERNAME=ann
export OS_PASSWORD='${password}'
export OS_REGION_NAME="RegionOne"
export OS_IDENTITY_API_VERSION=3
`;
}
