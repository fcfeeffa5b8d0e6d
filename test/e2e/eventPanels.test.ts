import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame, Locator } from 'playwright-core';
import { newest } from './environment';
import { waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

type Event = Readonly<Record<string, string>>;

const themes = [
  'Default Dark Modern',
  'Default Light Modern',
  'Default High Contrast',
  'Default High Contrast Light',
] as const;

describe('event panels', () => {
  const app = useWorkbench({ folder: 'media/sample' });
  let frame: Frame;
  const at = (testId: string): Locator => frame.getByTestId(testId);
  const tabs = (): Promise<string[]> =>
    app.evaluate((vscode) => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label)));
  const shows = (eventId: string | undefined): Promise<unknown> =>
    waitUntil('the event', async () => (await at('event-id').textContent()) === eventId);

  async function events(filter: string): Promise<Event[]> {
    return app.exports<Event[]>('events', { filter, limit: 500 });
  }
  const setTheme = (theme: string): Promise<void> =>
    app.evaluate(
      (vscode, name) => vscode.workspace.getConfiguration().update('workbench.colorTheme', name, true),
      theme,
    );
  async function open(event: Event | undefined, args: object = {}): Promise<void> {
    await app.command('activityLog.openEvent', { eventId: event?.['event_id'], ...args });
    frame = await app.webview();
    await shows(event?.['event_id']);
  }

  before(() => app.command('activityLog.openSample'));
  afterEach(() => app.command('workbench.action.closeAllEditors'));

  it('have one preview, until it is kept', async () => {
    const [first, second, third] = await events('action = "vm-action" AND success = yes');
    await open(first);
    await open(second);
    assert.equal((await tabs()).length, 1);
    await app.command('activityLog.keepOpen');
    await app.command('activityLog.openEvent', { eventId: third?.['event_id'] });
    await waitUntil('two panels', async () => (await tabs()).length === 2);
    // What is open already is shown where it is.
    await app.command('activityLog.openEvent', { eventId: second?.['event_id'] });
    assert.equal((await tabs()).length, 2);
  });

  it('are kept by a double click on a row', async () => {
    await app.showView();
    await app.rows(/^nova, /).click();
    // Not today: shortly after midnight that may have one event only.
    await app
      .rows(/^\d{4}-\d\d-\d\d, .* events/)
      .first()
      .click();
    const rows = app.rows(/, (succeeded|failed), /);
    await rows.nth(0).dblclick();
    await waitUntil('a panel', async () => (await tabs()).length === 1);
    await rows.nth(1).click();
    await waitUntil('a second panel', async () => (await tabs()).length === 2);
  });

  it('go back and forward', async () => {
    const [first, second] = await events('action = "vm-action" AND success = yes');
    await open(first);
    await open(second);
    await app.command('activityLog.goBack');
    await shows(first?.['event_id']);
    await app.command('activityLog.goForward');
    await shows(second?.['event_id']);
    await app.command('activityLog.goForward');
    await shows(second?.['event_id']);
  });

  newest('stand side by side, and come back after a reload with what they showed', async () => {
    const [first, second] = await events('action = "vm-action" AND success = yes');
    await open(first);
    await at('tab-raw').click();
    await app.command('activityLog.openToSide', { eventId: second?.['event_id'] });
    const shown = async (): Promise<(string | null)[]> =>
      (
        await Promise.all(
          app.page.frames().map(async (each) => {
            const id = each.getByTestId('event-id');
            return (await id.count()) === 1 ? id.textContent() : '';
          }),
        )
      )
        .filter((id) => id !== '')
        .sort();
    const both = [first?.['event_id'], second?.['event_id']].sort();
    const bothShown = async (): Promise<boolean> =>
      JSON.stringify(await shown().catch(() => [])) === JSON.stringify(both);
    await waitUntil('both panels', bothShown);
    await app.reload();
    await waitUntil('both panels again', bothShown);
  });

  newest('show the life of a resource, and walk it by keyboard', async () => {
    const [event] = await events('action = "vm-action" AND request_body : "resize"');
    await open(event);
    const rail = at('timeline');
    await waitUntil('the strip', async () => (await rail.locator('button.event').count()) > 3);
    const current = rail.locator('[aria-current="true"]');
    assert.equal(await current.getAttribute('data-event'), event?.['event_id']);
    await current.focus();
    await current.press('ArrowLeft');
    const before = (await rail.locator(':focus').getAttribute('data-event')) ?? '';
    assert.notEqual(before, event?.['event_id']);
    await rail.locator(':focus').press('Enter');
    await shows(before);
    assert.equal(await rail.locator('[aria-current="true"]').getAttribute('data-event'), before);
  });

  newest('walk the life of another resource that the event names', async () => {
    const [event] = await events('action = "vm-attach-volume" AND success = yes');
    await open(event);
    await waitUntil('the resources', async () => (await at('resource').count()) > 1);
    const volume = at('resource').filter({ hasText: 'volume' }).first();
    await volume.click();
    await waitUntil('its life', async () => (await volume.getAttribute('aria-pressed')) === 'true');
    await at('previous').click();
    await waitUntil('the event before', async () => (await at('event-id').textContent()) !== event?.['event_id']);
    assert.equal(await volume.getAttribute('aria-pressed'), 'true', 'the walk stays with the volume');
  });

  newest('list what belongs to the event', async () => {
    const all = await events('user_id EXIST');
    const close = all.find((event, index) => {
      const next = all[index + 1];
      const apart = Date.parse(event['timestamp'] ?? '') - Date.parse(next?.['timestamp'] ?? '');
      return apart < 600_000 && event['user_id'] === next?.['user_id'];
    });
    await open(close);
    await at('related-user').click();
    await at('related-list').getByRole('button').first().click();
    await waitUntil('another event', async () => (await at('event-id').textContent()) !== close?.['event_id']);
    assert.equal(await at('user').textContent(), close?.['user_email'] ?? close?.['user_id']);
  });

  it('open JSON in strings, and offer values, paths and links', async () => {
    const [event] = await events('action = "create-vm" AND success = yes');
    await open(event);
    await at('tab-raw').click();
    await at('open-string').first().click();
    await waitUntil('the JSON', async () => (await at('opened-string').innerText()).includes('"flavorRef"'));
    await frame
      .locator('.cm-line', { hasText: '"method"' })
      .first()
      .locator('span', { hasText: 'POST' })
      .last()
      .click({ button: 'right' });
    const copyPath = app.page.getByRole('menuitem', { name: 'Copy Path' });
    await copyPath.waitFor();
    await waitUntil('the path', async () => {
      // A menu that has only just opened may not take a click.
      if (await copyPath.isVisible()) await copyPath.click({ timeout: 1_000 }).catch(() => undefined);
      return (await app.evaluate((vscode) => vscode.env.clipboard.readText())) === 'method';
    });
    await at('tab-response').click();
    await frame
      .locator('.reference')
      .first()
      .click({ modifiers: ['Control'] });
    await waitUntil('the history', async () => (await app.exports<{ loaded: number }>('state')).loaded < 500);
    await app.command('activityLog.clearFilter');
  });

  newest('go back and forward with the buttons of the mouse', async () => {
    const [first, second] = await events('action = "vm-action" AND success = yes');
    await open(first);
    await open(second);
    const { x, y } = (await at('sentence').boundingBox()) ?? assert.fail();
    const session = await app.page.context().newCDPSession(app.page);
    for (const [button, event] of [
      ['back', first],
      ['forward', second],
    ] as const) {
      for (const type of ['mousePressed', 'mouseReleased'] as const) {
        await session.send('Input.dispatchMouseEvent', { type, button, x: x + 2, y: y + 2, clickCount: 1 });
      }
      await shows(event?.['event_id']);
    }
    await session.detach();
  });

  newest('follow the theme at once', async () => {
    const [event] = await events('action = "create-vm" AND success = yes');
    await setTheme(themes[0]);
    await open(event);
    const editor = frame.locator('.cm-content');
    await editor.waitFor();
    const colors = (): Promise<string> =>
      frame.evaluate(() =>
        ['h1', '.cm-content', '.cm-gutters', 'body']
          .map((selector) => getComputedStyle(document.querySelector(selector) ?? document.body))
          .map(({ color, backgroundColor }) => `${color} ${backgroundColor}`)
          .join(),
      );
    await frame.evaluate('window.isSamePage = true');
    const seen = new Set([await colors()]);
    for (const theme of themes.slice(1)) {
      await setTheme(theme);
      await waitUntil(theme, async () => {
        const now = await colors();
        return !seen.has(now) && seen.add(now);
      });
    }
    assert.equal(await frame.evaluate('window.isSamePage'), true);
    await setTheme(themes[0]);
  });

  // To a page that is zoomed to 200 % everything around it is half as large.
  for (const [name, scale, wanted] of [
    ['400 px wide', 1, 400],
    ['zoomed to 200 %', 2, undefined],
  ] as const) {
    newest(`have everything in reach when ${name}`, async () => {
      const [event] = await events('action = "vm-attach-volume" AND success = yes');
      await open(event);
      const session = await app.page.context().newCDPSession(app.page);
      try {
        const size = app.page.viewportSize() ?? assert.fail();
        const around = size.width - (await frame.evaluate(() => innerWidth));
        const width = wanted === undefined ? size.width / scale : wanted + around;
        const metrics = { width, height: size.height / scale, deviceScaleFactor: scale, mobile: false };
        await session.send('Emulation.setDeviceMetricsOverride', metrics);
        await waitUntil('the width', async () => (await frame.evaluate(() => innerWidth)) === width - around);
        for (const tab of ['tab-request', 'tab-response', 'tab-changes', 'tab-raw']) {
          await at(tab).click();
          await waitUntil('the tab', async () => (await frame.locator('[aria-busy="true"]:visible').count()) === 0);
          const seen = await frame.evaluate(outOfReach);
          assert.deepEqual(seen, { width: width - around, found: [] }, tab);
        }
      } finally {
        await session.send('Emulation.clearDeviceMetricsOverride');
        await session.detach();
      }
    });
  }

  newest('have the structure that assistive technology and other programs rely on', async () => {
    const [event] = await events('action = "vm-action" AND success = no');
    await open(event);
    await waitUntil('the body', async () => (await at('body').count()) === 1);
    const ids = await frame
      .locator('[data-testid]')
      .evaluateAll((elements) => elements.map((element) => element.getAttribute('data-testid')));
    const order = [
      'event-panel',
      'sentence',
      'outcome',
      'action',
      'component',
      'timestamp',
      'user',
      'request-id',
      'event-id',
      'uri',
      'previous',
      'timeline',
      'next',
      'related',
      'tab-request',
      'tab-response',
      'tab-changes',
      'tab-raw',
      'body',
    ];
    assert.deepEqual(
      ids.filter((id) => order.includes(id ?? '')),
      order,
    );
    for (const role of ['main', 'navigation', 'heading', 'tablist', 'textbox'] as const) {
      assert.ok((await frame.getByRole(role).count()) > 0, role);
    }
    assert.equal(await frame.getByRole('tab').count(), 4);
    assert.equal(await frame.getByRole('tab', { selected: true }).count(), 1);
  });

  newest('have no serious finding of axe-core, in any theme', async function () {
    const [event] = await events('action = "create-vm" AND success = yes');
    const axe = await readFile(createRequire(path.resolve('package.json')).resolve('axe-core/axe.min.js'), 'utf8');
    const found: string[] = [];
    for (const theme of themes) {
      await setTheme(theme);
      await open(event);
      await waitUntil('what is related', async () => (await at('related').getAttribute('aria-busy')) === 'false');
      await frame.evaluate(axe);
      for (const tab of ['tab-request', 'tab-response', 'tab-changes', 'tab-raw']) {
        await at(tab).click();
        await waitUntil('the tab', async () => (await frame.locator('[aria-busy="true"]:visible').count()) === 0);
        const results = await frame.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
        for (const { id, impact, nodes } of results.violations) {
          if (impact !== 'serious' && impact !== 'critical') continue;
          found.push(
            ...nodes.map(
              ({ html, failureSummary }) => `${theme}, ${tab}: ${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`,
            ),
          );
        }
      }
    }
    assert.deepEqual(found, []);
  });
});

/** In the page: what makes it wider than it is, and the controls and texts that are cut off and cannot be scrolled to. */
function outOfReach(): { width: number; found: string[] } {
  const found: string[] = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push(`the page is ${page.scrollWidth} px wide`);
  const scrolls = (element: Element | null): boolean =>
    element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  for (const element of document.querySelectorAll(
    'main :is(button, bdi, p, h1, vscode-button, vscode-checkbox, vscode-panel-tab, vscode-dropdown)',
  )) {
    const { left, right, width, height } = element.getBoundingClientRect();
    const isHidden = width === 0 || height === 0 || !element.checkVisibility({ visibilityProperty: true });
    if (isHidden || element.closest('.hidden') || scrolls(element)) continue;
    if (left < 0 || right > page.clientWidth) {
      found.push(`${element.outerHTML.slice(0, 120)} from ${Math.round(left)} to ${Math.round(right)} px`);
    }
  }
  return { width: innerWidth, found };
}
