import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BrowserContext, Frame, Locator, Page } from 'playwright-core';
import type * as vscode from 'vscode';
import { cache } from '../vscode/installServer';
import { openBrowser, workbenchUrl } from '../vscode/openBrowser';
import { startServer, type Server } from '../vscode/startServer';
import { writeUserSettings } from '../vscode/userSettings';
import type { Answer, Question } from './driver/extension';
import { readEnvironment } from './environment';
import { waitUntil } from './waitUntil';

interface WorkbenchOptions {
  /** The folder to open; tests work on a copy. Undefined: an empty window. */
  readonly folder?: string;
  /** False: the folder is not trusted, as a cloned repository is at first. */
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The time zone of the extension host, as in `TZ`; the machine's own when it is not said. */
  readonly timeZone?: string;
}

/** A VS Code with the packaged extension, with storage of its own, in a browser without a window. */
export class Workbench {
  readonly #environment = readEnvironment();
  #home = '';
  #server: Server | undefined;
  #browser: BrowserContext | undefined;
  #page: Page | undefined;
  #crashes = 0;
  /** The driver's port, once there are several windows. */
  #driver: string | undefined;

  /** Violations of content-security policies, of all frames, as the browser words them. */
  readonly policyReports: string[] = [];

  constructor(readonly options: WorkbenchOptions = {}) {}

