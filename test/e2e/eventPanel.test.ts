import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { waitUntil } from './waitUntil';
import { toolkitReport, useWorkbench } from './workbench';

type Event = Readonly<Record<string, string>>;

describe('the event panel', () => {
  const app = useWorkbench({ folder: 'media/sample' });
  let frame: Frame;
  const at = (testId: string): Locator => frame.getByTestId(testId);

  async function events(filter: string): Promise<Event[]> {
    return app.exports<Event[]>('events', { filter, limit: 500 });
  }

  async function open(eventId: string | undefined): Promise<void> {
    await app.command('activityLog.openEvent', { eventId });
    frame = await app.webview();
    await waitUntil('the event', async () => (await at('event-id').textContent()) === eventId);
  }

  before(async () => {
    await app.command('activityLog.openSample');
  });

  it('shows who did what, when and how it ended', async () => {
    const [event] = await events('action = "vm-action" AND success = no');
    await open(event?.['event_id']);
    assert.equal(await at('action').textContent(), 'vm-action');
    assert.equal(await at('outcome').textContent(), 'failed');
    assert.match((await at('sentence').textContent()) ?? '', /^Tried to .+ server [\w-]+/);
    assert.ok(event?.['response_body']?.includes((await at('failure').textContent()) ?? '-'));
    assert.equal(await at('component').textContent(), 'nova');
    assert.equal(await at('user').textContent(), event?.['user_email'] ?? event?.['user_id']);
    assert.equal(await at('uri').textContent(), event?.['uri']);
    assert.equal(await at('request-id').textContent(), event?.['request_id']);
    assert.match((await at('timestamp').textContent()) ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  });

  it('shows the bodies and the whole record', async () => {
    const [event] = await events('action = "create-vm" AND success = yes');
    await open(event?.['event_id']);
    await at('tab-request').click();
    const shown = async (): Promise<string> => at('body').innerText();
    await waitUntil('the request', async () => (await shown()).includes('"flavorRef"'));
    await at('tab-response').click();
    await waitUntil('the response', async () => (await shown()).includes('"adminPass": "••••••'));
    await at('tab-raw').click();
    await waitUntil('the record', async () => (await shown()).includes(`"event_id": "${event?.['event_id'] ?? ''}"`));
  });

  it('reveals one secret at a time, and forgets it', async () => {
    const [event] = await app.exports<Event[]>('events', {
      filter: 'action = "create-vm" AND success = yes',
      limit: 1,
      redact: false,
    });
    const secret = /"adminPass":\s*"([^"]+)"/.exec(event?.['response_body'] ?? '')?.[1];
    assert.ok(secret);
    await open(event?.['event_id']);
    await at('tab-response').click();
    await at('reveal-secret').first().waitFor();
    assert.ok(!(await frame.content()).includes(secret));
    await at('reveal-secret').first().click();
    await waitUntil('the secret', async () => (await at('body').innerText()).includes(secret));
    await at('tab-request').click();
    await at('tab-response').click();
    await at('reveal-secret').first().waitFor();
    assert.ok(!(await frame.content()).includes(secret));
    await at('reveal-secret').first().click();
    await waitUntil('the secret again', async () => (await at('body').innerText()).includes(secret));
    const [other] = await events('action = "create-volume" AND success = yes');
    await open(other?.['event_id']);
    await open(event?.['event_id']);
    await at('reveal-secret').first().waitFor();
    assert.ok(!(await frame.content()).includes(secret));
  });

  it('copies the event without its secrets', async () => {
    const [event] = await app.exports<Event[]>('events', {
      filter: 'action = "create-vm" AND success = yes',
      limit: 1,
      redact: false,
    });
    const secret = /"adminPass":\s*"([^"]+)"/.exec(event?.['response_body'] ?? '')?.[1];
    assert.ok(secret);
    const clipboard = (): Promise<string> => app.evaluate((vscode) => vscode.env.clipboard.readText());
    await app.command('activityLog.copyMarkdown', { eventId: event?.['event_id'] });
    const markdown = await clipboard();
    assert.match(markdown, /^\*\*Created server .+\*\*\n/);
    assert.ok(!markdown.includes(secret) && markdown.includes(event?.['request_id'] ?? '-'), markdown);
    await open(event?.['event_id']);
    await frame.locator('#copy-as-curl').click();
    await waitUntil('the command', async () =>
      (await clipboard()).startsWith('curl -X POST "$OS_ENDPOINT"/v2.1/servers'),
    );
    await frame.locator('#copy-as-markdown').click();
    await waitUntil('the Markdown', async () => (await clipboard()) === markdown);
  });

  it('says what changed since the previous event of the same resource, and walks there and back by keyboard', async () => {
    const resizes = (await events('request_body : "resize" AND action = "vm-action"')).map(
      (event) => event['event_id'],
    );
    await at('tab-changes').click();
    let found = false;
    for (const eventId of resizes) {
      await open(eventId);
      await waitUntil('the comparison', async () => (await at('changes').getAttribute('aria-busy')) === 'false');
      found ||= /: .* → |added|removed/.test(await at('changes').innerText());
    }
    assert.ok(found, 'no resize shows a changed value');
    const here = await at('event-id').textContent();
    await at('previous').click();
    await waitUntil('the previous event', async () => (await at('event-id').textContent()) !== here);
    await frame.locator('body').press('Alt+ArrowRight');
    await waitUntil('the event again', async () => (await at('event-id').textContent()) === here);
  });

  it('comes back after a reload of the window, with its tab', async () => {
    const before = await at('event-id').textContent();
    await app.reload();
    frame = await app.webview();
    await waitUntil('the event', async () => (await at('event-id').textContent()) === before);
    assert.equal(await at('tab-changes').getAttribute('aria-selected'), 'true');
  });

  it('opens one panel for all events', async () => {
    const panels = app.page.frames().map((each) => each.getByTestId('event-panel').count());
    assert.equal(
      (await Promise.all(panels)).reduce((sum, count) => sum + count, 0),
      1,
    );
  });

  it('keeps to its content-security policy', () => {
    assert.ok(
      app.policyReports.some((report) => toolkitReport.test(report)),
      'not even the known report of the toolkit was seen',
    );
    // The toolkit sets one style attribute; VS Code reports some of its own.
    const others = app.policyReports.filter((report) => !toolkitReport.test(report));
    assert.deepEqual(others, []);
  });
});
