import assert from 'node:assert/strict';
import { fieldText } from '../../src/core/event/event';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { makeEvent, makeEvents } from '../server/events';
import { startServer, type StandIn } from '../server/startServer';
import { describeNewest } from './environment';
import { waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

const password = 'correct horse';
const hour = 3_600_000;
const sees = ['neutron', 'nova'];

describeNewest('who sees what', () => {
  const app = useWorkbench();
  const series = { newest: Date.now() - 10 * 60_000, stepMs: 60_000, seed: 'who sees what' };
  const events = makeEvents(100, series);
  const seen = events.filter((event) => sees.includes(fieldText(event, 'source'))).length;
  let server: StandIn;
  let late = 0;

  before(async () => {
    server = await startServer({
      events,
      users: [
        { name: 'vera', password, domain: 'users', role: 'mcs_admin_network', sees },
        { name: 'adam', password, domain: 'users', role: 'mcs_admin' },
      ],
    });
    await app.showView();
  });
  after(() => server.stop());

  const state = (): Promise<ActivityLogState> => app.exports('state');
  const known = async () => {
    const { complete, loaded, roles, visibility } = await state();
    return { complete, loaded, roles, visibility };
  };
  const requests = () => server.requests.filter(({ route }) => route === 'logs').length;
  async function signIn(username: string): Promise<void> {
    await app.command('activityLog.signIn', { authUrl: server.authUrl, username, password, userDomain: 'users' });
    await app.command('activityLog.refresh');
  }
  /** An event that is in the log only now, so long after it happened. */
  function arriveLate(ms: number): void {
    server.addEvents([
      { ...makeEvent(0, { ...series, newest: Date.now() - ms, seed: `late ${++late}` }), source: 'nova' },
    ]);
  }

  it('is complete as far as the roles of the user show, and says so', async () => {
    await signIn('vera');
    assert.deepEqual(await known(), {
      complete: true,
      loaded: seen,
      roles: ['mcs_admin_network'],
      visibility: 'partial',
    });
    await app.view.getByText(/the roles of this user show a part of the log only/).waitFor();
    await app.page
      .getByRole('button', { name: /Activity Log connection.*roles of this user \(mcs_admin_network\) show a part/ })
      .waitFor();
    const { report } = await app.command<{ report: string }>('activityLog.testConnection', {});
    assert.match(report, /mcs_admin_network\) show a part of the events only/);
  });

  it('asks again for somebody else on the same connection, keeps all, and asks no more when the first one is back', async () => {
    await signIn('adam');
    assert.deepEqual(await known(), { complete: true, loaded: 100, roles: ['mcs_admin'], visibility: 'all' });
    await app.view.getByText(/Complete: 100 events$/).waitFor();
    const before = requests();
    await signIn('vera');
    assert.deepEqual(await known(), {
      complete: true,
      loaded: 100,
      roles: ['mcs_admin_network'],
      visibility: 'partial',
    });
    const asked = server.requests.filter(({ route }) => route === 'logs').slice(before);
    const oldest = Date.now() - 25 * hour;
    for (const { query } of asked) assert.ok(Date.parse(query['from'] ?? '') > oldest, `asked from ${query['from']}`);
    await signIn('adam');
  });

  it('finds what arrived late with Load Again, and says that all is complete meanwhile', async () => {
    arriveLate(3 * hour);
    await app.command('activityLog.refresh');
    assert.equal((await state()).loaded, 100);
    const from = new Date(Date.now() - 4 * hour).toISOString();
    await app.command('activityLog.loadAgain', { from, to: new Date(Date.now() - 2 * hour).toISOString() });
    assert.deepEqual([(await state()).loaded, (await state()).complete], [101, true]);
    arriveLate(5 * hour);
    await app.command('activityLog.loadAgain');
    assert.equal((await state()).loaded, 102);
    await assert.rejects(app.command('activityLog.loadAgain', { from: 'yesterday' }), /RFC 3339/);
  });

  it('does not know what an unknown token shows, keeps what is loaded, and offers to load again', async () => {
    await app.command('activityLog.configureEndpoint', {
      endpoint: server.endpoint.replace('/auditlogs', ''),
      name: 'By hand',
    });
    const owner = { userId: 'vera-id', roles: [], sees };
    await app.command('activityLog.setToken', { token: server.tokens.issue({ owner }) });
    await app.command('activityLog.refresh');
    assert.deepEqual(await known(), { complete: true, loaded: seen + 2, roles: undefined, visibility: 'unknown' });
    await app.view.getByText(/as far as this user may see/).waitFor();
    await app.command('activityLog.setToken', { token: server.tokens.issue() });
    await app.command('activityLog.refresh');
    assert.deepEqual([(await state()).loaded, (await state()).complete], [seen + 2, true]);
    await app.notified(/not known whose the new token of "By hand" is/);
    await app.page.getByRole('button', { name: 'Load Again', exact: true }).first().click();
    await waitUntil('all events', async () => (await state()).loaded === 102);
  });

  it('names the roles that open the log where it does not open', async () => {
    const token = server.tokens.issue({ forbidden: true });
    await assert.rejects(
      app.command('activityLog.setToken', { token }),
      /viewer, administrator, junior administrator, project administrator/,
    );
  });

  it('sees all that the sample holds', async () => {
    await app.command('activityLog.openSample');
    const { complete, roles, visibility } = await known();
    assert.deepEqual({ complete, roles, visibility }, { complete: true, roles: undefined, visibility: 'all' });
  });

  it('finds what arrived late with the first refresh of a session', async () => {
    await app.command('activityLog.switchConnection', { name: 'By hand' });
    arriveLate(20 * hour);
    await app.command('activityLog.refresh');
    await waitUntil('the event that arrived late', async () => (await state()).loaded === 103);
  });
});
