import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fieldText, type ActivityEvent } from '../../src/core/event/event';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { makeEvents } from '../server/events';
import { startServer } from '../server/startServer';
import { describeNewest, newest } from './environment';
import { useWorkbench, type Workbench } from './workbench';

/** The id of an event about a server that the sample's Terraform code declares. */
async function declaredServer(app: Workbench): Promise<unknown> {
  const state = JSON.parse(await readFile('media/sample/terraform.tfstate', 'utf8')) as {
    resources: { type: string; name: string; instances: { attributes: { id: string } }[] }[];
  };
  const server = state.resources.find(({ type }) => type === 'vkcs_compute_instance');
  const id = server?.instances[0]?.attributes.id ?? '';
  const [event] = await app.exports<ActivityEvent[]>('events', { filter: `uri:"${id}"`, limit: 1 });
  return event?.['event_id'];
}

describe('beside the code', () => {
  const app = useWorkbench({ folder: 'media/sample', timeZone: 'UTC' });

  before(async () => {
    await app.showView();
    await app.command('activityLog.openSample');
  });

  it('goes from an event to the block that declares its resource', async () => {
    const eventId = await declaredServer(app);
    await app.command('activityLog.goToUri', { eventId, target: 'code' });
    const [file, line] = await app.evaluate((vscode) => {
      const editor = vscode.window.activeTextEditor;
      return [editor?.document.fileName, editor?.document.lineAt(editor.selection.active.line).text];
    });
    assert.match(String(file), /\.tf$/);
    assert.match(String(line), /^resource "vkcs_compute_instance"/);
  });

  it('opens what it exported, with every field', async () => {
    for (const format of ['json', 'ndjson']) {
      const file = path.join(app.folder, `log.${format}`);
      await app.command('activityLog.openSample');
      const before = await app.exports<ActivityEvent[]>('events', { redact: false });
      await app.command('activityLog.export', { format, path: file, redact: false });
      await app.command('activityLog.openLogFile', { path: file });
      assert.deepEqual(await app.exports('events', { redact: false }), before);
      const { connection } = await app.exports<ActivityLogState>('state');
      assert.deepEqual(connection, { name: `log.${format}`, kind: 'file' });
    }
  });

  it('says what is wrong with a file that is no log', async () => {
    const open = app.command('activityLog.openLogFile', { path: path.join(app.folder, 'main.tf') });
    await assert.rejects(open, /main\.tf/);
  });

  it('masks secrets in exports unless told otherwise, and in documents', async () => {
    await app.command('activityLog.openSample');
    const [secret] = await app.exports<ActivityEvent[]>('events', {
      filter: 'request_body:adminPass',
      limit: 1,
      redact: false,
    });
    const password = /"adminPass":"([^"]+)"/.exec(fieldText(secret ?? {}, 'request_body'))?.[1] ?? '';
    assert.ok(password.length > 3);
    const file = path.join(app.folder, 'masked.csv');
    await app.command('activityLog.export', { format: 'csv', path: file });
    assert.ok(!(await readFile(file, 'utf8')).includes(password));
    for (const part of ['request', 'event']) {
      await app.command('activityLog.openBody', { eventId: secret?.['event_id'], part });
      const text = await app.evaluate((vscode) => vscode.window.activeTextEditor?.document.getText() ?? '');
      assert.ok(text.includes('adminPass') && text.includes('••••••') && !text.includes(password), text);
    }
  });

  it('clears what is stored, and offers to load it again', async () => {
    await app.command('activityLog.clearHistory');
    assert.equal((await app.exports<ActivityLogState>('state')).loaded, 0);
    await app.view.getByRole('button', { name: 'Load Again' }).click();
    await app.rows(/^nova, /).waitFor();
  });

  newest('pages a day of more than 500 events', async () => {
    // All of them on yesterday's morning, at any time of today.
    const noon = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;
    const server = await startServer({ events: makeEvents(4_500, { newest: noon, stepMs: 2_000, seed: 'pages' }) });
    try {
      await app.command('activityLog.configureEndpoint', { endpoint: server.endpoint, name: 'Pages' });
      await app.command('activityLog.setToken', { token: server.token });
      await app.command('activityLog.setTimeRange', { preset: '7d' });
      await app.command('activityLog.setGrouping', { by: 'component' });
      await app.rows(/^cinder, 750 events/).click();
      const day = app.rows(/^\d{4}-\d\d-\d\d, .*[567]\d\d events/).first();
      await day.click();
      await app
        .rows(/, (succeeded|failed), /)
        .first()
        .waitFor();
      assert.match(
        (await app
          .rows(/, (succeeded|failed), /)
          .first()
          .getAttribute('aria-setsize')) ?? '',
        /^501$/,
      );
      const more = await app.moreRow();
      await more.click();
      await more.waitFor({ state: 'detached' });
      const size = Number(
        await app
          .rows(/, (succeeded|failed), /)
          .first()
          .getAttribute('aria-setsize'),
      );
      assert.ok(size > 501 && size <= 750, String(size));
    } finally {
      await server.stop();
    }
  });
});

describeNewest('in a folder that is not trusted', () => {
  const app = useWorkbench({ folder: 'media/sample', trusted: false });

  it('browses, and reads no file of the workspace', async () => {
    await app.showView();
    await app.command('activityLog.openSample');
    await app.rows(/^nova, /).waitFor();
    const eventId = await declaredServer(app);
    await assert.rejects(app.command('activityLog.goToUri', { eventId, target: 'code' }), /restricted mode/);
    const planted = path.join(app.folder, 'versions.tf');
    await assert.rejects(app.command('activityLog.importCredentials', { path: planted }), /not trusted are not read/);
  });
});
