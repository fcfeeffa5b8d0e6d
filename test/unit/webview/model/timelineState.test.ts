import assert from 'node:assert/strict';
import type { TimelineEvent, PanelEvent, PanelResource, Timeline } from '../../../../src/protocol/panel';
import {
  followEvent,
  offeredResources,
  timelineEvents,
  timelineQuestion,
  type TimelineState,
} from '../../../../webview/model/timelineState';
import { neighbour, panelEvent } from './panelEvent';

function event(key: string, resourceId: string | undefined, change: Partial<PanelEvent> = {}): PanelEvent {
  return panelEvent(key, { resourceId, ...change });
}

const lived = (key: string): TimelineEvent => ({ ...neighbour(key), source: 'nova', user: 'c@d.test' });
const timeline: Timeline = { events: [lived('a'), lived('b')], earlier: false, later: true, total: 7 };
const resources = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6'].map((id): PanelResource => ({ id, kind: 'server' }));
const known: TimelineState = { event: event('a', 'r0'), timeline, resources, allResources: true };

describe('The timeline of the page', () => {
  it('begins with nothing known but the event', () => {
    const first = event('a', 'r0');
    assert.deepEqual(followEvent(undefined, first), {
      event: first,
      timeline: undefined,
      resources: [],
      allResources: false,
    });
  });

  const moves: readonly [string, PanelEvent, { timeline: boolean; resources: boolean; all: boolean }][] = [
    ['the same event, seen anew', event('a', 'r0'), { timeline: true, resources: true, all: true }],
    ['the same event by another resource', event('a', 'r1'), { timeline: false, resources: true, all: true }],
    ['an event of the timeline', event('b', 'r0'), { timeline: true, resources: true, all: false }],
    ['an event beyond the timeline', event('z', 'r0'), { timeline: false, resources: true, all: false }],
    ['an event of another resource named here', event('z', 'r6'), { timeline: false, resources: true, all: false }],
    ['an event of a resource unknown here', event('z', 'x'), { timeline: false, resources: false, all: false }],
  ];
  for (const [title, next, kept] of moves) {
    it(`keeps what still holds for ${title}`, () => {
      assert.deepEqual(followEvent(known, next), {
        event: next,
        timeline: kept.timeline ? timeline : undefined,
        resources: kept.resources ? resources : [],
        allResources: kept.all,
      });
    });
  }

  it('shows the neighbours until the timeline is there', () => {
    const shown = event('b', 'r0', { previous: neighbour('a'), next: neighbour('c') });
    const state = followEvent(undefined, shown);
    assert.deepEqual(
      timelineEvents(state).map(({ key, user }) => [key, user]),
      [
        ['a', ''],
        ['b', 'a@b.test'],
        ['c', ''],
      ],
    );
    assert.deepEqual(timelineEvents({ ...state, timeline }), timeline.events);
    assert.equal(timelineEvents(followEvent(undefined, event('b', 'r0'))).length, 1);
  });

  it('offers a few resources, the focused one always among them', () => {
    const offer = (resourceId: string | undefined, allResources = false): [string, number] => {
      const { offered, rest } = offeredResources({ ...known, event: event('a', resourceId), allResources });
      return [offered.map(({ id }) => id).join(' '), rest];
    };
    assert.deepEqual(offer('r0'), ['r0 r1 r2 r3 r4', 2]);
    assert.deepEqual(offer('r6'), ['r0 r1 r2 r3 r6', 2]);
    assert.deepEqual(offer('r6', true), ['r0 r1 r2 r3 r4 r5 r6', 0]);
    assert.deepEqual(offer(undefined), ['r0 r1 r2 r3 r4', 2]);
    assert.deepEqual(offer('x'), ['x r0 r1 r2 r3', 3], 'one that is not known to be named comes first');
  });

  it('offers the focused resource with its address before the others are known', () => {
    const state = followEvent(undefined, event('a', 'r0', { address: 'vkcs_compute_instance.web' }));
    const offered = [{ id: 'r0', kind: undefined, address: 'vkcs_compute_instance.web' }];
    assert.deepEqual(offeredResources(state), { offered, rest: 0 });
    assert.deepEqual(offeredResources(followEvent(undefined, event('a', undefined))), { offered: [], rest: 0 });
  });

  it('is asked for again when the event, its resource or a neighbour is another', () => {
    const questions = [
      event('a', 'r0'),
      event('b', 'r0'),
      event('a', 'r1'),
      event('a', 'r0', { previous: neighbour('c') }),
      event('a', 'r0', { next: neighbour('c') }),
    ].map(timelineQuestion);
    assert.equal(new Set(questions).size, questions.length);
    assert.equal(timelineQuestion(event('a', 'r0')), questions[0]);
  });
});
