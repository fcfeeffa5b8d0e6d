import { narrateCall, type Narration } from './calls/narrateCall';
import { fieldText, type ActivityEvent } from '../event/event';
import { failureMessage } from './failureMessage';
import { redactEvent } from '../event/redactEvent';

/** An event in words. Secrets are masked. */
export interface EventStory extends Narration {
  /** What the service says went wrong: its own words. Undefined where nothing did, or where it says nothing. */
  readonly failure: string | undefined;
}

/** Takes a millisecond or two whatever the size: what is told stands at the beginning of bodies, so that only that is read. */
export function narrateEvent(event: ActivityEvent): EventStory {
  const safe = readSafely(event);
  return { ...narrateCall(safe), failure: failureMessage(safe) };
}

/** What is told of an event, secrets masked. */
export function readSafely(event: ActivityEvent): ActivityEvent {
  const told = narratedFields.map((field) => [field, fieldText(event, field).slice(0, maxRead)]);
  return redactEvent(Object.fromEntries(told) as ActivityEvent);
}

const narratedFields = ['source', 'action', 'success', 'method', 'uri', 'request_body', 'response_body'] as const;

/** UTF-16 units of each field. */
export const maxRead = 16 * 1024;
