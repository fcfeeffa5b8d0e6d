import { agentKind } from '../../core/event/agent';
import type { Body, BodyOptions, BodyPart } from '../../core/event/body';
import type { Zone } from '../../core/time/days';
import { UserError } from '../../core/base/errors';
import type { EventSummary } from '../../core/event/event';
import { message } from '../../core/base/message';
import type { BodyLimits, History } from '../../history/history';
import {
  headerFields,
  type ComparedPart,
  type FirstBody,
  type HeaderField,
  type PanelEvent,
  type PanelHost,
  type PanelTab,
} from '../../protocol/panel';
import { compareBodies, fit, longestBody } from './comparison';
import { findRelated, readTimeline } from './related';
import { gone, toNeighbour, type Shown } from './storedEvent';

/** Where the panel's events come from, and how they are to be shown. */
export interface PanelEvents {
  /** The id of the active connection. */
  connection(): string | undefined;
  /** Undefined while it is being opened. */
  history(): History | undefined;
  zone(): Zone;
  redact(): boolean;
  /** The addresses that Terraform states of the workspace give to resources, as far as they are known by now. */
  addresses(ids: readonly string[]): Promise<readonly (string | undefined)[]>;
}

/** How they are to be shown now. */
export function shownBy(events: PanelEvents): Shown {
  return { redact: events.redact(), zone: events.zone() };
}

/** What the panel starts elsewhere. A rejection is shown in the panel. */
export interface PanelActions {
  openBody(key: string, part: BodyPart): Promise<void>;
  compareEvents(left: string, right: string, part: ComparedPart): Promise<void>;
  /** Lets the user choose an event to compare `key` with; undefined when dismissed. */
  pickEvent(key: string): Promise<string | undefined>;
  goToUri(key: string, target: 'code' | 'live' | 'browser'): Promise<void>;
  showResourceHistory(resourceId: string): Promise<void>;
  showCode(id: string): Promise<void>;
  findEvents(text: string): Promise<void>;
  copyAsCurl(key: string): Promise<void>;
  copyAsMarkdown(key: string): Promise<void>;
  copyLink(key: string): Promise<void>;
  copy(text: string): Promise<void>;
}

/** A header's field is cut here on its way to the page. */
const longestField = 4_000;

/**
 * The event as the page's header shows it, with its neighbours in the life of `walked` (undefined: of the resource it is
 * about); undefined where the history has no such event.
 */
export async function loadPanelEvent(
  history: History,
  key: string,
  walked: string | undefined,
  events: PanelEvents,
): Promise<PanelEvent | undefined> {
  const found = history.summary(key, events.redact()).then(async (summary) => {
    const resourceId = walked ?? summary?.resourceId;
    const [address] = resourceId === undefined ? [] : await events.addresses([resourceId]);
    return { summary, resourceId, address };
  });
  const [{ summary, resourceId, address }, story, neighbours] = await Promise.all([
    found,
    history.story(key),
    history.neighbours(key, walked, 1),
  ]);
  if (!summary || !story) return undefined;
  const [previous] = neighbours.previous;
  const [next] = neighbours.next;
  const fields = headerFields.map((field) => {
    const text = headerText(summary, field);
    return [field, text.length > longestField ? `${text.slice(0, longestField)}…` : text] as const;
  });
  return {
    ...toNeighbour(summary, shownBy(events)),
    fields: Object.fromEntries(fields) as Record<HeaderField, string>,
    zone: summary.time === undefined ? '' : zoneName(summary.time, events.zone()),
    agent: agentKind(summary.userAgent),
    resourceId,
    address,
    sentence: story.sentence,
    failure: story.failure,
    previous: previous && toNeighbour(previous, shownBy(events)),
    next: next && toNeighbour(next, shownBy(events)),
  };
}

/** Of larger bodies (UTF-16 units) the page gets the beginning first. */
const longestFirst = 100_000;
const beginning: BodyLimits = { longest: longestBody, beginning: longestFirst };

