import { tellCall, type Told } from './calls/tellCall';
import { fieldText, type ActivityEvent } from '../event/event';
import { failureMessage } from './failureMessage';
import { redactEvent } from '../event/redactEvent';

/** An event in words. Secrets are masked. */
export interface EventStory extends Told {
  /** What the service says went wrong: its own words. Undefined where nothing did, or where it says nothing. */
  readonly failure: string | undefined;
}

/** Takes a millisecond or two whatever the size: what is told stands at the beginning of bodies, so that only that is read. */
export function tellEvent(event: ActivityEvent): EventStory {
  const safe = readSafely(event);
  return { ...tellCall(safe), failure: failureMessage(safe) };
}

/** What is told of an event, secrets masked. */
export function readSafely(event: ActivityEvent): ActivityEvent {
  const told = toldFields.map((field) => [field, fieldText(event, field).slice(0, longestRead)]);
  return redactEvent(Object.fromEntries(told) as ActivityEvent);
}

const toldFields = ['source', 'action', 'success', 'method', 'uri', 'request_body', 'response_body'] as const;

/** UTF-16 units of each field. */
export const longestRead = 16 * 1024;
