import { formatMoment, type Zone } from '../core/days';
import { UserError } from '../core/errors';
import type { EventSummary } from '../core/event';
import { message } from '../core/message';
import type { Neighbour } from '../protocol/panel';

/** An event as the page names it. */
export function toNeighbour({ key, action, outcome, time, timestamp }: EventSummary, zone: Zone): Neighbour {
  return { key, action, outcome, time, moment: time === undefined ? timestamp : formatMoment(time, zone) };
}

/** @throws UserError always: the event that was asked for is not there any more */
export function gone(): never {
  throw new UserError(message('The event is not stored any more. Load the time range again.'));
}
