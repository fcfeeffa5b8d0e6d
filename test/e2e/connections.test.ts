import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { makeEvents } from '../server/events';
import { startServer, type StandIn } from '../server/startServer';
import { describeNewest } from './environment';
import { useWorkbench } from './workbench';

const password = "it's a p\\a$$word";
const user = { name: 'ivan@example.test', password, domain: 'users', passcode: '123456' };
const credential = { id: 'c0ffee', secret: 'credential-secret' };

describeNewest('connections', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'connections-'));
  const app = useWorkbench({ folder, settings: { 'activityLog.timeZone': 'utc' } });
  let server: StandIn;

  const openrc = (...lines: string[]): string =>
    [`export OS_AUTH_URL=${server.authUrl}`, 'export OS_REGION_NAME="RegionOne"', ...lines].join('\n');

  before(async () => {
    const events = makeEvents(50, { newest: Date.now() - 60_000, stepMs: 60_000, seed: 'connections' });
    server = await startServer({ events, users: [user], applicationCredentials: [credential] });
    const name = [`export OS_USERNAME="${user.name}"`, 'export OS_USER_DOMAIN_NAME="users"'];
    const project = `export OS_PROJECT_ID=${server.projectId}`;
    const asked = ['read -sr OS_PASSWORD_INPUT', 'export OS_PASSWORD=$OS_PASSWORD_INPUT'];
    writeFileSync(path.join(app.folder, 'prod-openrc.sh'), openrc(...name, project, ...asked));
    const clouds = `clouds:\n  robot:\n    auth_type: v3applicationcredential\n    auth: {auth_url: '${server.authUrl}', application_credential_id: ${credential.id}}\n`;
    writeFileSync(path.join(app.folder, 'clouds.yaml'), clouds);
    const secure = `clouds: {robot: {auth: {application_credential_secret: ${credential.secret}}}}\n`;
    writeFileSync(path.join(app.folder, 'secure.yaml'), secure);
    await app.showView();
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const form = (): Locator => app.page.locator('.quick-input-widget:visible');
  const row = (text: string | RegExp): Locator => form().locator('.monaco-list-row').filter({ hasText: text });
  const state = (): Promise<ActivityLogState> => app.exports('state');
  const asks = (text: RegExp): Promise<void> => form().getByPlaceholder(text).waitFor();
  const says = (text: string | RegExp): Promise<void> => form().filter({ hasText: text }).waitFor();

  it('imports an openrc file: shows what it would use, asks for the password until it is right, and for a name', async () => {
    await app.view.getByRole('button', { name: 'Import Credentials' }).click();
    await row('prod-openrc.sh').click();
    await asks(/would be used/);
    await row(/User.*ivan@example\.test/).waitFor();
    await row(/Password.*is asked for/).waitFor();
    await row(/asks for OS_PASSWORD/).waitFor();
    assert.equal(server.requests.length, 0, 'nothing is sent before it is agreed to');
    await row(/Sign in at/).click();
    await says(/goes to Keystone only/);
    await app.answer('wrong');
    await says(/refused the sign-in/);
    await app.answer(password);
    await says(/passcode of the second factor/);
    await app.answer('000000');
    await says(/refused the passcode/);
    await app.answer('123 456');
    await says(/name of your own/);
    await app.answer('Production');
    await app.rows(/^nova, /).waitFor();
    const { connection, loaded } = await state();
    assert.deepEqual([connection?.name, loaded], ['Production', 50]);
  });

  it('imports a file that tells everything without a prompt', async () => {
    await app.command('activityLog.switchConnection', { name: 'Production' });
    await app.command('activityLog.importCredentials', { path: path.join(app.folder, 'clouds.yaml') });
    assert.equal((await state()).connection?.name, 'Production', 'it is the same endpoint');
    await assert.rejects(app.command('activityLog.importCredentials', { path: '/gone' }), /There is no file/);
  });

  it('goes back in a form, question by question', async () => {
    void app.command('activityLog.configureEndpoint').catch(() => undefined);
    await says('1/3');
    await app.answer('https://infra.mail.ru:5000/v3/');
    await says(/address for signing in.*looks like/);
    await app.answer(`${server.url}/auditlogs/v1/{project_id}`);
    await says(/OpenStack id of the project/);
    await app.answer('0123456789abcdef0123456789abcdef');
    await row(/user name and password/).click();
    await says(/OS_AUTH_URL/);
    const back = form().getByRole('button', { name: 'Back' });
    await back.click();
    await row(/Later/).waitFor();
    await back.click();
    await says(/OpenStack id of the project/);
    await app.page.keyboard.press('Escape');
    await form().waitFor({ state: 'hidden' });
  });

  it('changes and removes connections from the status bar', async () => {
    await app.command('activityLog.configureEndpoint', {
      endpoint: `${server.url}/v1/${'a'.repeat(32)}`,
      name: 'Other',
    });
    await app.page.getByRole('button', { name: /Activity Log connection Other/ }).click();
    const other = row('Other');
    await other.hover();
    await other.getByRole('button', { name: 'Change' }).click();
    await row(/Components/).click();
    await says(/separated by commas/);
    await app.answer('nova, neutron');
    await row(/Components.*nova, neutron/).waitFor();
    await row(/^Name/).click();
    await says(/name of your own/);
    await app.answer('Production');
    await says(/There is a connection of this name/);
    await app.answer('Second');
    await row(/Name.*Second/).waitFor();
    await form().getByRole('button', { name: 'Back' }).click();
    await asks(/connection to show/);
    await row('Second').hover();
    await row('Second').getByRole('button', { name: 'Remove' }).click();
    await app.page.getByRole('button', { name: 'Remove', exact: true }).click();
    await row('Second').waitFor({ state: 'detached' });
    await row('Production').click();
    await app.rows(/^nova, /).waitFor();
  });

  it('keeps secrets out of everything it writes', async () => {
    const leaks: string[] = [];
    for (const entry of await readdir(app.userData, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const text = await readFile(file);
      if ([password, credential.secret].some((secret) => text.includes(secret))) leaks.push(file);
    }
    assert.deepEqual(leaks, []);
  });
});