  get page(): Page {
    if (!this.#page) throw new Error('The workbench is not started');
    return this.#page;
  }

  /** The opened folder: the copy. */
  get folder(): string {
    return path.join(this.#home, 'workspace');
  }

  /** VS Code's user data: what the extension stores is in `User/globalStorage`. */
  get userData(): string {
    return path.join(this.#home, 'user');
  }

  async start(): Promise<void> {
    this.#home = await mkdtemp(path.join(os.tmpdir(), 'vscode-e2e-'));
    await writeUserSettings(this.userData, this.options.settings);
    if (this.options.folder !== undefined) await cp(this.options.folder, this.folder, { recursive: true });
    await this.#open();
  }

  async stop(): Promise<void> {
    await this.#close();
    if (this.#home) await rm(this.#home, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Reloads the window as the command does, which saves its state first; the extension host is a new one. */
  async reload(): Promise<void> {
    const port = await this.#port();
    const loaded = this.page.waitForEvent('load');
    this.command('workbench.action.reloadWindow').catch(() => undefined); // the answer is lost with the extension host
    await loaded;
    await this.#ready(port);
  }

  /**
   * Opens a workspace file in place of the folder. A busy VS Code may read the file while it opens the workspace, and then shows
   * none of its folders until the page is loaded anew: its configurationService.ts is told of them too early.
   */
  async openWorkspace(file: string, folders: number): Promise<void> {
    const areThere = (): Promise<boolean> =>
      this.evaluate((api, count) => api.workspace.workspaceFolders?.length === count, folders);
    for (let tries = 1; ; tries++) {
      const former = await this.#port();
      await this.page.goto(workbenchUrl(this.#server?.port ?? 0, file));
      await this.#ready(former);
      try {
        await waitUntil(`${folders} folders of ${file}`, areThere, 20_000);
        return;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }

  /** Kills the extension host. VS Code starts another one; from the third time on only when the page is loaded anew. */
  async crash(): Promise<void> {
    const former = await this.#port();
    process.kill(await this.evaluate(() => process.pid), 'SIGKILL');
    if (++this.#crashes % 3 === 0) await this.page.reload();
    await this.#ready(former);
  }

  /** Opens a second window on the same storage, to be used like this one; it ends with this one. */
  async openWindow(): Promise<Workbench> {
    const other = new Workbench(this.options);
    this.#driver = await this.#port();
    [other.#home, other.#server, other.#browser] = [this.#home, this.#server, this.#browser];
    await other.#openPage(await this.#browser?.newPage(), this.#driver);
    other.#driver = await other.#port();
    return other;
  }

  /** Runs `code` in the extension host. It closes over nothing; argument and result are JSON. */
  async evaluate<R, A = undefined>(code: (api: typeof vscode, argument: A) => R, argument?: A): Promise<Awaited<R>> {
    const question: Question = { code: code.toString(), argument };
    const port = await this.#port();
    const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: JSON.stringify(question) });
    const answer = (await response.json()) as Answer;
    if ('error' in answer) throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
    return answer.result as Awaited<R>;
  }

  /** Executes a command as a keybinding or another extension would; settles as the command does. */
  async command<R = unknown>(id: string, ...args: unknown[]): Promise<R> {
    return (await this.evaluate((api, { id, args }) => api.commands.executeCommand(id, ...args), { id, args })) as R;
  }

  /** Calls a function of the extension's exports. */
  async exports<R = unknown>(name: string, ...args: unknown[]): Promise<R> {
    const call = async (api: typeof vscode, { name, args }: { name: string; args: unknown[] }): Promise<unknown> => {
      const extension = api.extensions.getExtension<Record<string, (...args: unknown[]) => unknown>>(
        'activity-log.vk-cloud-activity-log',
      );
      return (await extension?.activate())?.[name]?.(...args);
    };
    return (await this.evaluate(call, { name, args })) as R;
  }

  /** The side bar's Activity Log. */
  get view(): Locator {
    return this.page.locator('[id="workbench.view.extension.activityLog"]');
  }

  async showView(): Promise<void> {
    await this.command('workbench.view.extension.activityLog');
    await this.view.waitFor();
  }

  /** The visible rows of the tree whose accessible name contains `name`. */
  rows(name?: string | RegExp): Locator {
    return this.view.getByRole('treeitem', name === undefined ? {} : { name });
  }

  /** The row that offers the next page of a list, brought into sight from below: the keyboard is to be in the tree. */
  async moreRow(name = /^Show more/): Promise<Locator> {
    const more = this.rows(name);
    await this.page.keyboard.press('End');
    while (!(await more.isVisible())) await this.page.keyboard.press('ArrowUp'); // over what stands below the list
    return more;
  }

  /** The frame of the webview that shows `selector`. */
  async webview(selector = '[data-testid="event-panel"]'): Promise<Frame> {
    return waitUntil(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames().slice(1)) {
        if (
          await frame
            .locator(selector)
            .first()
            .isVisible()
            .catch(() => false)
        )
          return frame;
      }
      return undefined;
    });
  }

  /** Types into the open quick input and accepts. */
  async answer(text: string): Promise<void> {
    const input = this.page
      .locator('.quick-input-widget:visible input.input, .quick-input-widget:visible input[type="text"]')
      .first();
    await input.fill(text);
    await input.press('Enter');
  }

  /** The notifications that say `text`, in the list of all: what pops up may be gone already, or held back. */
  async notifications(text: string | RegExp): Promise<Locator> {
    await this.command('notifications.showList');
    return this.page.locator('.notifications-center .notification-list-item').filter({ hasText: text });
  }

  /** The same once there is one: the list closes by itself when another notification leaves it empty. */
  async notified(text: string | RegExp): Promise<Locator> {
    return waitUntil(`a notification that says ${String(text)}`, async () => {
      const found = await this.notifications(text);
      return (await found.count()) > 0 ? found : undefined;
    });
  }

  /** Saves what is seen, under .vscode-test/screenshots, and returns the file. */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(cache, 'screenshots');
    await mkdir(folder, { recursive: true });
    const file = path.join(
      folder,
      `${this.#environment.installation.version.name}-${name.replace(/[^\w.-]+/g, '-')}.png`,
    );
    await this.page.screenshot({ path: file });
    return file;
  }

  get #portFile(): string {
    return path.join(this.#home, 'driver-port');
  }

  async #open(): Promise<void> {
    const { installation, browser, extensions, builtIn } = this.#environment;
    this.#server = await startServer(installation, {
      userData: this.userData,
      extensions,
      builtIn,
      trusted: this.options.trusted ?? true,
      environment: { DRIVER_PORT: this.#portFile, ...(this.options.timeZone && { TZ: this.options.timeZone }) },
    });
    this.#browser = await openBrowser(browser, path.join(this.#home, 'profile'));
    await this.#openPage(this.#browser.pages()[0] ?? (await this.#browser.newPage()));
  }

  async #openPage(page: Page | undefined, former = ''): Promise<void> {
    if (!page || !this.#server) throw new Error('The workbench is not started');
    this.#page = page;
    page.setDefaultTimeout(90_000);
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) this.policyReports.push(message.text());
    });
    await page.goto(workbenchUrl(this.#server.port, this.options.folder === undefined ? undefined : this.folder));
    await this.#ready(former);
  }

  async #port(): Promise<string> {
    return this.#driver ?? readFile(this.#portFile, 'utf8');
  }

  /** Waits for the workbench and for a driver on another port than the `former` one. */
  async #ready(former = ''): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 180_000 });
    const port = (): Promise<string> => readFile(this.#portFile, 'utf8').catch(() => '');
    await waitUntil('the extension host', async () => ![former, ''].includes(await port()), 180_000);
  }

  async #close(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.stop();
    await rm(this.#portFile, { force: true });
  }
}

/** The one report that the panel's toolkit causes: a style attribute. Chromium words those of `<style>` elements without the note. */
export const toolkitReport =
  /^Applying inline style violates .* Note that hashes do not apply to event handlers, style attributes/s;

/** A workbench for the tests of this `describe`, started before them and stopped after; failures leave a screenshot. */
export function useWorkbench(options?: WorkbenchOptions): Workbench {
  const workbench = new Workbench(options);
  before(() => workbench.start());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      console.log(`      see ${await workbench.screenshot(this.currentTest.fullTitle())}`);
  });
  after(() => workbench.stop());
  return workbench;
}
