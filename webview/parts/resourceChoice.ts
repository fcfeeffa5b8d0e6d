import { message } from '../../src/core/base/message';
import { visibleText } from '../../src/core/base/visibleText';
import { resourceKinds } from '../../src/core/event/namedResources';
import type { PanelResource } from '../../src/protocol/panel';
import { element, type Child } from '../dom';
import type { Language } from '../model/language';
import { offeredResources, type TimelineState } from '../model/timelineState';
import type { HostActions } from './hostActions';

export interface ResourceActions extends HostActions {
  walk(resourceId: string): void;
}

/** The resources that the event names, the focused one marked, and how many events that one has. */
export function drawResourceChoice(
  state: TimelineState,
  language: Language,
  actions: ResourceActions,
  showAll: () => void,
): Child[] {
  const { say, count } = language;
  const { resourceId } = state.event;
  const { offered, rest } = offeredResources(state);
  if (offered.length === 0) {
    return [element('span', { class: 'none' }, say(message('This event names no resource.')))];
  }
  const more = element(
    'button',
    { id: 'more-resources', type: 'button', class: 'link', hidden: rest === 0 },
    say(message('{0} more', count(rest))),
  );
  more.addEventListener('click', showAll);
  const history = element(
    'button',
    { id: 'resource-history', class: 'link', type: 'button', hidden: resourceId === undefined },
    say(message('Show its history')),
  );
  const showHistory = (resourceId: string): void =>
    void actions.run('showResourceHistory', { resourceId, focus: false });
  history.addEventListener('click', () => resourceId !== undefined && showHistory(resourceId));
  const chips = offered.map((resource) =>
    drawChip(resource, resource.id === resourceId, language, showHistory, actions.walk),
  );
  const total = state.timeline?.total;
  const events = total === 1 ? message('1 event') : message('{0} events', count(total ?? 0));
  return [
    element('span', { class: 'chips', role: 'group', 'aria-label': say(message('Resources of this event')) }, ...chips),
    more,
    total === undefined ? undefined : element('span', { class: 'ago' }, say(events)),
    history,
  ];
}

function drawChip(
  { id, kind, address }: PanelResource,
  isFocused: boolean,
  { say }: Language,
  showHistory: (resourceId: string) => void,
  walk: (resourceId: string) => void,
): HTMLElement {
  const name = kind ? say(resourceKinds[kind]) : say(message('Resource'));
  const button = element(
    'button',
    {
      id: `resource-${id}`,
      type: 'button',
      class: 'chip',
      'aria-pressed': String(isFocused),
      'data-testid': 'resource',
      title: `${name} ${visibleText(id)}`,
    },
    `${name} `,
    element('bdi', address === undefined ? { class: 'id' } : {}, visibleText(address ?? id)),
  );
  button.addEventListener('click', ({ ctrlKey, metaKey }) => {
    if (ctrlKey || metaKey) showHistory(id);
    else if (!isFocused) walk(id);
  });
  return button;
}
