import { gone } from '../../core/event/gone';
import type { Timeline } from '../../protocol/panel';
import type { Shown } from '../history';
import type { Readers } from './parts';
import { always } from './scan';
import { toTimelineEvent } from './shownEvent';

/** Events on either side of a timeline's middle. */
const reach = 12;

/** The events around one in the life of a resource. */
export async function readTimeline(
  { reader, counter }: Readers,
  key: string,
  resourceId: string,
  shown: Shown,
  signal: AbortSignal,
): Promise<Timeline> {
  const found = reader.find(key) ?? gone();
  const { previous, next } = reader.around(found, resourceId, reach + 1);
  const events = [...previous.slice(0, reach).reverse(), found.summary, ...next.slice(0, reach)];
  return {
    events: events.map((event) => toTimelineEvent(event, shown)),
    earlier: previous.length > reach,
    later: next.length > reach,
    total: await counter.total({ range: always, resourceId }, signal),
  };
}
