import type { Page } from 'playwright-core';
import { fieldText } from '../../src/core/event/event';
import { makeEvents } from '../server/events';
import { startServer } from '../server/startServer';
import { waitUntil } from '../e2e/waitUntil';
import type { Workbench } from '../e2e/workbench';
import { median } from './median';

/** What opening events costs, from the command to the picture, in milliseconds; medians but for `first`. */
export interface PanelFigures {
  /** The first panel of a window. */
  readonly first: number;
  /** A new panel, once there was one. */
  readonly another: number;
  /** Another event in the panel that is open: its header, and its body. */
  readonly switched: number;
  readonly switchedBody: number;
  /** An event with a body of 5 MB: until its text is there. */
  readonly large: number;
}

const rounds = 9;
const largeOnes = 5;

/** Measures in a window that shows no panel yet. */
export async function measurePanel(workbench: Workbench): Promise<PanelFigures> {
  const events = makeEvents(200, { newest: Date.now() - 60_000, stepMs: 1_000, seed: 'panel' });
  events.slice(0, largeOnes).forEach((event, index) => Object.assign(event, { request_body: largeBody(index) }));
  const server = await startServer({ events });
  try {
    const paints = watchPaints(workbench.page);
    await workbench.reload(); // the watch begins with a page
    await workbench.page.waitForTimeout(2_000);
    await workbench.showView();
    await workbench.command('activityLog.configureEndpoint', { endpoint: server.endpoint, name: 'Panel' });
    await workbench.command('activityLog.setToken', { token: server.token });
    await workbench.command('activityLog.refresh');
    const ids = events.map((event) => fieldText(event, 'event_id'));
    const [firstId = '', ...others] = ids.slice(largeOnes);
    const open = async (eventId: string): Promise<{ header: number; body: number }> => {
      await workbench.page.waitForTimeout(400); // at rest
      const start = await workbench.evaluate(async (vscode, eventId) => {
        const now = Date.now();
        await vscode.commands.executeCommand('activityLog.openEvent', { eventId });
        return now;
      }, eventId);
      const painted = await paints(eventId);
      return { header: painted.header - start, body: painted.body - start };
    };
    const first = await open(firstId);
    const switched = [];
    for (const id of others.slice(0, rounds)) switched.push(await open(id));
    const another = [];
    for (const id of others.slice(rounds, 2 * rounds)) {
      await workbench.command('workbench.action.closeAllEditors');
      another.push(await open(id));
    }
    const large = [];
    for (const id of ids.slice(0, largeOnes)) large.push(await open(id));
    return {
      first: first.header,
      another: median(another.map(({ header }) => header)),
      switched: median(switched.map(({ header }) => header)),
      switchedBody: median(switched.map(({ body }) => body)),
      large: median(large.map(({ body }) => body)),
    };
  } finally {
    await server.stop();
  }
}

/** 5 MB when laid out. */
function largeBody(number: number): string {
  const items = Array.from({ length: 35_000 }, (_, index) => ({
    id: `id-${number}-${index}`,
    place: `rack ${index}`,
    note: 'as it was',
    port: index % 7,
    tags: [`tag-${index % 100}`, 'all'],
  }));
  return JSON.stringify({ items });
}

interface Painted {
  readonly header: number;
  readonly body: number;
}

/** Tells when the header and the body of an event were first on the screen, by the wall clock. */
function watchPaints(page: Page): (eventId: string) => Promise<Painted> {
  const seen = new Map<string, Partial<Record<'header' | 'body', number>>>();
  page.on('console', (line) => {
    const [mark, part, id, time] = line.text().split('\t');
    if (mark !== 'painted' || (part !== 'header' && part !== 'body') || id === undefined) return;
    seen.set(id, { [part]: Number(time), ...seen.get(id) });
  });
  void page.addInitScript(watch);
  return (eventId) =>
    waitUntil(`the picture of ${eventId}`, () => {
      const { header, body } = seen.get(eventId) ?? {};
      return header === undefined || body === undefined ? undefined : { header, body };
    });
}

/** Runs in every frame: says after the frame with which a panel shows another event that it has been painted. */
const watch = `{
  let header = '';
  let body = '';
  let before;
  const say = (part, id) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => console.debug(['painted', part, id, Date.now()].join('\\t'));
    port2.postMessage(''); // answered when the frame is done
  };
  const look = () => {
    const id = document.querySelector('[data-testid="event-id"]')?.textContent ?? '';
    const text = document.querySelector('[data-testid="body"]')?.textContent?.slice(0, 200);
    if (id !== '' && id !== header) say('header', (header = id));
    if (id !== '' && id !== body && text !== undefined && text !== before) {
      before = text;
      say('body', (body = id));
    }
  };
  setInterval(() => document.body && requestAnimationFrame(look), 2); // what is asked of a document ends when it is written anew
}`;
