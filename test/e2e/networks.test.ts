import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getCACertificates } from 'node:tls';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import type { TestResult } from '../../src/host/commands/testCommand';
import { authority, good } from '../server/authority';
import { makeEvents } from '../server/events';
import { startProxy, type Proxy } from '../server/proxy';
import { startServer, type StandIn } from '../server/startServer';
import { describeNewest } from './environment';
import { Workbench } from './workbench';

const newest = Date.parse('2026-03-10T12:00:00Z');
const range = { from: '2026-03-10T00:00:00Z', to: '2026-03-10T23:59:59Z' };
const user = { name: 'engineer', password: 'correct horse', domain: 'users' };

describeNewest('networks', () => {
  let home = '';
  let app: Workbench;
  let server: StandIn;
  let proxy: Proxy;
  /** What the opened folder wants requests to go to. */
  let trap: Proxy;
  let trapServer: StandIn;

  before(async () => {
    server = await startServer({
      tls: good,
      publicUrl: 'https://audit.cloud.test',
      users: [user],
      events: makeEvents(500, { newest, stepMs: 10_000, seed: 'networks' }),
    });
    const { host } = new URL(server.url);
    proxy = await startProxy({
      credentials: 'staff:open-sesame',
      hosts: { 'audit.cloud.test:443': host, 'keystone.cloud.test:5000': host },
    });
    trapServer = await startServer();
    trap = await startProxy({ hosts: { 'audit.cloud.test:443': new URL(trapServer.url).host } });
    home = await mkdtemp(path.join(os.tmpdir(), 'networks-'));
    const caFile = path.join(home, 'ca.pem');
    await writeFile(caFile, authority);
    app = new Workbench({
      folder: await plantFolder(path.join(home, 'repository')),
      settings: { 'http.proxy': proxy.url, 'activityLog.caFile': caFile, 'activityLog.historyDays': 3650 },
    });
    await app.start();
  });
  after(async () => {
    await app.stop();
    await Promise.all([server, proxy, trap, trapServer].map((part) => part.stop()));
    await rm(home, { recursive: true, force: true });
  });

  /** A repository that tries everything to have requests sent elsewhere. */
  async function plantFolder(folder: string): Promise<string> {
    const settings = {
      'http.proxy': trap.url,
      'http.proxySupport': 'off',
      'http.proxyStrictSSL': false,
      'http.systemCertificates': false,
      'http.noProxy': ['*'],
      'http.proxyAuthorization': 'Basic dHJhcA==',
      'activityLog.caFile': path.join(folder, 'trap.pem'),
      'activityLog.serviceUrls': { nova: trapServer.url },
      'activityLog.endpoint': trapServer.endpoint,
      'activityLog.connections': [{ id: 'trap', name: 'Trap', kind: 'http', address: trapServer.endpoint }],
      'terminal.integrated.env.linux': { HTTPS_PROXY: trap.url, OS_AUTH_URL: trapServer.authUrl },
    };
    const task = { label: 'trap', type: 'shell', command: 'true', options: { env: { HTTPS_PROXY: trap.url } } };
    const files: Record<string, string> = {
      '.vscode/settings.json': JSON.stringify(settings),
      '.vscode/tasks.json': JSON.stringify({
        version: '2.0.0',
        tasks: [{ ...task, runOptions: { runOn: 'folderOpen' } }],
      }),
      '.env': `HTTPS_PROXY=${trap.url}\nOS_AUTH_URL=${trapServer.authUrl}\nOS_TOKEN=trap\n`,
      'trap.code-workspace': JSON.stringify({ folders: [{ path: '.' }, { path: 'second' }], settings }),
      'trap.pem': 'no certificate',
      'clouds.yaml': `clouds: {trap: {auth: {auth_url: "${trapServer.authUrl}", token: trap}}}\n`,
    };
    for (const each of [folder, path.join(folder, 'second')]) {
      await mkdir(path.join(each, '.vscode'), { recursive: true });
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(each, name), text);
    }
    return folder;
  }

  /** VS Code itself may go through the proxy that the folder wants. */
  function assertNotTrapped(): void {
    assert.deepEqual(trapServer.requests, []);
    assert.deepEqual(
      trap.tunnels.filter((target) => target.includes('cloud.test')),
      [],
    );
  }

  const heard = (): string => Buffer.concat(proxy.heard).toString('latin1');

  /** What the opened folder wants of certificates would show here only. */
  function assertAsUserSays(report: string): void {
    assert.doesNotMatch(report, /Any certificate is accepted/);
    const trusted = new Set(getCACertificates('system')).size;
    assert.ok(report.includes(`built-in authorities: ${trusted} of the operating system, 1 of`), report);
  }

  it('are gone through as the user set them: proxy, sign-in, private authority; the opened folder has no say', async () => {
    const { name: username, domain: userDomain, password } = user;
    const authUrl = 'https://keystone.cloud.test:5000/v3';
    await app.command('activityLog.signIn', { authUrl, username, password, userDomain, projectId: server.projectId });
    await app.command('activityLog.setTimeRange', range);
    const { complete, loaded } = await app.exports<ActivityLogState>('state');
    assert.deepEqual({ complete, loaded }, { complete: true, loaded: 500 });
    for (const target of ['keystone.cloud.test:5000', 'audit.cloud.test:443'])
      assert.ok(proxy.tunnels.includes(target), target);
    assertNotTrapped();
    const token = server.requests.find(({ route }) => route === 'logs')?.headers['x-auth-token'] ?? '';
    assert.ok(token.length > 20 && !heard().includes(token) && !heard().includes(password));
  });

  it('are tested, and the report holds no secret', async () => {
    const { ok, report } = await app.command<TestResult>('activityLog.testConnection', {});
    assert.ok(ok, report);
    assertAsUserSays(report);
    for (const text of [
      /Through the proxy 127\.0\.0\.1:\d+, signed in/,
      /Example Root CA/,
      /keystone\.cloud\.test:5000 can be reached/,
    ])
      assert.match(report, text);
    const token = server.requests.find(({ route }) => route === 'logs')?.headers['x-auth-token'] ?? '';
    for (const secret of [token, user.password, 'sesame', 'staff']) assert.ok(!report.includes(secret), secret);
    const shown = await app.evaluate((api) => api.window.activeTextEditor?.document.getText());
    assert.equal(shown, report);
    await app.screenshot('report');
  });

  it('that are wrong are explained', async () => {
    const set = (section: string, value: unknown): Promise<unknown> =>
      app.evaluate((api, { section, value }) => api.workspace.getConfiguration().update(section, value, true), {
        section,
        value,
      });
    const caFile = path.join(home, 'ca.pem');
    await set('activityLog.caFile', '');
    await assert.rejects(
      app.command('activityLog.setTimeRange', { ...range, from: '2026-03-09T00:00:00Z' }),
      /“Example Root CA, Example Private Cloud”, an authority that is not trusted here/,
    );
    await set('activityLog.caFile', caFile);
    await set('http.proxy', proxy.url.replace('sesame', 'hunter2'));
    await assert.rejects(app.command('activityLog.refresh'), (error: Error) => {
      assert.match(error.message, /refuses the user name or password/);
      return !error.message.includes('hunter2');
    });
    await set('http.proxy', proxy.url);
    await app.command('activityLog.refresh');
    assert.equal((await app.exports<ActivityLogState>('state')).complete, true);
  });

  it('are the same where the repository is a workspace of several folders: it has no say either', async () => {
    const before = server.requests.length;
    await app.openWorkspace(path.join(app.folder, 'trap.code-workspace'), 2);
    await app.command('activityLog.setTimeRange', { ...range, from: '2026-03-08T00:00:00Z' });
    assertNotTrapped();
    assert.ok(server.requests.length > before);
    const { ok, report } = await app.command<TestResult>('activityLog.testConnection', {});
    assert.ok(ok, report);
    assertAsUserSays(report);
  });
});
