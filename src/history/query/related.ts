import { attemptsAround } from '../../core/event/attempts';
import { fieldText, type ActivityEvent, type EventField, type EventSummary } from '../../core/event/event';
import { gone } from '../../core/event/gone';
import { namedResources } from '../../core/event/namedResources';
import type { Search } from '../../core/search/search';
import { inclusiveRange, type Range } from '../../core/time/range';
import type { Related, RelatedGroup } from '../../protocol/panel';
import type { Shown, View } from '../history';
import type { Readers } from './parts';
import type { FoundEvent } from './reader';
import { always } from './scan';
import { toTimelineEvent } from './shownEvent';

const minute = 60_000;
const userSpan = 10 * minute;
const retrySpan = 60 * minute;

/** Events of a group that are shown; the rest is counted. */
const maxShown = 50;

/** The events that belong together with one, beyond its resource, and the resources it names. */
export async function findRelated(
  { reader, counter }: Readers,
  key: string,
  shown: Shown,
  signal: AbortSignal,
): Promise<Related> {
  const { summary, record } = reader.find(key) ?? gone();
  const { time, requestId, userId, userEmail, uri, method, action } = summary;

  /** Undefined where nobody knows when the event was. */
  const around = (span: number): Range | undefined =>
    time === undefined ? undefined : inclusiveRange(time - span, time + span);
  const toGroup = (kind: RelatedGroup['kind'], events: readonly EventSummary[], total: number): RelatedGroup => ({
    kind,
    events: events.map((event) => toTimelineEvent(event, shown)),
    total,
  });

  async function group(kind: RelatedGroup['kind'], search: Search, range: Range): Promise<RelatedGroup> {
    const view = { range, search };
    const [{ items }, total] = await Promise.all([
      reader.list({ view, limit: maxShown + 1 }, signal),
      counter.total(view, signal),
    ]);
    const others = items.filter((item) => item.key !== key).slice(0, maxShown);
    return toGroup(kind, others, total - 1);
  }

  async function attempts(range: Range): Promise<RelatedGroup> {
    const search = both(equal('uri', uri), both(equal('method', method), equal('action', action)));
    const calls = await sameCalls({ range, search });
    const own = calls.find((item) => item.key === key);
    const others = own ? attemptsAround(calls, own).filter((item) => item !== own) : [];
    return toGroup('retry', others, others.length);
  }

  /** Calls to this address, oldest first, of one kind: what an `/action` is to do stands in its body. */
  async function sameCalls(view: View): Promise<EventSummary[]> {
    const isAction = /\/action\/?$/.test(uri.replace(/\?.*$/s, ''));
    const kindOf = (call: ActivityEvent): string | undefined =>
      isAction ? /^\s*\{\s*"([^"]*)"/.exec(fieldText(call, 'request_body'))?.[1] : undefined;
    const own = kindOf(record);
    const take = (call: FoundEvent): EventSummary[] => (kindOf(call.record) === own ? [call.summary] : []);
    const { items } = await reader.listOf({ view, limit: maxShown }, take, signal);
    return items.flat().toReversed();
  }

  const user = userId !== '' ? equal('user_id', userId) : userEmail !== '' && equal('user_email', userEmail);
  const [nearby, lately] = [around(retrySpan), around(userSpan)];
  const groups = await Promise.all([
    uri !== '' && nearby && attempts(nearby),
    // A request may be answered long after: its id is looked up, whatever the time.
    requestId !== '' && group('request', equal('request_id', requestId), always),
    user && lately && group('user', user, lately),
  ]);
  return {
    groups: groups.filter((found) => found && found.events.length > 0) as RelatedGroup[],
    resources: namedResources(record),
  };
}

function equal(field: EventField, value: string): Search {
  return { type: 'compare', field, op: '=', value };
}

function both(left: Search, right: Search): Search {
  return { type: 'and', items: [left, right] };
}
