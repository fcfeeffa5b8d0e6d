import { attemptsAround } from '../../core/event/attempts';
import type { EventField, EventSummary } from '../../core/event/event';
import { inclusiveRange, type Range } from '../../core/time/range';
import type { Search } from '../../core/search/search';
import type { History } from '../../history/history';
import type { LifeEvent, Related, RelatedGroup, Timeline } from '../../protocol/panel';
import { gone, shownText, toNeighbour, type Shown } from './storedEvent';

const always: Range = { from: -8.64e15, to: 8.64e15 };
const minute = 60_000;

/** Events on either side of a timeline's middle. */
const reach = 12;

/** The events around one in the life of a resource. */
export async function readTimeline(
  history: History,
  key: string,
  resourceId: string,
  shown: Shown,
  signal: AbortSignal,
): Promise<Timeline> {
  const [middle, { previous, next }, counts] = await Promise.all([
    history.summary(key),
    history.neighbours(key, resourceId, reach + 1),
    history.counts({ range: always, resourceId }, shown.zone, signal),
  ]);
  const earlier = previous.slice(0, reach).reverse();
  const events = [...earlier, middle ?? gone(), ...next.slice(0, reach)];
  return {
    events: events.map((event) => toLifeEvent(event, shown)),
    earlier: previous.length > reach,
    later: next.length > reach,
    total: counts.days.reduce((sum, day) => sum + day.events, 0),
  };
}

const userSpan = 10 * minute;
const retrySpan = 60 * minute;

/** Events of a group that are shown; the rest is counted. */
const mostShown = 50;

/** The events that belong together with one, beyond its resource, and the resources it names. */
export async function findRelated(history: History, key: string, shown: Shown, signal: AbortSignal): Promise<Related> {
  const event = (await history.summary(key)) ?? gone();
  const { time, requestId, userId, userEmail } = event;
  const resources = await history.resources(key);

  /** Undefined where nobody knows when the event was. */
  const around = (span: number): Range | undefined =>
    time === undefined ? undefined : inclusiveRange(time - span, time + span);

  async function group(kind: RelatedGroup['kind'], search: Search, range: Range): Promise<RelatedGroup> {
    const view = { range, search };
    const [{ items }, counts] = await Promise.all([
      history.list({ view, limit: mostShown + 1 }, signal),
      history.counts(view, shown.zone, signal),
    ]);
    const others = items.filter((item) => item.key !== key).slice(0, mostShown);
    const total = counts.days.reduce((sum, day) => sum + day.events, 0) - 1;
    return { kind, events: others.map((item) => toLifeEvent(item, shown)), total };
  }

  async function attempts(range: Range): Promise<RelatedGroup> {
    const { method, uri, action } = event;
    const view = {
      range,
      search: both(equal('uri', uri), both(equal('method', method), equal('action', action))),
    };
    const { items } = await history.list({ view, limit: mostShown }, signal);
    const calls = await sameCalls(history, items.toReversed(), key);
    const own = calls.find((item) => item.key === key);
    const found = own ? attemptsAround(calls, own).filter((item) => item !== own) : [];
    return { kind: 'retry', events: found.map((item) => toLifeEvent(item, shown)), total: found.length };
  }

  const user = userId !== '' ? equal('user_id', userId) : userEmail !== '' && equal('user_email', userEmail);
  const [nearby, lately] = [around(retrySpan), around(userSpan)];
  const groups = await Promise.all([
    event.uri !== '' && nearby && attempts(nearby),
    // A request may be answered long after: the history looks its id up, whatever the time.
    requestId !== '' && group('request', equal('request_id', requestId), always),
    user && lately && group('user', user, lately),
  ]);
  return { groups: groups.filter((found) => found && found.events.length > 0) as RelatedGroup[], resources };
}

/** Of calls to one address those of one kind: what an `/action` is to do stands in its body. */
async function sameCalls(history: History, calls: readonly EventSummary[], key: string): Promise<EventSummary[]> {
  const [{ uri } = { uri: '' }] = calls;
  if (!/\/action\/?$/.test(uri.replace(/\?.*$/s, ''))) return [...calls];
  const names = await Promise.all(
    calls.map(async (call) => {
      const body = await history.bodyUpTo(call.key, 'request', { redact: true, pretty: false }, 100_000);
      return body && 'text' in body ? /^\s*\{\s*"([^"]*)"/.exec(body.text)?.[1] : undefined;
    }),
  );
  const own = names[calls.findIndex((call) => call.key === key)];
  return calls.filter((_, index) => names[index] === own);
}

function equal(field: EventField, value: string): Search {
  return { type: 'compare', field, op: '=', value };
}

function both(left: Search, right: Search): Search {
  return { type: 'and', items: [left, right] };
}

function toLifeEvent(event: EventSummary, shown: Shown): LifeEvent {
  const user = shownText(event.userEmail || event.userId, shown);
  return { ...toNeighbour(event, shown), source: shownText(event.source, shown), user };
}
