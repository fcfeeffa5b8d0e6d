import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { ActivityEvent } from '../../src/core/event/event';
import type { ActivityLogState } from '../../src/host/status/publicApi';
import { makeEvent, makeEvents } from '../server/events';
import { startServer, type StandIn } from '../server/startServer';
import { describeNewest } from './environment';
import { silence, waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

const events = 6_600;

describeNewest('following what happens', () => {
  const app = useWorkbench({
    folder: 'media/sample',
    // All of this is about one day: a zone where midnight is far.
    timeZone: new Date().getUTCHours() < 12 ? 'Etc/GMT-10' : 'Etc/GMT+6',
    settings: {
      'activityLog.defaultRange': '24h',
      'activityLog.autoRefreshSeconds': 1,
    },
  });
  let server: StandIn;
  let happened = 0;

  /** Lets so many events of one component happen just now. */
  function happen(count: number, part: Partial<ActivityEvent> = {}): void {
    const newest = Date.now();
    server.addEvents(
      Array.from({ length: count }, () => ({
        ...makeEvent(0, { newest, stepMs: 1, seed: `new ${++happened}` }),
        source: 'nova',
        action: `new-${happened}`,
        success: 'yes',
        ...part,
      })),
    );
  }

  const loaded = async (): Promise<number> => (await app.exports<ActivityLogState>('state')).loaded;
  const selected = (): Locator => app.view.locator('.monaco-list-row.selected');
  const scrollTop = (): Promise<string> =>
    app.view.locator('.monaco-list-rows').evaluate((rows) => (rows as unknown as { style: { top: string } }).style.top);
  /** What the icon in the activity bar says. */
  const badge = (): Locator => app.page.locator('.activitybar .badge-content:visible');

  before(async () => {
    server = await startServer({
      events: makeEvents(events, { newest: Date.now() - 300_000, stepMs: 100, seed: 'follow' }),
    });
    await app.showView();
    await app.command('activityLog.configureEndpoint', { endpoint: server.endpoint, name: 'Follow' });
    await app.command('activityLog.setToken', { token: server.token });
    await waitUntil('all events', async () => (await loaded()) === events);
  });
  after(() => server.stop());

  it('shows new events at the top and leaves all else where it is, beyond the first page too', async () => {
    await app.rows(/^nova, 1,100 events/).click();
    await app.rows(/^\d{4}-\d\d-\d\d, .*1,100 events/).click();
    await app
      .rows(/, (succeeded|failed), /)
      .first()
      .waitFor();
    await app.page.keyboard.press('ArrowRight'); // to its first event
    await (await app.moreRow()).click();
    const row = selected();
    await waitUntil('the first row of the next page', async () =>
      /, (succeeded|failed), /.test((await row.getAttribute('aria-label')) ?? ''),
    );
    assert.equal(await row.getAttribute('aria-posinset'), '501');
    const [label, top] = [await row.getAttribute('aria-label'), await scrollTop()];
    await app.screenshot('follow-before');

    happen(7);
    await waitUntil('the new events', async () => (await row.getAttribute('aria-posinset')) === '508');
    assert.equal(await loaded(), events + 7);
    assert.equal(await row.getAttribute('aria-label'), label);
    assert.equal(await scrollTop(), top);
    assert.equal(await row.getAttribute('aria-setsize'), '1008'); // two pages, what came, and "Show more"
    await app.page.keyboard.press('Home');
    await app.rows(/^new-7, succeeded/).waitFor();
    await app.rows(/^nova, 1,107 events/).waitFor();
    await app.view.getByText(/Complete: 6,607 events/).waitFor(); // and never "Loading…" again and again
    await app.screenshot('follow-after');
  });

  it('counts failures that nobody has looked at on its badge, old ones never', async () => {
    assert.equal(await badge().count(), 0);
    happen(2, { success: 'no', source: 'glance' });
    happen(1, { success: 'yes', source: 'glance' });
    await waitUntil('the badge', async () => (await badge().allInnerTexts())[0] === '2');
    const [failed] = await app.exports<ActivityEvent[]>('events', { filter: 'success=no AND action:new', limit: 1 });
    await app.command('activityLog.openEvent', { eventId: failed?.['event_id'] });
    await waitUntil('one less', async () => (await badge().allInnerTexts())[0] === '1');
    await app.screenshot('badge');
    happen(1, { success: 'no' });
    await waitUntil('the next one', async () => (await badge().allInnerTexts())[0] === '2');
    await app.rows(/^new-\d+, failed/).waitFor();
    // It stands in an open list; the other one is in a closed one.
    await waitUntil('what was on show some seconds', async () => (await badge().allInnerTexts())[0] === '1');
    await app.command('activityLog.setFilter', { query: 'source=nova' });
    await badge().waitFor({ state: 'detached' });
    await app.command('activityLog.clearFilter');
  });

  it('rests while its view is hidden, and looks once when it comes back', async () => {
    const seconds = 5;
    await app.evaluate(
      ({ workspace }, seconds) => workspace.getConfiguration('activityLog').update('autoRefreshSeconds', seconds, true),
      seconds,
    );
    await app.command('workbench.view.explorer');
    await app.view.waitFor({ state: 'hidden' });
    await silence(server, seconds * 1_200);
    happen(1);
    const count = await loaded();
    const shown = Date.now();
    await app.showView();
    await waitUntil('the new event', async () => (await loaded()) === count + 1);
    assert.ok(Date.now() - shown < seconds * 1_000, 'it did not look at once');
    await app.rows(/^nova, 1,109 events/).waitFor();
  });
});
