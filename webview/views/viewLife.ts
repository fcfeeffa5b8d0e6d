import { message } from '../../src/core/base/message';
import { resourceKinds } from '../../src/core/event/namedResources';
import { visibleText } from '../../src/core/base/visibleText';
import type { LifeEvent, Neighbour, PanelEvent, PanelResource, Timeline } from '../../src/protocol/panel';
import { createAsking } from '../model/asking';
import { element, icon, redraw } from '../dom';
import { createEventButton, resetTabStop, walkByArrows } from './eventItem';
import type { Language } from '../model/language';

interface LifeActions {
  openEvent(key: string, aside: boolean): void;
  showResourceHistory(resourceId: string): void;
  walk(resourceId: string): void;
  timeline(key: string, resourceId: string, signal: AbortSignal): Promise<Timeline>;
  fail(error: unknown): void;
}

interface LifeView {
  readonly element: HTMLElement;
  update(event: PanelEvent, now: number): void;
  /** The resources that the event names, once they are known. */
  setResources(resources: readonly PanelResource[]): void;
}

/** Resources offered at first; the rest on demand. */
const fewResources = 5;

/** The life of a resource as a strip of its events around the one that is shown, and the way along it. */
export function createLifeView(language: Language, actions: LifeActions): LifeView {
  const { say } = language;
  const ask = createAsking();
  let shown: PanelEvent | undefined;
  let timeline: Timeline | undefined;
  let asked = '';
  let now = 0;
  let resources: readonly PanelResource[] = [];
  let allResources = false;

  const previous = createStep('previous', 'Alt+ArrowLeft', () => shown?.previous);
  const next = createStep('next', 'Alt+ArrowRight', () => shown?.next);
  const head = element('div', { class: 'resource' });
  const rail = element('ol', { class: 'rail', 'data-testid': 'timeline' });
  walkByArrows(rail);

  function createStep(name: 'previous' | 'next', keys: string, target: () => Neighbour | undefined): HTMLButtonElement {
    const attributes = {
      id: name,
      'data-testid': name,
      class: `step ${name}`,
      type: 'button',
      'aria-keyshortcuts': keys,
    };
    const button = element('button', attributes, icon(name)) as HTMLButtonElement;
    button.addEventListener('click', ({ ctrlKey, metaKey }) => {
      const event = target();
      if (event) actions.openEvent(event.key, ctrlKey || metaKey);
    });
    return button;
  }

  function updateStep(button: HTMLButtonElement, neighbour: Neighbour | undefined, title: string, none: string): void {
    const about = neighbour ? `${visibleText(neighbour.action, 60)}, ${neighbour.moment}` : none;
    button.title = `${title}: ${about}`;
    button.ariaLabel = button.title;
    button.disabled = !neighbour;
  }

  function updateSteps(event: PanelEvent): void {
    const focused = document.activeElement;
    const titles = {
      previous: say(message('Previous event of this resource (Alt+Left)')),
      next: say(message('Next event of this resource (Alt+Right)')),
    };
    updateStep(previous, event.previous, titles.previous, say(message('no earlier event loaded')));
    updateStep(next, event.next, titles.next, say(message('no later event loaded')));
    // A button that is disabled loses the focus: the keyboard goes on at the other one.
    if (focused === previous && previous.disabled) next.focus();
    if (focused === next && next.disabled) previous.focus();
  }

  function request(center: string, resourceId: string): void {
    ask(
      (signal) => actions.timeline(center, resourceId, signal),
      (answer) => {
        timeline = answer;
        drawHead();
        drawRail(center);
      },
      (error) => actions.fail(error),
    );
  }

  function drawRail(center: string): void {
    if (!shown) return;
    const present = shown;
    const { key, resourceId } = present;
    const events = timeline?.events ?? [present.previous, present, present.next].flatMap((each) => each ?? []);
    const more = (name: 'earlier' | 'later', label: string, from: Neighbour | undefined): HTMLElement => {
      const button = element('button', { id: name, type: 'button', class: 'more' }, label);
      button.addEventListener('click', () => from && resourceId !== undefined && request(from.key, resourceId));
      return element('li', {}, button);
    };
    const items = events.map((event) => {
      const button = createEventButton(asLifeEvent(event, present), language, now, (aside) =>
        actions.openEvent(event.key, aside),
      );
      button.id = `life-${event.key}`;
      if (event.key === key) button.ariaCurrent = 'true';
      return element('li', {}, button);
    });
    redraw(rail, [
      timeline?.earlier ? more('earlier', say(message('earlier')), events[0]) : undefined,
      ...items,
      timeline?.later ? more('later', say(message('later')), events.at(-1)) : undefined,
    ]);
    resetTabStop(rail);
    // In the frame, when all is drawn: places are then worked out once.
    requestAnimationFrame(() => {
      const middle = document.getElementById(`life-${center}`)?.parentElement;
      if (middle) rail.scrollLeft = middle.offsetLeft - (rail.clientWidth - middle.clientWidth) / 2;
    });
  }

  function drawHead(): void {
    if (!shown) return;
    const { resourceId } = shown;
    const offered = resources.some(({ id }) => id === resourceId) || resourceId === undefined;
    const all = offered ? resources : [{ id: resourceId, kind: undefined, address: shown.address }, ...resources];
    if (all.length === 0) {
      redraw(head, [element('span', { class: 'none' }, say(message('This event names no resource.')))]);
      return;
    }
    const visible = all.slice(0, allResources ? all.length : fewResources);
    const current = all.find(({ id }) => id === resourceId);
    if (current && !visible.includes(current)) visible.splice(-1, 1, current);
    const chips = visible.map((resource) => chip(resource, resource.id === resourceId));
    const rest = element(
      'button',
      { id: 'more-resources', type: 'button', class: 'link', hidden: visible.length === all.length },
      say(message('{0} more', language.count(all.length - visible.length))),
    );
    rest.addEventListener('click', () => {
      allResources = true;
      drawHead();
    });
    const history = element(
      'button',
      { id: 'resource-history', class: 'link', type: 'button', hidden: resourceId === undefined },
      say(message('Show its history')),
    );
    history.addEventListener('click', () => resourceId !== undefined && actions.showResourceHistory(resourceId));
    const total = timeline?.total ?? 0;
    const count = total === 1 ? message('1 event') : message('{0} events', language.count(total));
    redraw(head, [
      element(
        'span',
        { class: 'chips', role: 'group', 'aria-label': say(message('Resources of this event')) },
        ...chips,
      ),
      rest,
      timeline && element('span', { class: 'ago' }, say(count)),
      history,
    ]);
  }

  function chip({ id, kind, address }: PanelResource, current: boolean): HTMLElement {
    const name = kind ? say(resourceKinds[kind]) : say(message('Resource'));
    const button = element(
      'button',
      {
        id: `resource-${id}`,
        type: 'button',
        class: 'chip',
        'aria-pressed': String(current),
        'data-testid': 'resource',
        title: `${name} ${visibleText(id)}`,
      },
      `${name} `,
      element('bdi', address === undefined ? { class: 'id' } : {}, visibleText(address ?? id)),
    );
    button.addEventListener('click', ({ ctrlKey, metaKey }) => {
      if (ctrlKey || metaKey) actions.showResourceHistory(id);
      else if (!current) actions.walk(id);
    });
    return button;
  }

  return {
    element: element(
      'nav',
      { class: 'life', 'aria-label': say(message('Events of the same resource')) },
      head,
      element('div', { class: 'way' }, previous, rail, next),
    ),
    update(event, time) {
      const moved = shown?.key !== event.key;
      if (moved || shown?.resourceId !== event.resourceId) {
        if (shown?.resourceId !== event.resourceId || !timeline?.events.some(({ key }) => key === event.key)) {
          timeline = undefined;
        }
        if (moved) allResources = false;
        if (moved && !resources.some(({ id }) => id === event.resourceId)) resources = [];
      }
      shown = event;
      now = time;
      updateSteps(event);
      drawHead();
      drawRail(event.key);
      const question = JSON.stringify([event.key, event.resourceId, event.previous?.key, event.next?.key]);
      if (question === asked) return;
      asked = question;
      if (event.resourceId !== undefined) request(event.key, event.resourceId);
    },
    setResources(found) {
      resources = found;
      drawHead();
    },
  };
}

/** Until the timeline is there, what is known of the neighbours. */
function asLifeEvent(event: Neighbour | LifeEvent, shown: PanelEvent): LifeEvent {
  if ('user' in event) return event;
  return { ...event, source: '', user: event.key === shown.key ? shown.fields.user : '' };
}
