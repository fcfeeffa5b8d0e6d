import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fieldText, type ActivityEvent } from '../../src/core/event/event';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { documentedAnswer, documentedEvents, makeEvents, vendorEvents } from '../server/events';
import { startServer, type StandIn } from '../server/startServer';
import { findLeaks } from './findLeaks';
import { waitUntil } from './waitUntil';
import { toolkitReport, useWorkbench } from './workbench';

const month = { from: '2021-07-01T00:00:00Z', to: '2021-07-31T23:59:59Z' };

describe('the main way, from the endpoint to the event', () => {
  const app = useWorkbench({
    folder: 'media/sample',
    settings: { 'activityLog.timeZone': 'utc', 'activityLog.historyDays': 3650 },
  });
  let server: StandIn;

  before(async () => {
    const newest = Date.parse('2021-07-16T13:00:00Z');
    const events = makeEvents(2_400, { newest, stepMs: 60_000, seed: 'main way' });
    server = await startServer({ events: [...documentedEvents, ...vendorEvents, ...events] });
    await app.showView();
  });
  after(() => server.stop());

  const state = (): Promise<ActivityLogState> => app.exports('state');

  it('says that nothing is set up and offers to do it', async () => {
    await app.view.getByRole('button', { name: 'Set Up Connection' }).waitFor();
  });

  it('refuses an endpoint that would show the token to the network', async () => {
    await assert.rejects(
      app.command('activityLog.configureEndpoint', { endpoint: `http://192.0.2.1/v1/${server.projectId}` }),
      /https/,
    );
  });

  it('takes the endpoint, then asks for a token', async () => {
    await app.command('activityLog.configureEndpoint', { endpoint: `${server.endpoint}/logs?limit=1`, name: 'Test' });
    await app.view.getByRole('button', { name: 'Set Token' }).waitFor();
  });

  it('refuses a token that the server refuses, and keeps the right one', async () => {
    await assert.rejects(app.command('activityLog.setToken', { token: 'wrong' }), /token/);
    await app.command('activityLog.setToken', { token: server.token });
  });

  it('loads a range of exact times', async () => {
    await app.command('activityLog.setTimeRange', month);
    const { complete, gaps, loaded, connection } = await state();
    assert.deepEqual(
      { complete, gaps, loaded, connection },
      {
        complete: true,
        gaps: [],
        loaded: 2_402,
        connection: { name: 'Test', kind: 'http' },
      },
    );
  });

  it('sends limit, from and to with every request, and takes gzip', () => {
    const logs = server.requests.filter(({ route }) => route === 'logs');
    assert.ok(logs.length > 3);
    for (const { query } of logs) for (const name of ['limit', 'from', 'to']) assert.ok(query[name], name);
    assert.ok(logs.every(({ headers }) => headers['accept-encoding'] === 'gzip'));
  });

  it('shows component, day and event', async () => {
    await app.rows(/^new, 1 event/).click();
    await app.rows(/^2021-07-14, Wednesday, 1 event/).click();
    await app.rows(/^vm-action, succeeded, 21:52:20, example@mcs.mail.ru, POST \/v2.1\/servers/).waitFor();
  });

  it('groups by day', async () => {
    await app.command('activityLog.setGrouping', { by: 'day' });
    await app.rows(/^2021-07-15, Thursday, 1,440 events/).click();
    await app.rows(/^neutron, /).waitFor();
    await app.command('activityLog.setGrouping', { by: 'component' });
    await app.rows(/^nova, /).waitFor();
  });

  it('gives the documented answer byte for byte', async () => {
    const query = { redact: false, filter: 'user_email="example@mcs.mail.ru"' };
    const events = await app.exports<ActivityEvent[]>('events', query);
    assert.equal(JSON.stringify({ logs: events }), documentedAnswer);
  });

  it('gives the shapes of the newer documentation byte for byte', async () => {
    await app.command('activityLog.setTimeRange', { from: '2023-05-01T00:00:00Z', to: '2023-05-31T00:00:00Z' });
    const events = await app.exports<ActivityEvent[]>('events', { redact: false });
    assert.deepEqual(events, vendorEvents);
    assert.equal(JSON.stringify(events), JSON.stringify(vendorEvents));
    const masked = JSON.stringify(await app.exports('events'));
    assert.ok(!masked.includes('Zq8vT3mKp1'));
    await app.command('activityLog.setTimeRange', month);
  });

  it('filters, and says where a filter cannot be read', async () => {
    await app.command('activityLog.setFilter', { query: 'source=neutron AND uri:floatingips' });
    assert.equal((await state()).loaded, 1);
    await assert.rejects(app.command('activityLog.setFilter', { query: 'colour=red' }), /colour/);
    assert.equal((await state()).filter, 'source=neutron AND uri:floatingips');
    await app.command('activityLog.setFilter', { query: 'action=nothing' });
    await app.view.getByRole('button', { name: 'Clear Filter' }).waitFor();
    await app.command('activityLog.clearFilter');
    assert.equal((await state()).loaded, 2_402);
  });

  it('opens the event in the panel', async () => {
    const [event] = documentedEvents;
    assert.ok(event);
    await app.command('activityLog.openEvent', { eventId: event['event_id'] });
    const panel = await app.webview();
    const text = async (id: string): Promise<string> => (await panel.getByTestId(id).innerText()).trim();
    assert.equal(await text('action'), 'create-floating-ip');
    assert.match(await text('outcome'), /succeeded/);
    assert.equal(await text('component'), 'neutron');
    assert.equal(await text('user'), 'example@mcs.mail.ru');
    assert.match(await text('timestamp'), /2021-07-16 13:13:20/);
    assert.match(await text('uri'), /\/v2\.0\/floatingips/);
    assert.match(await text('body'), /\{\}/);
    await panel.getByTestId('tab-raw').click();
    await panel.getByTestId('body').getByText('9840e233-6717-44d3-af7d-7a68837ee893').waitFor();
    await panel.getByTestId('tab-changes').click();
    await panel.getByTestId('changes').waitFor();
  });

  it('opens a body as a document and compares two events', async () => {
    const [left, right] = documentedEvents.map((event) => event['event_id']);
    await app.command('activityLog.openBody', { eventId: left, part: 'event' });
    const text = await app.evaluate((vscode) => vscode.window.activeTextEditor?.document.getText());
    assert.match(String(text), /"action": "create-floating-ip"/);
    await app.command('activityLog.compareEvents', { left, right, part: 'event' });
    const label = await waitUntil('the diff editor', () =>
      app.evaluate((vscode) => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return input instanceof vscode.TabInputTextDiff ? input.original.scheme : undefined;
      }),
    );
    assert.equal(label, 'activity-log');
  });

  it('shows the history of a resource across components', async () => {
    const [event] = await app.exports<ActivityEvent[]>('events', { filter: 'source=nova', limit: 1 });
    const id = /servers\/([^/]+)/.exec(fieldText(event ?? {}, 'uri'))?.[1];
    assert.ok(id);
    await app.command('activityLog.showResourceHistory', { resourceId: id });
    const { loaded } = await state();
    assert.ok(loaded > 0 && loaded < 2_402, String(loaded));
    await app.command('activityLog.clearFilter');
  });

  it('exports every format of the current view', async () => {
    for (const format of ['xlsx', 'xls', 'csv', 'tsv', 'json', 'ndjson', 'markdown']) {
      const target = path.join(app.folder, `export.${format}`);
      const result = await app.command('activityLog.export', { format, path: target, redact: false });
      assert.deepEqual(result, { path: target, events: 2_402 });
    }
    const json = JSON.parse(await readFile(path.join(app.folder, 'export.json'), 'utf8')) as { logs: ActivityEvent[] };
    assert.deepEqual(json.logs, await app.exports('events', { redact: false }));
    const leftovers = (await readdir(app.folder)).filter((name) => /export.*tmp|^\..*export/.test(name));
    assert.deepEqual(leftovers, []);
  });

  it('copies the address of an event, and shows the resource as it is now', async () => {
    const [event] = documentedEvents;
    assert.ok(event);
    await app.command('activityLog.goToUri', { eventId: event['event_id'], target: 'copy' });
    assert.match(await app.evaluate((vscode) => vscode.env.clipboard.readText()), /\/v2\.0\/floatingips$/);
    const id = documentedEvents[1]?.['event_id'];
    server.setResource('/v2.1/servers/912gd12d9gd912', { server: { id: '912gd12d9gd912', status: 'ACTIVE' } });
    const asked = app.command('activityLog.goToUri', { eventId: id, target: 'live' });
    await app.answer(`${server.url}/v2.1`);
    await asked;
    const shown = await app.evaluate((vscode) => vscode.window.activeTextEditor?.document.getText());
    assert.match(String(shown), /"status": "ACTIVE"/);
    await app.page.getByRole('button', { name: 'Compare with what the event sent' }).click();
    const compared = await waitUntil('the comparison', () =>
      app.evaluate((vscode) => {
        const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
        return input instanceof vscode.TabInputTextDiff ? [input.original.path, input.modified.authority] : undefined;
      }),
    );
    assert.match(compared.join(' '), /^\/vm-action request .* answer$/);
  });

  it('survives a reload of the window, also without network', async () => {
    await server.stop();
    await app.reload();
    await app.showView();
    await app.rows(/^neutron, /).waitFor();
    const events = await app.exports<ActivityEvent[]>('events', { redact: false, filter: 'source=new' });
    assert.deepEqual(events, documentedEvents.slice(1));
    await app.webview();
  });

  it('keeps the token out of everything it writes', async () => {
    assert.deepEqual(await findLeaks(app, [server.token]), []);
  });

  it('signs out and forgets', async () => {
    await app.command('activityLog.signOut', { forget: true });
    await app.view.getByRole('button', { name: 'Set Up Connection' }).waitFor();
    const files = await readdir(
      path.join(app.userData, 'User/globalStorage/activity-log.vk-cloud-activity-log/history'),
    );
    assert.deepEqual(files, []);
  });

  it('reports no violation of a content-security policy but the toolkit’s known one', () => {
    assert.ok(
      app.policyReports.some((report) => toolkitReport.test(report)),
      'not even the known report of the toolkit was seen',
    );
    assert.deepEqual(
      app.policyReports.filter((report) => !toolkitReport.test(report)),
      [],
    );
  });
});
