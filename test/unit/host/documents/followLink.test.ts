import assert from 'node:assert/strict';
import type { Range } from '../../../../src/core/time/range';
import { followLink, type LinkPorts } from '../../../../src/host/documents/followLink';

const at = Date.UTC(2026, 10, 22, 14, 3, 21);
const link = { eventId: 'e1', connection: 'production', at };

/** A window with connections that hold events, and a server that has some more. */
class Window implements LinkPorts {
  readonly done: string[] = [];
  current: Range = { from: at - 1000, to: at + 1000 };
  constructor(
    private now: string | undefined,
    private readonly stored: Record<string, string[]>,
    private readonly served: Record<string, string[]> = {},
    private readonly answer: 'yes' | 'no' = 'yes',
  ) {}
  isKnown = (name: string): boolean => Object.hasOwn(this.stored, name);
  active = (): Promise<string | undefined> => Promise.resolve(this.now);
  isStored = (eventId: string): Promise<boolean> =>
    Promise.resolve(this.stored[this.now ?? '']?.includes(eventId) === true);
  confirm(...[question, detail]: Parameters<LinkPorts['confirm']>): Promise<void> {
    this.done.push(`asked: ${question.template} ${detail.template}`);
    return this.answer === 'yes' ? Promise.resolve() : Promise.reject(new Error('no'));
  }
  switchTo(name: string): Promise<void> {
    this.done.push(`switched to ${name}`);
    this.now = name;
    return Promise.resolve();
  }
  range = (): Range => this.current;
  setRange(range: Range): Promise<void> {
    this.done.push(`range ${(range.from - at) / 60_000} ${Math.round((range.to - at) / 60_000)}`);
    this.current = range;
    return Promise.resolve();
  }
  load(): Promise<void> {
    this.done.push('loaded');
    if (!this.served[this.now ?? '']) return Promise.reject(new Error('offline'));
    this.stored[this.now ?? '']?.push(...(this.served[this.now ?? ''] ?? []));
    return Promise.resolve();
  }
  show(eventId: string): Promise<void> {
    this.done.push(`shown ${eventId}`);
    return Promise.resolve();
  }
  timeText = (time: number): string => new Date(time).toISOString();
}

const later = { ...link, at: at + 86_400_000 };
const askedSwitch = /^asked: Switch to the connection/;
const askedLoad = /^asked: The event of the link is not stored.*What is missing of the chosen/;
const askedRange = /^asked: The event of the link is not stored.*becomes the hour/;

describe('following a link', () => {
  for (const [what, window, followed, expected] of [
    ['shows what is stored, asking nothing', new Window('production', { production: ['e1'] }), link, ['shown e1']],
    [
      'shows what is stored under another name for the connection',
      new Window('prod', { prod: ['e1'] }),
      link,
      ['shown e1'],
    ],
    [
      'asks before it loads',
      new Window('production', { production: [] }, { production: ['e1'] }),
      link,
      [askedLoad, 'loaded', 'shown e1'],
    ],
    [
      'asks before it goes to another time, and loads the hour around the event',
      new Window('production', { production: [] }, { production: ['e1'] }),
      later,
      [askedRange, 'range 1410 1470', 'loaded', 'shown e1'],
    ],
    [
      'asks before it switches; what is stored there is shown at once',
      new Window('test', { test: ['e1'], production: ['e1'] }),
      link,
      [askedSwitch, 'switched to production', 'shown e1'],
    ],
    [
      'asks once for both',
      new Window(undefined, { production: [] }, { production: ['e1'] }),
      { ...link, at: undefined },
      [askedSwitch, 'switched to production', 'loaded', 'shown e1'],
    ],
  ] as const) {
    it(what, async () => {
      await followLink(followed, window);
      assert.equal(window.done.length, expected.length, window.done.join('\n'));
      for (const [index, step] of expected.entries()) {
        if (typeof step === 'string') assert.equal(window.done[index], step);
        else assert.match(window.done[index] ?? '', step);
      }
    });
  }

  for (const [what, window, refusal, asked] of [
    ['neither switches nor loads without a yes', new Window('test', { test: [], production: [] }, {}, 'no'), /^no$/, 1],
    ['does not load without a yes', new Window('production', { production: [] }, {}, 'no'), /^no$/, 1],
    [
      'never asks about a connection that is not set up',
      new Window('test', { test: [] }),
      /"production".*not set up/,
      0,
    ],
    ['never leads to a connection without a name', new Window(undefined, {}), /not set up/, 0],
  ] as const) {
    it(what, async () => {
      await assert.rejects(followLink(link, window), { message: refusal });
      assert.equal(window.done.length, asked, window.done.join('\n'));
    });
  }

  it('says why what it loaded does not hold the event', async () => {
    const window = (served: Record<string, string[]>): Window => new Window('production', { production: [] }, served);
    await assert.rejects(followLink(link, window({})), /offline/);
    await assert.rejects(followLink(link, window({ production: ['e2'] })), /no event "e1" at that time/);
  });
});
