import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { describeNewest } from './environment';
import { waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

const server = 'c6be363f-f56c-4b0e-9d0a-2f5a6f0c7e11';

const tags = Array.from({ length: 40 }, (_, index) => `tag-${index}`);

/** The life of a server, oldest first. */
const life = [
  {
    action: 'create-vm',
    request: {
      server: {
        name: 'web',
        adminPass: 'first-secret',
        flavorRef: 'STD2-2-4',
        groups: [
          { name: 'a', port: 1 },
          { name: 'b', port: 2 },
        ],
      },
    },
  },
  { action: 'stop-vm', request: '' },
  {
    action: 'update-vm',
    request: {
      server: {
        meta: JSON.stringify({ env: 'test' }),
        groups: [
          { port: 2, name: 'b' },
          { name: 'a', port: 22 },
          { name: 'c', port: 3 },
        ],
        flavorRef: 'STD4-8-16',
        adminPass: 'second-secret',
        tags,
      },
    },
  },
  {
    action: 'update-vm',
    request: {
      server: {
        tags: tags.with(30, 'changed'),
        groups: [
          { name: 'a', port: 22 },
          { port: 2, name: 'b' },
          { name: 'c', port: 3 },
        ],
        meta: JSON.stringify({ env: 'live' }),
        flavorRef: 'STD4-8-16',
        adminPass: 'second-secret',
      },
    },
  },
].map(({ action, request }, index) => ({
  timestamp: `2026-11-20T1${index}:00:00Z`,
  source: 'nova',
  action,
  success: 'yes',
  method: 'POST',
  uri: `/v2.1/servers/${server}/action`,
  user_email: `user${index}@example.test`,
  event_id: `event-${index}`,
  request_body: typeof request === 'string' ? request : JSON.stringify(request),
  response_body: '',
}));

describeNewest('the changes', () => {
  const app = useWorkbench({ folder: 'media/sample', settings: { 'activityLog.timeZone': 'utc' } });
  let frame: Frame;
  const at = (testId: string): Locator => frame.getByTestId(testId);

  async function open(eventId: string): Promise<void> {
    await app.command('activityLog.openEvent', { eventId });
    frame = await app.webview();
    await waitUntil('the event', async () => (await at('event-id').textContent()) === eventId);
    await at('tab-changes').click();
    await compared();
  }

  const compared = (): Promise<unknown> =>
    waitUntil('the comparison', async () => (await at('changes').getAttribute('aria-busy')) === 'false');

  const changes = async (): Promise<string[]> =>
    (await at('change').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());

  async function choose(dropdown: string, option: string): Promise<void> {
    await frame.locator(`#${dropdown}`).click();
    await frame.locator(`#${dropdown} vscode-option`, { hasText: option }).click();
    await compared();
  }

  before(async () => {
    const file = path.join(app.folder, 'life.ndjson');
    await writeFile(
      file,
      life
        .map((event) => JSON.stringify(event))
        .reverse()
        .join('\n'),
    );
    await app.command('activityLog.openLogFile', { path: file });
  });

  it('says what changed since the last event with a body, secrets and list elements as what they are', async () => {
    await open('event-2');
    assert.deepEqual((await changes()).slice(0, -1), [
      'server.adminPass: changed (masked)',
      'server.flavorRef: changed STD2-2-4 → STD4-8-16',
      'server.groups: order changed',
      'server.groups[1].port: changed 1 → 22',
      'server.groups[2]: added { "name": "c", "port": 3 }',
      'server.name: removed "web"',
      'server.meta: added { "env": "test" }',
    ]);
    const text = await at('changes').innerText();
    assert.match(text, /create-vm · 2026-11-20 10:00:00 \(2 hr before\) · user0@example\.test/);
    assert.match(text, /1 events in between carry no such body/);
    assert.ok(!/first-secret|second-secret/.test(await frame.content()));
  });

  it('matches list elements by their place where that is wanted, and keeps the choice', async () => {
    await frame.locator('#match').click();
    await compared();
    await waitUntil('another list', async () =>
      (await changes()).includes('server.groups[0]: removed { "name": "a", "port": 1 }'),
    );
    await frame.locator('#match').click();
    await waitUntil('the list again', async () => (await changes()).includes('server.groups: order changed'));
  });

  it('jumps to a change, unfolds what is unchanged, and walks the changes by keyboard', async () => {
    await open('event-3');
    assert.deepEqual(await changes(), [
      'server.groups: order changed',
      'server.meta › env: changed test → live',
      'server.tags[30]: changed tag-30 → changed',
    ]);
    await choose('layout', 'Unified');
    const editor = frame.locator('.texts .cm-content');
    await at('change').nth(2).getByRole('button').click();
    const line = frame.locator('.cm-addedLine', { hasText: '"changed"' });
    await line.waitFor();
    assert.equal(await editor.evaluate((element) => element.contains(document.activeElement)), true);
    const folds = frame.getByRole('button', { name: /unchanged lines/ });
    const before = await folds.count();
    await folds.first().press('Enter');
    await waitUntil('the lines', async () => (await folds.count()) === before - 1);
    await editor.press('F7');
    assert.match(
      await frame
        .getByRole('status')
        .allInnerTexts()
        .then((texts) => texts.join()),
      /Change 1 of 2, line \d+: 1 lines removed, 1 added/,
    );
    await editor.press('Shift+F7');
    assert.match(
      await frame
        .getByRole('status')
        .allInnerTexts()
        .then((texts) => texts.join()),
      /Change 2 of 2/,
    );
  });

  it('shows both sides, or one where there is no room', async () => {
    await choose('layout', 'Side by side');
    await frame.locator('.cm-mergeView').waitFor();
    assert.match(await frame.locator('.cm-mergeView del').first().innerText(), /^ *"env": "test"$/);
    await choose('layout', 'Auto layout');
    await frame.locator('.cm-mergeView').waitFor();
    await app.page.setViewportSize({ width: 700, height: 700 });
    await frame.locator('.cm-removedLine').first().waitFor();
    await app.page.setViewportSize({ width: 1280, height: 720 });
    await frame.locator('.cm-mergeView').waitFor();
  });

  it('compares with any event that is picked', async () => {
    await frame.locator('#baseline').click();
    await frame.locator('#baseline vscode-option', { hasText: 'another event' }).click();
    await app.answer('create-vm');
    await waitUntil('the picked event', async () => (await at('changes').innerText()).includes('user0@example.test'));
    assert.ok((await changes()).includes('server.flavorRef: changed STD2-2-4 → STD4-8-16'));
  });

  it('compares two events of the tree', async () => {
    await app.command('activityLog.selectForCompare', { eventId: 'event-2' });
    await app.command('activityLog.compareWithSelected', { eventId: 'event-0' });
    await waitUntil('the event', async () => (await at('event-id').textContent()) === 'event-0');
    await waitUntil('the other', async () => (await at('changes').innerText()).includes('user2@example.test'));
    assert.ok((await changes()).includes('server.flavorRef: changed STD4-8-16 → STD2-2-4'));
  });
});
