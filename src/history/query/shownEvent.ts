import type { EventSummary } from '../../core/event/event';
import { redactSummary } from '../../core/event/redactEvent';
import { redactShort } from '../../core/redact/redact';
import { formatMoment } from '../../core/time/days';
import type { TimelineEvent, Neighbour } from '../../protocol/panel';
import type { Shown } from '../history';
import type { FoundEvent } from './reader';

/** The summary for showing: secrets are masked, those too that only a body tells. */
export function shownSummary({ summary, record }: FoundEvent, { redact }: Shown): EventSummary {
  return redact ? redactSummary(summary, record) : summary;
}

/** An event as the page names it. */
export function toNeighbour({ key, action, outcome, time, timestamp }: EventSummary, shown: Shown): Neighbour {
  const moment = time === undefined ? shownText(timestamp, shown) : formatMoment(time, shown.zone);
  return { key, action: shownText(action, shown), outcome, time, moment };
}

export function toTimelineEvent(event: EventSummary, shown: Shown): TimelineEvent {
  return { ...toNeighbour(event, shown), source: shownText(event.source, shown), user: userOf(event, shown) };
}

/** '' where the record names none. */
export function userOf({ userEmail, userId }: EventSummary, shown: Shown): string {
  return shownText(userEmail || userId, shown);
}

function shownText(text: string, { redact }: Shown): string {
  return redact ? redactShort(text) : text;
}
