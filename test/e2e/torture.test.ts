import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../src/sample/random';
import { resourceOf } from '../../src/core/event/resources';
import { fieldText, type ActivityEvent } from '../../src/core/event/event';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { makeEvents } from '../server/events';
import { startServer, type StandIn } from '../server/startServer';
import { describeNewest } from './environment';
import { waitUntil } from './waitUntil';
import { useWorkbench, type Workbench } from './workbench';

/** How often the extension host is killed; `npm run torture` does it 50 times. */
const kills = Number(process.env['KILLS'] ?? 10);
const newest = Date.parse('2026-03-10T12:00:00Z');
const range = { from: '2026-01-01T00:00:00Z', to: '2026-03-10T23:59:59Z' };
const settings = { 'activityLog.timeZone': 'utc', 'activityLog.pageSize': 50, 'activityLog.historyDays': 3650 };

// What is tested here is the history's work and takes its time: one version will do.
describeNewest('torture', () => {
  const app = useWorkbench({ settings });
  const servers: StandIn[] = [];
  before(() => app.showView());
  after(() => Promise.all(servers.map((server) => server.stop())));

  /** A connection to a slow server with these events, in use; an empty range is chosen. */
  async function connect(name: string, events: readonly ActivityEvent[], ms: number): Promise<StandIn> {
    const server = await startServer({ events });
    servers.push(server);
    server.fault({ kind: 'slow', ms });
    await app.command('activityLog.configureEndpoint', { endpoint: server.endpoint, name });
    await app.command('activityLog.setToken', { token: server.token });
    await app.command('activityLog.setTimeRange', { from: '2001-01-01T00:00:00Z', to: '2001-01-01T00:00:01Z' });
    return server;
  }

  const storage = (): string => path.join(app.userData, 'User', 'globalStorage', 'activity-log.vk-cloud-activity-log');
  const state = (window = app): Promise<ActivityLogState> => window.exports('state');

  /** The window shows all of `events`, each as received, counted and found by id and by resource. */
  async function assertHolds(window: Workbench, events: readonly ActivityEvent[]): Promise<void> {
    assert.deepEqual(await window.exports('events', { redact: false }), events);
    const { loaded, complete, gaps } = await state(window);
    assert.deepEqual({ loaded, complete, gaps }, { loaded: events.length, complete: true, gaps: [] });
    for (let index = 7; index < events.length; index += Math.ceil(events.length / 10)) {
      const event = events[index]!;
      const eventId = fieldText(event, 'event_id');
      await window.command('activityLog.openBody', { eventId, part: 'event' });
      const text = await window.evaluate((vscode) => vscode.window.activeTextEditor?.document.getText());
      assert.equal((JSON.parse(text ?? '') as ActivityEvent)['event_id'], eventId);
      const { all } = resourceOf(event);
      await window.command('activityLog.showResourceHistory', { resourceId: all[0] });
      const life = events.filter((other) => resourceOf(other).all.includes(all[0]!));
      assert.deepEqual(await window.exports('events', { redact: false }), life);
      await window.command('activityLog.clearFilter');
    }
    await window.command('workbench.action.closeAllEditors');
  }

  it(`loses nothing when its process is killed ${kills} times at random moments of a load`, async () => {
    const events = makeEvents(500 * kills, { newest, stepMs: 10_000, seed: 'killed', recurring: true });
    const server = await connect('Killed', events, 250);
    const random = new Random('kills');
    app.command('activityLog.setTimeRange', range).catch(() => undefined);
    for (let kill = 0; kill < kills; kill++) {
      const requests = server.requests.length;
      await waitUntil('the load', () => server.requests.length > requests);
      await sleep(random.next() * 750);
      await app.crash();
    }
    const requests = server.requests.length;
    await waitUntil('the load, which no kill came too late for', () => server.requests.length > requests + 8);
    server.clearFaults();
    await waitUntil('the whole range', async () => (await state()).complete);
    await assertHolds(app, events);
    // All is known to be there, and no claim of a dead process holds anything up.
    const before = server.requests.length;
    const refresh = async (): Promise<number> => {
      const start = performance.now();
      await app.command('activityLog.refresh');
      return performance.now() - start;
    };
    const first = await refresh();
    assert.ok(server.requests.length - before <= 2, `${server.requests.length - before} more requests`);
    // A dead process's claim would hold it up for six seconds.
    assert.ok(first < (await refresh()) + 6_000);
  }).timeout(300_000 + kills * 60_000);

  it('loads once for two windows, and both find, filter and open while it does', async () => {
    const events = makeEvents(4_000, { newest, stepMs: 10_000, seed: 'two', recurring: true });
    const server = await connect('Two windows', events, 200);
    const other = await app.openWindow();
    await other.showView();
    await other.command('activityLog.switchConnection', { name: 'Two windows' });
    const asked = server.requests.length;
    let isLoading = true;
    const loads = Promise.all([app, other].map((window) => window.command('activityLog.setTimeRange', range))).finally(
      () => (isLoading = false),
    );
    const works = [app, other].map(async (window) => {
      let found = 0;
      for (let turn = 0; isLoading; turn++) {
        const filter = turn % 2 ? '"no such text"' : 'source=nova';
        const some = await window.exports<ActivityEvent[]>('events', { filter, limit: 50 });
        const [first] = await window.exports<ActivityEvent[]>('events', { limit: 1 });
        if (first) await window.command('activityLog.openBody', { eventId: first['event_id'], part: 'event' });
        found += some.length;
        await state(window);
      }
      return found;
    });
    await loads;
    for (const found of await Promise.all(works)) assert.ok(found > 0);
    const queries = server.requests.slice(asked).map(({ query }) => JSON.stringify(query));
    assert.deepEqual(
      queries.filter((query, index) => queries.indexOf(query) !== index),
      [],
      'requests that were sent twice',
    );
    const needed = events.length / settings['activityLog.pageSize'];
    assert.ok(queries.length < 1.5 * needed, `${queries.length} requests instead of ${needed}`);
    for (const window of [app, other]) {
      await assertHolds(window, events);
      assert.equal(await (await window.notifications(/locked|another window|went wrong/i)).count(), 0);
    }
    await other.page.close();
  });

  it('says when the disk is full and what to do, shows what is stored, and goes on once there is room', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    const folder = path.join(storage(), 'history');
    await mkdir(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    try {
      const events = makeEvents(3_000, { newest, stepMs: 10_000, seed: 'full', bytes: 8_000 });
      await connect('Full', events, 0);
      await assert.rejects(app.command('activityLog.setTimeRange', range), /disk is full.*free some space and refresh/);
      const { complete, gaps, loaded } = await state();
      assert.ok(!complete && loaded > 0 && loaded < events.length, `${loaded} events`);
      assert.ok(
        gaps.some(({ reason }) => /disk is full/.test(reason)),
        JSON.stringify(gaps),
      );
      await app.rows(/^nova, /).waitFor();
      await app.view
        .getByText(/disk is full/)
        .first()
        .waitFor();
      execFileSync('mount', ['-o', 'remount,size=100m', folder]);
      await app.command('activityLog.refresh');
      await assertHolds(app, events);
    } finally {
      execFileSync('umount', ['-l', folder]);
    }
  });

  it('sets a file aside that is damaged while it is open, says so, and loads again by itself', async () => {
    const events = makeEvents(1_000, { newest, stepMs: 10_000, seed: 'damaged' });
    await connect('Damaged', events, 0);
    await app.command('activityLog.setTimeRange', range);
    const folder = path.join(storage(), 'history');
    const times = await Promise.all(
      (await readdir(folder))
        .filter((name) => name.endsWith('.sqlite'))
        .map(async (name) => ({ name, at: (await stat(path.join(folder, name))).birthtimeMs })),
    );
    const { name } = times.sort((a, b) => b.at - a.at)[0]!;
    const file = path.join(folder, name);
    // What another process adds makes the extension read the file again.
    const database = new DatabaseSync(file);
    database.exec("INSERT INTO metadata VALUES ('test', '')");
    for (const part of [file, `${file}-wal`]) await writeFile(part, Buffer.alloc((await stat(part)).size, 'damaged '));
    await assert.rejects(app.exports('events', {}), new RegExp(`damaged.*set aside as ${name}`));
    await app.notified(/stored history was damaged.*events are loaded again/);
    await waitUntil('the events again', async () => (await state()).loaded === events.length);
    await app.command('activityLog.refresh');
    await assertHolds(app, events);
    assert.ok((await readdir(folder)).some((other) => other.startsWith(`${name}.damaged-`)));
  });
});
