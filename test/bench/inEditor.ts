import type { IntervalHistogram } from 'node:perf_hooks';
import { prepareEach } from '../e2e/prepare';
import { Workbench } from '../e2e/workbench';
import { chooseVersions } from '../vscode/versions';
import { median } from './median';
import { readMemory } from './memory';
import type { StandIn, StandInProcess } from './startStandIn';

/** What was measured in the packaged extension, in a real VS Code. Milliseconds where nothing else is said. */
export interface EditorFigures {
  readonly vscode: string;
  readonly events: number;
  /** Reading and running the extension's code, as VS Code's list of running extensions has it; median of several windows. */
  readonly activation: number;
  /** One page, asked for with the same request from outside. */
  readonly pageRoundTrip: number;
  /** From the command to the first row on the screen. */
  readonly firstRows: number;
  readonly eventsPerSecond: number;
  /** The longest the extension host's thread was held up while loading. */
  readonly eventLoopDelay: number;
  /** The most resident memory of the extension host's process until the load's end, and before the load, in MB; where Linux counts it. */
  readonly memory: number | undefined;
  readonly memoryBefore: number | undefined;
  /** From showing the view in a new window, without network, to the rows of the stored month. */
  readonly shownAgain: number;
}

const windows = 5;

/** Measures a load of all the `events` in the newest VS Code server, then stops the stand-in to show them without network. */
export function measureInEditor(standIn: StandInProcess, events: number): Promise<EditorFigures> {
  return inNewest(async (workbench, vscode) => ({ vscode, events, ...(await measure(workbench, standIn, events)) }));
}

/** Runs `work` in the newest VS Code with the packaged extension and storage of its own. */
export async function inNewest<T>(work: (workbench: Workbench, vscode: string) => Promise<T>): Promise<T> {
  for await (const [version, environment] of prepareEach(chooseVersions(['1.139']))) {
    process.env['E2E_ENVIRONMENT'] = JSON.stringify(environment);
    const workbench = new Workbench();
    try {
      await workbench.start();
      return await work(workbench, version.vscode);
    } catch (error) {
      console.error(`See ${await workbench.screenshot('bench')}`);
      throw error;
    } finally {
      await workbench.stop();
    }
  }
  throw new Error('There is no VS Code to measure in');
}

async function measure(
  workbench: Workbench,
  standIn: StandInProcess,
  events: number,
): Promise<Omit<EditorFigures, 'vscode' | 'events'>> {
  const activations: number[] = [];
  for (let i = 0; i < windows; i++) {
    await workbench.reload();
    activations.push(await activate(workbench));
  }
  await workbench.showView();
  await workbench.command('activityLog.configureEndpoint', { endpoint: standIn.endpoint, name: 'Bench' });
  const month = { from: new Date(standIn.month.from).toISOString(), to: new Date(standIn.month.to).toISOString() };
  // An empty time first, so that the token is checked and nothing of the month is loaded.
  const past = { from: '2001-01-01T00:00:00Z', to: '2001-01-01T00:00:01Z' };
  await workbench.command('activityLog.setTimeRange', past).catch(() => undefined);
  await workbench.command('activityLog.setToken', { token: standIn.token });
  await workbench.command('activityLog.refresh');
  const pageRoundTrip = median(await Promise.all([0, 1, 2].map(() => fetchPage(standIn, month))));

  await workbench.page.waitForTimeout(1_000); // the view is at rest
  await watchEventLoop(workbench);
  const pid = await workbench.evaluate(() => process.pid);
  const memoryBefore = readMemory(pid)?.now;
  const row = watchForRow(workbench);
  await workbench.page.waitForTimeout(1_000);
  const start = performance.now();
  const load = workbench.command('activityLog.setTimeRange', month);
  const firstRows = (await row) - (performance.timeOrigin + start);
  await load;
  const seconds = (performance.now() - start) / 1000;
  const eventLoopDelay = await readEventLoop(workbench);
  const memory = readMemory(pid)?.most;
  const { loaded } = await workbench.exports<{ loaded: number }>('state');
  if (loaded !== events) throw new Error(`${String(loaded)} events were loaded of ${String(events)}`);

  await standIn.stop();
  // The new window opens on another view, so that it is seen how ours comes up.
  await workbench.command('workbench.view.explorer');
  await workbench.page.waitForTimeout(2_000); // until VS Code has noted it
  await workbench.reload();
  await workbench.page.waitForTimeout(1_500); // VS Code has started
  const shown = performance.now();
  await workbench.command('workbench.view.extension.activityLog');
  await workbench.rows(/^nova, /).waitFor({ timeout: 60_000 });
  const shownAgain = performance.now() - shown;
  return {
    activation: median(activations),
    pageRoundTrip,
    firstRows,
    eventsPerSecond: events / seconds,
    eventLoopDelay,
    memory,
    memoryBefore,
    shownAgain,
  };
}

/** What VS Code's own list of running extensions says. */
async function activate(workbench: Workbench): Promise<number> {
  await workbench.evaluate((vscode) =>
    vscode.extensions.getExtension('activity-log.vk-cloud-activity-log')?.activate(),
  );
  await workbench.command('workbench.action.showRuntimeExtensions');
  const row = workbench.page.locator('.runtime-extensions-editor .extension', { hasText: 'VK Cloud Activity Log' });
  const text = await row.locator('.activation-time').innerText();
  await workbench.command('workbench.action.closeAllEditors');
  return Number(/(\d+)ms/.exec(text)?.[1]);
}

/** When the first row is there, by the clock that all processes share. */
function watchForRow(workbench: Workbench): Promise<number> {
  const code = `new Promise((resolve) => {
    const look = () => document.querySelector('[id="workbench.view.extension.activityLog"] [role="treeitem"]');
    const observer = new MutationObserver(() => {
      if (!look()) return;
      observer.disconnect();
      resolve(performance.timeOrigin + performance.now());
    });
    observer.observe(document.body, { childList: true, subtree: true });
  })`;
  return workbench.page.evaluate<number>(code);
}

async function watchEventLoop(workbench: Workbench): Promise<void> {
  await workbench.evaluate(() => {
    const histogram = process.getBuiltinModule('perf_hooks').monitorEventLoopDelay({ resolution: 5 });
    histogram.enable();
    Object.assign(globalThis, { histogram });
  });
}

function readEventLoop(workbench: Workbench): Promise<number> {
  return workbench.evaluate(() => (globalThis as unknown as { histogram: IntervalHistogram }).histogram.max / 1e6);
}

async function fetchPage({ endpoint, token }: StandIn, month: { from: string; to: string }): Promise<number> {
  const start = performance.now();
  const query = new URLSearchParams({ ...month, limit: '1000' });
  const response = await fetch(`${endpoint}/logs?${query.toString()}`, { headers: { 'x-auth-token': token } });
  await response.json();
  return performance.now() - start;
}
