import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { Frame } from 'playwright-core';
import { versions } from '../vscode/versions';
import { readEnvironment } from './environment';
import { waitUntil } from './waitUntil';
import { useWorkbench } from './workbench';

/** 35,000 small things: 5 MB when laid out. */
const count = 35_000;

function things(change: (index: number) => { at?: number; note?: string }, named: boolean): string {
  const items = Array.from({ length: count }, (_, index) => {
    const { at = index, note = 'as it was' } = change(index);
    return {
      ...(named && { id: `id-${at}` }),
      place: `rack ${at}`,
      note,
      port: at % 7,
      tags: [`tag-${at % 100}`, 'all'],
    };
  });
  return JSON.stringify({ items });
}

const usual = (): object => ({});
/** Every index once, far from where it was. */
const elsewhere = (index: number): { at: number } => ({ at: (index * 7_919) % count });

/** Before and after; the longest time from the arrival of the bodies to the first picture, in milliseconds: generous, for busy machines. */
const cases = {
  'few changes': {
    left: things(usual, true),
    right: things((index) => (index % 5_000 === 7 ? { note: 'changed' } : {}), true),
    most: 4_000,
    coarse: false,
  },
  'another order, matched by id': {
    left: things(usual, true),
    right: things(elsewhere, true),
    most: 8_000,
    coarse: false,
  },
  'another order': { left: things(usual, false), right: things(elsewhere, false), most: 15_000, coarse: true },
  unrelated: {
    left: things(usual, false),
    right: things((index) => ({ note: `never seen ${index}`, at: index + count }), false),
    most: 15_000,
    coarse: true,
  },
} as const;

/** Long, and the same in all versions. */
const isNewest = readEnvironment().installation.version.name === versions.at(-1)?.name;

(isNewest ? describe : describe.skip)('big changes', () => {
  const app = useWorkbench({ folder: 'media/sample' });
  let frame: Frame;

  before(async function () {
    this.timeout(120_000);
    const file = path.join(app.folder, 'big.ndjson');
    const stream = createWriteStream(file);
    Object.values(cases).forEach(({ left, right }, index) => {
      [left, right].forEach((body, side) =>
        stream.write(
          `${JSON.stringify({
            timestamp: `2026-11-20T1${side}:00:00Z`,
            source: 'nova',
            action: 'update',
            success: 'yes',
            method: 'PUT',
            uri: `/v2.1/servers/c6be363f-f56c-4b0e-9d0a-2f5a6f0c7e1${index}`,
            event_id: `${side === 0 ? 'before' : 'after'}-${index}`,
            request_body: body,
            response_body: '',
          })}\n`,
        ),
      );
    });
    stream.end();
    await finished(stream);
    await app.command('activityLog.openLogFile', { path: file });
  });

  Object.entries(cases).forEach(([name, { most, coarse }], index) => {
    it(`are shown soon: ${name}`, async function () {
      this.timeout(120_000);
      await app.command('activityLog.openEvent', { eventId: `after-${index}` });
      frame = await app.webview();
      const shown = (id: string): Promise<string | null> => frame.getByTestId(id).textContent();
      await waitUntil('the event', async () => (await shown('event-id')) === `after-${index}`);
      await frame.getByTestId('tab-request').click();
      const times = frame.evaluate(measure);
      await frame.getByTestId('tab-changes').click();
      const { arrived, painted, frozen } = await times;
      const text = await frame.getByTestId('changes').innerText();
      console.log(
        `      bodies there after ${arrived} ms, shown ${painted - arrived} ms later; longest pause of the page ${frozen} ms`,
      );
      assert.ok(painted - arrived < most, `${painted - arrived} ms`);
      assert.match(text, /changed values/);
      assert.equal(/differ too much/.test(text), coarse);
      const first = frame.getByTestId('change').first().getByRole('button');
      await first.click();
      await waitUntil('the place', () =>
        frame.evaluate(() => document.activeElement?.classList.contains('cm-content') === true),
      );
    });
  });
});

/** In the page: milliseconds from now until the bodies arrive, until changes are painted, and the longest pause meanwhile. */
async function measure(): Promise<{ arrived: number; painted: number; frozen: number }> {
  const start = performance.now();
  const root = document.querySelector('[data-testid="changes"]') as HTMLElement;
  let arrived = 0;
  let frozen = 0;
  let last = start;
  const receive = ({ data }: MessageEvent<{ rpc?: string; value?: { masked?: unknown } } | undefined>): void => {
    if (data?.rpc === 'result' && data.value?.masked !== undefined) arrived = performance.now();
  };
  addEventListener('message', receive, { capture: true });
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    frozen = Math.max(frozen, now - last);
    last = now;
    if (arrived > 0 && root.getAttribute('aria-busy') === 'false' && root.querySelector('.cm-content')) break;
  }
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const painted = performance.now();
  removeEventListener('message', receive, { capture: true });
  const round = (time: number): number => Math.round(time);
  return {
    arrived: round(arrived - start),
    painted: round(painted - start),
    frozen: round(Math.max(frozen, painted - last)),
  };
}
