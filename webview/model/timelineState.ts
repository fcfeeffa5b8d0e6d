import type { TimelineEvent, Neighbour, PanelEvent, PanelResource, Timeline } from '../../src/protocol/panel';

/** What is known of the timeline around the event that is shown. */
export interface TimelineState {
  readonly event: PanelEvent;
  /** Undefined until it is there. */
  readonly timeline: Timeline | undefined;
  /** The resources that the event names, once they are known. */
  readonly resources: readonly PanelResource[];
  /** Whether all of them are offered. */
  readonly allResources: boolean;
}

/** Resources offered at first; the rest on demand. */
const fewResources = 5;

/** The state once `event` is shown. What still holds stays, so that it need not be drawn from nothing. */
export function followEvent(before: TimelineState | undefined, event: PanelEvent): TimelineState {
  if (!before) return { event, timeline: undefined, resources: [], allResources: false };
  const { timeline, resources, allResources } = before;
  const moved = before.event.key !== event.key;
  const refocused = before.event.resourceId !== event.resourceId;
  const isInside = !moved || timeline?.events.some(({ key }) => key === event.key) === true;
  const isNamed = !moved || resources.some(({ id }) => id === event.resourceId);
  return {
    event,
    timeline: !refocused && isInside ? timeline : undefined,
    resources: isNamed ? resources : [],
    allResources: allResources && !moved,
  };
}

/** What a timeline is asked for: it is out of date when this changes. */
export function timelineQuestion({ key, resourceId, previous, next }: PanelEvent): string {
  return JSON.stringify([key, resourceId, previous?.key, next?.key]);
}

/** The events of the strip; until the timeline is there, the neighbours. */
export function timelineEvents({ event, timeline }: TimelineState): readonly TimelineEvent[] {
  const { previous, next } = event;
  const known: readonly (Neighbour | TimelineEvent | undefined)[] = timeline?.events ?? [previous, event, next];
  return known.flatMap((each) => {
    if (!each) return [];
    if ('user' in each) return [each];
    return [{ ...each, source: '', user: each.key === event.key ? event.fields.user : '' }];
  });
}

/** The resources to choose from, the focused one always among them, and how many more there are. */
export function offeredResources({ event, resources, allResources }: TimelineState): {
  readonly offered: readonly PanelResource[];
  readonly rest: number;
} {
  const { resourceId, address } = event;
  const isNamed = resourceId === undefined || resources.some(({ id }) => id === resourceId);
  const all = isNamed ? resources : [{ id: resourceId, kind: undefined, address }, ...resources];
  const offered = all.slice(0, allResources ? all.length : fewResources);
  const focused = all.find(({ id }) => id === resourceId);
  if (focused && !offered.includes(focused)) offered.splice(-1, 1, focused);
  return { offered, rest: all.length - offered.length };
}
