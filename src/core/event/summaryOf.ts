import { eventKey } from './decode';
import { fieldText, outcomeOf, type ActivityEvent, type EventSummary } from './event';
import { resourceOf } from './resources';

/** What a list shows of a record. `key`: what it goes by in its history. */
export function summaryOf(event: ActivityEvent, time: number | undefined, key = eventKey(event)): EventSummary {
  const text = (field: string): string => fieldText(event, field);
  return {
    key,
    eventId: text('event_id'),
    time,
    timestamp: text('timestamp'),
    source: text('source'),
    action: text('action'),
    outcome: outcomeOf(event),
    method: text('method'),
    uri: text('uri'),
    userEmail: text('user_email'),
    userId: text('user_id'),
    userAgent: text('user_agent'),
    requestId: text('request_id'),
    resourceId: resourceOf(event).primary,
  };
}
