import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { startServer, type StandIn } from '../server/startServer';
import { waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

const link = '[Show](command:workbench.action.toggleSidebarVisibility)';
const word = `${link} https://evil.test www.evil.test eve@evil.test $(alert) <https://evil.test>`;
const shown = /\[Show\] \(command:/;
const id = 'aaaaaaaa-0000-4000-8000-000000000001';
const timestamp = new Date(Date.now() - 60_000).toISOString();

/** Every word of them is a stranger's. */
const events = [`/v2.1/os-keypairs/${encodeURIComponent(link)}`, `/v2.1/servers/${id}`].map((uri, index) => ({
  event_id: `e${index}`,
  timestamp,
  source: word,
  action: word,
  success: 'no',
  method: 'DELETE',
  uri,
  user_id: word,
  user_email: word,
  user_agent: word,
  request_id: word,
}));
const state = {
  version: 4,
  serial: 1,
  lineage: 'a',
  resources: [
    { mode: 'managed', type: 'vkcs_compute_instance', name: 'web', instances: [{ attributes: { id, name: 'web' } }] },
  ],
};

describe('words of strangers', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'words-'));
  writeFileSync(path.join(folder, 'main.tf'), 'resource "vkcs_compute_instance" "web" {\n}\n');
  writeFileSync(path.join(folder, 'terraform.tfstate'), JSON.stringify(state));
  const app = useWorkbench({ folder, settings: { 'workbench.hover.delay': 0 } });
  let server: StandIn;

  before(async () => {
    server = await startServer({ events, users: [{ name: 'ann', password: 'secret', domain: 'users' }] });
    await app.showView();
    await app.command('activityLog.configureEndpoint', { endpoint: server.endpoint, name: word });
    await app.command('activityLog.setToken', { token: server.token });
    await app.command('activityLog.refresh');
  });
  afterEach(async () => {
    await app.page.keyboard.press('Escape');
    await app.command('notifications.clearAll');
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const form = (): Locator => app.page.locator('.quick-input-widget:visible');
  const says = (text: string | RegExp): Promise<void> => form().filter({ hasText: text }).waitFor();
  const refusal = { kind: 'status', status: 401, body: JSON.stringify({ error: { message: word } }) } as const;

  /** What can be clicked on, and icons that nobody meant, in all that is on the screen but our own. */
  async function found(place: Locator): Promise<string[]> {
    const links = place.locator('a[href], a[data-href]');
    const ours = /^command:activityLog\.(?:openEvent|showResourceHistory|goToCodeOf)\?/;
    const addresses = await links.evaluateAll((all) =>
      all.map((a) => a.dataset['href'] ?? a.getAttribute('href') ?? ''),
    );
    const icons = await place.locator('.codicon-alert').count();
    return [...addresses.filter((address) => !ours.test(address)), ...Array<string>(icons).fill('icon')];
  }

  async function clean(place: Locator, text: RegExp = shown): Promise<void> {
    const marked = place.filter({ hasText: text });
    await marked.first().waitFor();
    for (const one of await marked.all()) assert.deepEqual(await found(one), []);
  }

  /** Shows the hover of an element. */
  async function hover(target: Locator): Promise<Locator> {
    await app.page.mouse.move(2, 2);
    await app.page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
    await target.hover();
    const shows = app.page.locator('.monaco-hover:visible');
    await shows.first().waitFor();
    return shows;
  }

  it('would be links if the editor were told them as they are', async () => {
    await app.evaluate((vscode, text) => void vscode.window.showErrorMessage(text), word);
    const notification = await app.notified('Show https');
    assert.equal((await found(notification)).length, 1);
    await app.evaluate((vscode, label) => void vscode.window.showQuickPick([{ label }], { title: 'raw' }), word);
    await says('raw');
    assert.deepEqual(await found(form()), ['icon']);
  });

  it('are refused in a link that is followed, and not quoted', async () => {
    for (const address of [
      `event/x?connection=${link}`,
      `event/x?connection=${encodeURIComponent(encodeURIComponent(link))}`,
      `event/${encodeURIComponent(link)}?connection=x`,
      'event/none?connection=elsewhere', // whose answer comes last
    ]) {
      void app.command('workbench.action.url.openUrl');
      await says('URL to open'); // the form before it may still be there
      await app.answer(`vscode://activity-log.vk-cloud-activity-log/${address}`);
      await app.page.getByRole('button', { name: 'Open', exact: true }).click();
    }
    await app.notified('"elsewhere", which is not set up');
    const all = await app.notifications(/./);
    const texts = (await all.allTextContents()).join('\n');
    assert.match(texts, /link is refused/);
    assert.doesNotMatch(texts, /Show|toggleSidebar/);
    assert.deepEqual(await found(all), []);
  });

  it('stay text in choices, in the notification of a failure and in the error of a command', async () => {
    void app.command('activityLog.goToCode');
    await clean(form());
    await form().locator('.monaco-list-row').filter({ hasText: 'os-keypairs' }).click();
    await clean(await app.notified(/No file in this workspace/));
    const failed = app.command('activityLog.goToUri', { eventId: 'e0', target: 'code' });
    await assert.rejects(failed, ({ message }: Error) => shown.test(message) && !message.includes(link));
  });

  it('stay text in a prompt', async () => {
    void app.command('activityLog.goToUri', { eventId: 'e1', target: 'browser' }).catch(() => undefined);
    await says('base address');
    await clean(form());
  });

  it('stay text under the token box', async () => {
    server.fault({ ...refusal, times: 1 });
    void app.command('activityLog.setToken').catch(() => undefined);
    await says('A Keystone token');
    await app.answer('token');
    await says('refused the token');
    await clean(form());
  });

  it('stay text under the password box', async () => {
    server.fault({ ...refusal, route: 'keystone', times: 1 });
    const { authUrl } = server;
    void app.command('activityLog.signIn', { authUrl, username: 'ann', userDomain: 'users' }).catch(() => undefined);
    await says('The password.');
    await app.answer('secret');
    await says('refused the sign-in');
    await clean(form());
  });

  it('stay text in a dialog and in a progress', async () => {
    void app.command('activityLog.confirmClearHistory').catch(() => undefined);
    await clean(app.page.locator('.monaco-dialog-box'));
    await app.page.keyboard.press('Escape');
    server.fault({ kind: 'hang', at: 'head' });
    void app.command('activityLog.testConnection').catch(() => undefined);
    const progress = await app.notified('Testing the connection');
    await clean(progress);
    await progress.getByRole('button', { name: 'Cancel' }).click();
    server.clearFaults();
  });

  it('stay text in the tree, the status bar and their tooltips', async () => {
    const group = app.rows(/Show/).first();
    await group.waitFor();
    await clean(app.view, /Show/);
    await clean(await hover(group), /Show/);
    await group.click();
    await app
      .rows(/^\d{4}-\d\d-\d\d/)
      .first()
      .click();
    const row = app.rows(/DELETE/).first();
    await row.waitFor();
    await clean(await hover(row), /Agent \(a guess\):/);
    const item = app.page.getByRole('button', { name: /Activity Log connection/ });
    await clean(item);
    await clean(await hover(item));
  });

  it('stay text beside the code', async () => {
    await app.evaluate(
      async (vscode, file) => {
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
      },
      path.join(app.folder, 'main.tf'),
    );
    await clean(app.page.locator('.codelens-decoration'), /1 event/);
    await app.evaluate(
      async (vscode, [file, id]) => {
        const document = await vscode.workspace.openTextDocument(file);
        const at = document.positionAt(document.getText().indexOf(id) + 3);
        await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
        await vscode.commands.executeCommand('editor.action.showHover');
      },
      [path.join(app.folder, 'terraform.tfstate'), id] as const,
    );
    const shows = app.page.locator('.monaco-hover:visible').filter({ hasText: 'All events' });
    await waitUntil('a hover', async () => (await shows.count()) > 0);
    await clean(shows, /All events/);
    assert.equal(await shows.locator('a[data-href]').count(), 3);
  });
});
