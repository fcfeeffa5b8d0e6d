import { formatMoment, type Zone } from '../../core/time/days';
import { UserError } from '../../core/base/errors';
import type { EventSummary } from '../../core/event/event';
import { message } from '../../core/base/message';
import { redactShort } from '../../core/redact/redact';
import type { Neighbour } from '../../protocol/panel';

/** How texts of events are shown. */
export interface Shown {
  readonly redact: boolean;
  readonly zone: Zone;
}

/** An event as the page names it. */
export function toNeighbour({ key, action, outcome, time, timestamp }: EventSummary, shown: Shown): Neighbour {
  const moment = time === undefined ? shownText(timestamp, shown) : formatMoment(time, shown.zone);
  return { key, action: shownText(action, shown), outcome, time, moment };
}

export function shownText(text: string, { redact }: Shown): string {
  return redact ? redactShort(text) : text;
}

/** @throws UserError always: the event that was asked for is not there any more */
export function gone(): never {
  throw new UserError(message('The event is not stored any more. Load the time range again.'));
}
