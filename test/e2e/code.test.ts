import assert from 'node:assert/strict';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CodeLens, Hover, MarkdownString } from 'vscode';
import { fieldText, type ActivityEvent } from '../../src/core/event/event';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { startServer } from '../server/startServer';
import { describeNewest } from './environment';
import { waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

const web = 'resource "vkcs_compute_instance" "web"';

/** The id of the resource `n` of a generated workspace. */
function idOf(n: number): string {
  return `5a5a0000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

describeNewest('code and its events', () => {
  const app = useWorkbench({ folder: 'media/sample' });

  /** Titles of the lenses above the line that begins with `header`, and its number; once there are some. */
  function lenses(file: string, header: string): Promise<{ titles: string[]; line: number }> {
    const ask = (): Promise<{ titles: string[]; line: number }> =>
      app.evaluate(
        async (vscode, { file, header }) => {
          const document = await vscode.workspace.openTextDocument(file);
          const line = document
            .getText()
            .split('\n')
            .findIndex((text) => text.startsWith(header));
          const found = await vscode.commands.executeCommand<CodeLens[]>(
            'vscode.executeCodeLensProvider',
            document.uri,
            500,
          );
          const here = found.filter(({ range }) => range.start.line === line);
          return { titles: here.map(({ command }) => command?.title ?? ''), line };
        },
        { file: path.join(app.folder, file), header },
      );
    return waitUntil(`a lens above ${header}`, async () => {
      const found = await ask();
      return found.titles.length > 0 ? found : undefined;
    });
  }

  const open = (file: string): Promise<void> =>
    app.evaluate(
      async (vscode, file) => {
        await vscode.window.showTextDocument(vscode.Uri.file(file));
      },
      path.join(app.folder, file),
    );

  const activeLine = (): Promise<string | undefined> =>
    app.evaluate((vscode) => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.lineAt(editor.selection.active.line).text;
    });

  const chosenCode = async (): Promise<string | undefined> => (await app.exports<ActivityLogState>('state')).code;

  before(async () => {
    await app.showView();
    await app.command('activityLog.openSample');
    await app.rows(/^nova, /).waitFor();
  });

  it('goes from a block to its events, and from one of them back to the block', async () => {
    await open('servers.tf');
    const { titles } = await lenses('servers.tf', web);
    const [title = ''] = titles;
    assert.match(title, /^\d+ events, last: \S+ .*by \S+@\S+ .*ago/);
    await app.screenshot('code lens');
    await app.page.locator('.codelens-decoration a', { hasText: title }).first().click();
    assert.equal(await waitUntil('the filter', chosenCode), 'vkcs_compute_instance.web');
    const events = await app.exports<ActivityEvent[]>('events');
    assert.equal(events.length, Number(title.split(' ')[0]));
    await app.rows(/^nova, /).click();
    await app
      .rows(/^\d{4}-/)
      .first()
      .click();
    await app
      .rows(/vkcs_compute_instance\.web\[\d\]/)
      .first()
      .waitFor();
    const event = events.find((found) => /^\/v2\.1\/servers\/[\w-]{36}/.test(fieldText(found, 'uri')));
    await open('network.tf');
    await app.command('activityLog.goToUri', { eventId: event?.['event_id'], target: 'code' });
    assert.ok((await activeLine())?.startsWith(web), await activeLine());
    await app.command('activityLog.openEvent', { eventId: event?.['event_id'] });
    const frame = await app.webview();
    assert.match(await frame.locator('#show-code-history').innerText(), /^vkcs_compute_instance\.web\[\d\]$/);
    await app.screenshot('addresses');
  });

  it('tells of the resource under the pointer', async () => {
    const text = await app.evaluate(
      async (vscode, file) => {
        const document = await vscode.workspace.openTextDocument(file);
        const at = document.getText().search(/(?<="id": ")[\w-]{36}/);
        const hovers = await vscode.commands.executeCommand<Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          document.positionAt(at + 3),
        );
        return hovers
          .flatMap(({ contents }) => contents.map((content) => (content as MarkdownString).value))
          .join('\n');
      },
      path.join(app.folder, 'terraform.tfstate'),
    );
    assert.match(text, /\(command:activityLog\.showResourceHistory\?/);
    assert.match(text, /^\*\*\[[\w.\\]+\]\(command:activityLog\.goToCodeOf\?/);
  });

  it('keeps the lines while somebody types', async () => {
    await open('servers.tf');
    const { line } = await lenses('servers.tf', web);
    await app.evaluate(async (vscode) => {
      const editor = vscode.window.activeTextEditor;
      await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), 'resource "x" "y" {\n\n'));
    });
    const moved = await lenses('servers.tf', web);
    assert.equal(moved.line, line + 2);
    await app.command('workbench.action.files.revert');
  });

  it('lists by block what was changed outside Terraform after the last apply', async () => {
    const state = path.join(app.folder, 'terraform.tfstate');
    const applied = new Date(Date.now() - 20 * 86_400_000);
    await writeFile(state, await readFile(state));
    await utimes(state, applied, applied);
    await waitUntil('the state to be read again', async () => {
      await app.command('activityLog.showOutsideChanges');
      return (await app.exports<ActivityEvent[]>('events')).length > 0;
    });
    const row = app.rows(/^vkcs_\w+\.\w+, \d+ events?/).first();
    await row.waitFor();
    await row.click();
    await app
      .rows(/, succeeded, .*→/)
      .first()
      .waitFor();
    await app.screenshot('changed outside');
    for (const event of await app.exports<ActivityEvent[]>('events')) {
      assert.doesNotMatch(fieldText(event, 'user_agent'), /Terraform/);
      assert.notEqual(event['success'], 'no');
    }
    // An apply takes over what was changed before it.
    const stored = await readFile(state, 'utf8');
    await writeFile(
      state,
      stored.replace(/"serial": (\d+)/, (_, serial) => `"serial": ${Number(serial) + 1}`),
    );
    await waitUntil('the next apply', async () => (await app.exports<ActivityEvent[]>('events')).length === 0);
    await writeFile(state, stored);
    await utimes(state, applied, applied);
    await waitUntil('the former state', async () => (await app.exports<ActivityEvent[]>('events')).length > 0);
    await app.command('activityLog.setTimeRange', { preset: 'sinceApply' });
    const { range } = await app.exports<ActivityLogState>('state');
    assert.ok(Math.abs(Date.parse(range.from) - applied.getTime()) < 2_000, range.from);
    // As any filter, it is there again after a reload, and so is the range.
    const { code } = await app.exports<ActivityLogState>('state');
    await app.reload();
    await app.showView();
    await waitUntil('the same after a reload', async () => (await app.exports<ActivityEvent[]>('events')).length > 0);
    const after = await app.exports<ActivityLogState>('state');
    assert.deepEqual([after.code, after.range.from], [code, range.from]);
    await app
      .rows(/^vkcs_\w+\.\w+, \d+ events?/)
      .first()
      .waitFor();
    await app.command('activityLog.clearFilter');
    await app.command('activityLog.setTimeRange', { preset: '30d' });
  });

  it('follows a link', async () => {
    const [event] = await app.exports<ActivityEvent[]>('events', { limit: 1 });
    await app.command('activityLog.copyLink', { eventId: event?.['event_id'] });
    const link = await app.evaluate((vscode) => vscode.env.clipboard.readText());
    assert.match(
      link,
      /:\/\/activity-log\.vk-cloud-activity-log\/event\/[\w-]+\?connection=Sample%20project&at=\d{4}-/,
    );
    await app.command('workbench.action.closeAllEditors');
    for (const [address, seen] of [
      [
        link,
        async () =>
          (await app.webview())
            .locator(`text=${fieldText(event ?? {}, 'event_id')}`)
            .first()
            .waitFor(),
      ],
      [
        link.replace(/event\/[\w-]+\?connection=[^&]+/, 'event/none?connection=elsewhere'),
        () => app.notified(/"elsewhere", which is not set up/),
      ],
    ] as const) {
      void app.command('workbench.action.url.openUrl');
      await app.page.locator('.quick-input-widget:visible', { hasText: 'URL to open' }).waitFor();
      await app.answer(address);
      await app.page.getByRole('button', { name: 'Open', exact: true }).click();
      await seen();
    }
    assert.equal((await app.exports<ActivityLogState>('state')).connection?.name, 'Sample project');
  });

  it('does the same among 5,000 resources', async () => {
    const files = 50;
    const each = 100;
    const declared = (n: number): string => `resource "vkcs_compute_instance" "s${n}" {\n  name = "s${n}"\n}\n`;
    const folder = path.join(app.folder, 'big');
    await mkdir(folder);
    for (let file = 0; file < files; file++) {
      const blocks = Array.from({ length: each }, (_, index) => declared(file * each + index));
      await writeFile(path.join(folder, `f${file}.tf`), blocks.join('\n'));
    }
    const resources = Array.from({ length: files * each }, (_, n) => ({
      mode: 'managed',
      type: 'vkcs_compute_instance',
      name: `s${n}`,
      instances: [{ attributes: { id: idOf(n), name: `s${n}` } }],
    }));
    await writeFile(
      path.join(folder, 'terraform.tfstate'),
      JSON.stringify({ version: 4, serial: 1, resources }, null, 2),
    );
    const now = Date.now() - 3_600_000;
    const events = Array.from({ length: 10_000 }, (_, n) => ({
      event_id: `e${n}`,
      timestamp: new Date(now - n * 1_000).toISOString().replace(/\.\d+/, ''),
      source: 'nova',
      action: 'update-vm',
      success: 'yes',
      method: 'PUT',
      uri: `/v2.1/servers/${idOf(n % 5_000)}`,
      request_body: `{"server":{"name":"n${n}"}}`,
      response_body: '{}',
      user_email: 'a@b.test',
      user_agent: 'Mozilla/5.0 (X11) Chrome/120.0',
    }));
    const server = await startServer({ events });
    try {
      await app.command('activityLog.configureEndpoint', { endpoint: server.endpoint, name: 'Big' });
      await app.command('activityLog.setToken', { token: server.token });
      await app.command('activityLog.setTimeRange', { preset: '24h' });
      await app.command('activityLog.goToUri', { eventId: 'e4321', target: 'code' });
      const header = (await activeLine()) ?? '';
      assert.equal(header, 'resource "vkcs_compute_instance" "s4321" {');
      const { titles, line } = await lenses('big/f43.tf', header);
      assert.match(titles[0] ?? '', /^2 events, last: update-vm by a@b\.test .*, from the console$/);
      const uri = await app.evaluate((vscode) => vscode.window.activeTextEditor?.document.uri.toString());
      await app.command('activityLog.showCodeActivity', { uri, line });
      const found = await app.exports<ActivityEvent[]>('events');
      assert.deepEqual(
        found.map(({ event_id: id }) => id),
        ['e4321', 'e9321'],
      );
      await app.command('activityLog.showFileActivity', { uri });
      assert.equal((await app.exports<ActivityLogState>('state')).loaded, 200);
      await app.command('activityLog.showWorkspaceActivity');
      assert.equal((await app.exports<ActivityLogState>('state')).loaded, 10_000);
      await open('big/f0.tf');
      await app.command('activityLog.goToUri', { eventId: 'e9321', target: 'code' });
      assert.equal(await activeLine(), header);
    } finally {
      await server.stop();
    }
  });
});
