import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type BrowserContext } from 'playwright-core';
import { cache } from '../vscode/installServer';
import { describeNewest, readEnvironment } from './environment';
import { waitUntil } from './waitUntil';

describeNewest('the demo', () => {
  let home = '';
  let demo: ChildProcess | undefined;
  let browser: BrowserContext | undefined;
  const said: string[] = [];

  before(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'demo-'));
    demo = spawn(process.execPath, ['test/demo.mjs', '--built', '--server', '--no-open', '--home', home], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [demo.stdout, demo.stderr])
      if (stream) createInterface(stream).on('line', (line) => said.push(line));
    // A browser as people have it, with nothing arranged for the tests.
    browser = await chromium.launchPersistentContext(path.join(home, 'profile'), {
      executablePath: readEnvironment().browser,
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      viewport: { width: 1440, height: 900 },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    const file = path.join(cache, 'screenshots', 'demo.png');
    await browser?.pages()[0]?.screenshot({ path: file });
    console.log(`      see ${file}\n${said.join('\n')}`);
  });
  after(async () => {
    await browser?.close();
    if (demo?.exitCode === null && demo.kill()) await once(demo, 'exit');
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  });

  it('opens on an event beside its code, with nothing to type and nothing to answer', async function () {
    this.timeout(300_000); // it installs, starts and loads all that a newcomer's first command does
    const [page] = browser?.pages() ?? [];
    assert.ok(page);
    const address = await waitUntil(
      'the address',
      () => {
        assert.equal(demo?.exitCode, null, said.join('\n'));
        return /^Open (http\S+)/m.exec(said.join('\n'))?.[1];
      },
      240_000,
    );
    page.setDefaultTimeout(90_000);
    await page.goto(address);
    const panel = await waitUntil(
      'the panel',
      async () => {
        for (const frame of page.frames())
          if (
            await frame
              .getByTestId('sentence')
              .isVisible()
              .catch(() => false)
          )
            return frame;
        return undefined;
      },
      240_000,
    );
    assert.match(await panel.getByTestId('sentence').innerText(), /^Resized .*web/);
    await page
      .locator('.editor-instance .view-line', { hasText: 'resource "vkcs_compute_instance"' })
      .first()
      .waitFor();
    const view = page.locator('[id="workbench.view.extension.activityLog"]');
    await view.getByRole('treeitem', { name: /^nova, / }).waitFor();
    await view
      .getByText(/Complete: [\d,]+ events/)
      .first()
      .waitFor();
    for (const asks of ['.quick-input-widget', '.monaco-dialog-box', '.notification-toast'])
      assert.equal(await page.locator(asks).filter({ visible: true }).count(), 0, asks);
    assert.ok(
      said.some((line) => line.includes('To try next')),
      said.join('\n'),
    );
  });
});