/** The body that the tab shows; undefined where it is large, or the tab shows none. */
export async function loadFirstBody(
  history: History,
  key: string,
  { tab, pretty }: { readonly tab: PanelTab; readonly pretty: boolean },
  redact: boolean,
): Promise<FirstBody | undefined> {
  if (tab === 'changes') return undefined;
  const part = tab === 'raw' ? 'event' : tab;
  const options = { pretty, redact };
  const body = await history.bodyUpTo(key, part, options, longestFirst);
  if (body && body.kind !== 'tooLarge') return { part, pretty, body: fit(body, redact) };
  // The worker begins with what the page will ask for: it takes a while.
  if (body) history.bodyBeginning(key, part, options, beginning).catch(() => undefined);
  return undefined;
}

/** Answers the page. */
export function createPanelHost(
  events: PanelEvents,
  actions: PanelActions,
  page: Pick<PanelHost, 'ready' | 'remember' | 'rememberOptions' | 'openEvent' | 'walk' | 'go'>,
): PanelHost {
  async function body(key: string, part: BodyPart, options: Omit<BodyOptions, 'redact'>): Promise<Body> {
    const found = await requireHistory(events).body(key, part, { ...options, redact: events.redact() });
    return found ?? gone();
  }

  return {
    ...page,
    body: async (key, part, pretty, whole) => {
      const redact = events.redact();
      const history = requireHistory(events);
      const options = { pretty, redact };
      const found = await (whole
        ? history.bodyUpTo(key, part, options, longestBody)
        : history.bodyBeginning(key, part, options, beginning));
      return fit(found ?? gone(), redact);
    },
    reveal: async (key, part, pretty, index) =>
      (await requireHistory(events).reveal(key, part, { pretty, redact: events.redact() }, index)) ?? gone(),
    compare: (key, baseline, part, signal) =>
      compareBodies(requireHistory(events), { key, baseline, part }, shownBy(events), signal),
    pickBaseline: async (key) => {
      const picked = await actions.pickEvent(key);
      const found = picked === undefined ? undefined : await requireHistory(events).summary(picked);
      return found && toNeighbour(found, shownBy(events));
    },
    timeline: (key, resourceId, signal) =>
      readTimeline(requireHistory(events), key, resourceId, shownBy(events), signal),
    related: async (key, signal) => {
      const related = await findRelated(requireHistory(events), key, shownBy(events), signal);
      const addresses = await events.addresses(related.resources.map(({ id }) => id));
      const resources = related.resources.map((resource, index) => ({ ...resource, address: addresses[index] }));
      return { ...related, resources };
    },
    openBody: (key, part) => actions.openBody(key, part),
    openDiff: (left, right, part) => actions.compareEvents(left, right, part),
    goToUri: (key, target) => actions.goToUri(key, target),
    showResourceHistory: (resourceId) => actions.showResourceHistory(resourceId),
    showCode: (id) => actions.showCode(id),
    findEvents: (text) => actions.findEvents(text),
    copyText: (text) => actions.copy(text),
    copyField: async (key, field) => {
      const summary = (await requireHistory(events).summary(key, events.redact())) ?? gone();
      await actions.copy(headerText(summary, field));
    },
    copyBody: async (key, part, pretty) => actions.copy((await body(key, part, { pretty })).text),
    copyAsCurl: (key) => actions.copyAsCurl(key),
    copyAsMarkdown: (key) => actions.copyAsMarkdown(key),
    copyLink: (key) => actions.copyLink(key),
  };
}

function headerText(summary: EventSummary, field: HeaderField): string {
  const texts: Readonly<Record<HeaderField, string>> = {
    action: summary.action,
    timestamp: summary.timestamp,
    source: summary.source,
    user: summary.userEmail || summary.userId,
    user_agent: summary.userAgent,
    request_id: summary.requestId,
    event_id: summary.eventId,
    method: summary.method,
    uri: summary.uri,
  };
  return texts[field];
}

/** "UTC", "UTC+03:00": the zone in force at `time`. */
function zoneName(time: number, zone: Zone): string {
  const minutes = zone === 'utc' ? 0 : -new Date(time).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

function requireHistory(events: PanelEvents): History {
  const history = events.history();
  if (!history) throw new UserError(message('The history of this connection is not open yet. Try again in a moment.'));
  return history;
}
