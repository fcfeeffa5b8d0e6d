import { tellCall, type Told } from './calls/tellCall';
import type { ActivityEvent } from './event';
import { failureMessage } from './failureMessage';

/** An event in words. Secrets are masked. */
export interface EventStory extends Told {
  /** What the service says went wrong: its own words. Undefined where nothing did, or where it says nothing. */
  readonly failure: string | undefined;
}

/** Reads only the beginning of bodies, so it takes no longer for large ones. */
export function tellEvent(event: ActivityEvent): EventStory {
  return { ...tellCall(event), failure: failureMessage(event) };
}
