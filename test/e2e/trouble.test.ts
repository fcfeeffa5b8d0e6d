import assert from 'node:assert/strict';
import { fieldText, type ActivityEvent } from '../../src/core/event/event';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { makeEvents } from '../server/events';
import { startServer, type ServerOptions, type StandIn } from '../server/startServer';
import { describeNewest } from './environment';
import { silence, waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

const newest = Date.parse('2026-03-10T12:00:00Z');
const range = { from: '2026-03-10T00:00:00Z', to: '2026-03-10T23:59:59Z' };

describeNewest('trouble with the server', () => {
  const app = useWorkbench({
    folder: 'media/sample',
    settings: { 'activityLog.timeZone': 'utc', 'activityLog.pageSize': 100, 'activityLog.historyDays': 3650 },
  });
  const servers: StandIn[] = [];

  before(() => app.showView());
  after(() => Promise.all(servers.map((server) => server.stop())));

  const state = (): Promise<ActivityLogState> => app.exports('state');
  const button = (name: string): ReturnType<typeof app.view.getByRole> =>
    app.view.getByRole('button', { name, exact: true });

  /** A stand-in with 1,000 events of one morning, its connection set up, its token given. */
  const eventsOf = (seed: string): ActivityEvent[] => makeEvents(1_000, { newest, stepMs: 10_000, seed });
  async function connect(name: string, options: ServerOptions = {}): Promise<StandIn> {
    const server = await startServer({ events: eventsOf(name), ...options });
    servers.push(server);
    await app.command('activityLog.configureEndpoint', { endpoint: server.endpoint, name });
    await app.command('activityLog.setToken', { token: server.token });
    await app.command('activityLog.refresh'); // what setToken began
    return server;
  }

  it('names one component after the other where the server insists on it, and remembers', async () => {
    const server = await connect('Source required', { sourceRequired: true });
    await app.command('activityLog.setTimeRange', range);
    assert.equal((await state()).loaded, 1_000);
    const before = server.requests.length;
    await app.command('activityLog.setTimeRange', { ...range, from: '2026-03-09T00:00:00Z' });
    const asked = server.requests.slice(before).map(({ query }) => query['source']);
    assert.ok(asked.length > 0 && asked.every((source) => source !== undefined), String(asked));
  });

  it('goes on from the oldest timestamp when markers are refused', async () => {
    const server = await connect('Markers', {});
    server.fault({ kind: 'refuseMarker', status: 410, skip: 2, times: 3 });
    await app.command('activityLog.setTimeRange', range);
    assert.equal((await state()).loaded, 1_000);
  });

  it('survives slow answers, 429, 5xx, resets, cut-off bodies and web pages', async () => {
    const server = await connect('Faults', { seed: 'e2e' });
    server.fault({ kind: 'slow', ms: 50, chance: 0.2 });
    server.fault({ kind: 'status', status: 429, retryAfter: 1, times: 1, skip: 1 });
    server.fault({ kind: 'status', status: 503, times: 2, skip: 3 });
    server.fault({ kind: 'reset', at: 'body', times: 1, skip: 5 });
    server.fault({ kind: 'cut', framing: 'chunked', times: 1, skip: 7 });
    server.fault({ kind: 'cut', framing: 'clean', times: 1, skip: 9 });
    server.fault({ kind: 'html', times: 1, skip: 11 });
    await app.command('activityLog.setTimeRange', range);
    const { loaded, complete } = await state();
    assert.deepEqual({ loaded, complete }, { loaded: 1_000, complete: true });
    assert.ok(server.requests.length > 17, 'not every fault was met');
  });

  it('does not carry the token to another address', async () => {
    const other = await startServer();
    servers.push(other);
    const server = await connect('Redirect');
    server.fault({ kind: 'redirect', to: `${other.endpoint}/logs` });
    await assert.rejects(app.command('activityLog.setTimeRange', range), /not followed/);
    assert.deepEqual(other.requests, []);
  });

  it('shows what failed for good as a gap that can be tried again', async () => {
    const server = await connect('Gap');
    server.fault({ kind: 'status', status: 500, skip: 4 });
    await assert.rejects(app.command('activityLog.setTimeRange', range), /500/);
    const { complete, gaps, loaded } = await state();
    assert.equal(complete, false);
    // Each slice that failed has one; together they tell all that is missing.
    const times = eventsOf('Gap').map((event) => Date.parse(fieldText(event, 'timestamp')));
    const isMissing = (time: number): boolean =>
      gaps.some(({ range: { from, to } }) => time >= Date.parse(from) && time < Date.parse(to));
    assert.ok(
      loaded > 0 && times.filter((time) => !isMissing(time)).length <= loaded && loaded < 1_000,
      String(loaded),
    );
    const gap = app.rows(/^Missing: .*500.*Retry/).first();
    await gap.waitFor();
    await app.screenshot('gap');
    server.clearFaults();
    await gap.click();
    await waitUntil('the whole range', async () => ((await state()).complete ? true : undefined));
    assert.equal((await state()).loaded, 1_000);
    await gap.waitFor({ state: 'detached' });
  });

  it('counts records that cannot be read, and shows all others', async () => {
    const server = await connect('Unreadable');
    server.fault({ kind: 'notRecords', times: 1 });
    await app.command('activityLog.setTimeRange', range);
    await app.view.getByText(/records could not be read/).waitFor();
  });

  it('asks once for a new token and then goes on with the same requests', async () => {
    const server = await connect('Expiring');
    server.tokens.revokeAll();
    const first = server.tokens.issue({ requests: 5 });
    await app.command('activityLog.setToken', { token: first });
    const done = app.command('activityLog.setTimeRange', range);
    await app.view.getByText(/The server refused the token/).waitFor();
    const notifications = await app.notified(/refused the token of "Expiring"/);
    assert.equal(await notifications.count(), 1);
    assert.ok((await state()).loaded > 0);
    await silence(server, 1_000);
    await app.command('activityLog.setToken', { token: server.tokens.issue() });
    await done;
    const { loaded, complete } = await state();
    assert.deepEqual({ loaded, complete }, { loaded: 1_000, complete: true });
    const ends = server.requests
      .filter(({ query }) => query['from']?.startsWith('2026-03-'))
      .map(({ query }) => query['to'] ?? '');
    assert.equal(ends.toSorted().at(-1), ends[0], `the end of the range moved: ${ends.join(' ')}`);
  });

  it('says which role is missing', async () => {
    const server = await connect('Forbidden');
    server.fault({ kind: 'status', status: 403 });
    await assert.rejects(app.command('activityLog.setTimeRange', range));
    await app.view.getByText(/does not let you read the activity log \(403\)/).waitFor();
    await button('Try Again').waitFor();
  });

  it('says that the endpoint is wrong', async () => {
    const server = await connect('Wrong endpoint');
    server.fault({ kind: 'status', status: 404 });
    await assert.rejects(app.command('activityLog.setTimeRange', range));
    await button('Change Endpoint').waitFor();
  });

  it('says that the server cannot be reached', async function () {
    const server = await connect('Offline');
    await server.stop();
    await assert.rejects(app.command('activityLog.setTimeRange', range));
    await app.view.getByText(/cannot be reached/).waitFor();
    await app.page.getByRole('button', { name: /Activity Log connection Offline.*There is no answer/ }).waitFor();
    await button('Try Again').waitFor();
    await app.screenshot('offline');
  });

  it('says that nothing happened in the range', async () => {
    await connect('Empty', { events: [] });
    await app.command('activityLog.setTimeRange', range);
    await button('Set Time Range').waitFor();
  });

  it('can be stopped, keeps what came, and goes on later', async () => {
    const server = await connect('Stopped');
    server.fault({ kind: 'slow', ms: 1_000 });
    const load = app.command('activityLog.setTimeRange', range);
    await waitUntil('half of the events', async () => ((await state()).loaded >= 500 ? true : undefined));
    const ended = assert.rejects(load, { name: 'Canceled' });
    await app.command('activityLog.stopLoading');
    await ended;
    const { loaded, complete } = await state();
    assert.equal(complete, false);
    assert.ok(loaded < 1_000);
    server.clearFaults();
    const before = server.requests.length;
    await app.command('activityLog.refresh');
    assert.equal((await state()).loaded, 1_000);
    assert.ok(server.requests.length - before < 10, `${server.requests.length - before} requests`);
  });

  it('keeps connections apart', async () => {
    await app.command('activityLog.switchConnection', { name: 'Faults' });
    assert.equal((await state()).loaded, 1_000);
    await app.command('activityLog.switchConnection', { name: 'Empty' });
    assert.equal((await state()).loaded, 0);
    await assert.rejects(app.command('activityLog.switchConnection', { name: 'None' }), /Faults/);
  });
});
