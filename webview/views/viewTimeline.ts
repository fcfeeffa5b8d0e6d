import { message } from '../../src/core/base/message';
import type { TimelineEvent, PanelEvent, PanelResource, Timeline } from '../../src/protocol/panel';
import { element, redraw, type Child } from '../dom';
import { createAsking } from '../model/asking';
import type { Language } from '../model/language';
import { followEvent, timelineEvents, timelineQuestion, type TimelineState } from '../model/timelineState';
import { createEventButton, resetTabStop, walkByArrows } from '../parts/eventItem';
import { drawResourceChoice, type ResourceActions } from '../parts/resourceChoice';
import { createSteps } from '../parts/timelineSteps';

export interface TimelineActions extends ResourceActions {
  openEvent(key: string, aside: boolean): void;
  timeline(key: string, resourceId: string, signal: AbortSignal): Promise<Timeline>;
  fail(error: unknown): void;
}

interface TimelineView {
  readonly element: HTMLElement;
  update(event: PanelEvent, now: number): void;
  /** The resources that the event names, once they are known. */
  setResources(resources: readonly PanelResource[]): void;
}

/** The life of a resource as a strip of its events around the one that is shown, and the way along it. */
export function createTimelineView(language: Language, actions: TimelineActions): TimelineView {
  const { say } = language;
  const ask = createAsking();
  let state: TimelineState | undefined;
  let asked = '';
  let now = 0;

  const steps = createSteps(language, actions);
  const head = element('div', { class: 'resource' });
  const rail = element('ol', { class: 'rail', 'data-testid': 'timeline' });
  walkByArrows(rail);

  /** Asks for the events around one of the timeline. */
  function request(center: string): void {
    const resourceId = state?.event.resourceId;
    if (resourceId === undefined) return;
    ask(
      (signal) => actions.timeline(center, resourceId, signal),
      (timeline) => {
        change({ timeline });
        drawRail(center);
      },
      (error) => actions.fail(error),
    );
  }

  function change(changed: Partial<TimelineState>): void {
    if (!state) return;
    state = { ...state, ...changed };
    drawHead(state);
  }

  function drawHead(state: TimelineState): void {
    redraw(
      head,
      drawResourceChoice(state, language, actions, () => change({ allResources: true })),
    );
  }

  function drawRail(center: string): void {
    if (!state) return;
    redraw(rail, drawEvents(state, language, now, actions.openEvent, request));
    resetTabStop(rail);
    centre(rail, center);
  }

  return {
    element: element(
      'nav',
      { class: 'life', 'aria-label': say(message('Events of the same resource')) },
      head,
      element('div', { class: 'way' }, steps.previous, rail, steps.next),
    ),
    update(event, time) {
      state = followEvent(state, event);
      now = time;
      steps.update(event);
      drawHead(state);
      drawRail(event.key);
      const question = timelineQuestion(event);
      if (question === asked) return;
      asked = question;
      request(event.key);
    },
    setResources: (resources) => change({ resources }),
  };
}

function drawEvents(
  state: TimelineState,
  language: Language,
  now: number,
  openEvent: (key: string, aside: boolean) => void,
  request: (center: string) => void,
): Child[] {
  const { say } = language;
  const { event: shown, timeline } = state;
  const events = timelineEvents(state);
  const more = (name: 'earlier' | 'later', label: string, from: TimelineEvent | undefined): HTMLElement => {
    const button = element('button', { id: name, type: 'button', class: 'more' }, label);
    button.addEventListener('click', () => from && request(from.key));
    return element('li', {}, button);
  };
  const items = events.map((event) => {
    const button = createEventButton(event, language, now, (aside) => openEvent(event.key, aside));
    button.id = `life-${event.key}`;
    if (event.key === shown.key) button.ariaCurrent = 'true';
    return element('li', {}, button);
  });
  return [
    timeline?.earlier ? more('earlier', say(message('earlier')), events[0]) : undefined,
    ...items,
    timeline?.later ? more('later', say(message('later')), events.at(-1)) : undefined,
  ];
}

/** Scrolls to an event: in the frame, when all is drawn, so that places are worked out once. */
function centre(rail: HTMLElement, key: string): void {
  requestAnimationFrame(() => {
    const middle = document.getElementById(`life-${key}`)?.parentElement;
    if (middle) rail.scrollLeft = middle.offsetLeft - (rail.clientWidth - middle.clientWidth) / 2;
  });
}
