import { formatMoment } from '../core/days';
import type { EventSummary } from '../core/event';
import { visibleText } from '../core/visibleText';
import { setting } from './settings';

/** When an event happened, for people; as received where it cannot be read. */
export function timeText(summary: EventSummary): string {
  return summary.time === undefined
    ? visibleText(summary.timestamp, 40)
    : formatMoment(summary.time, setting('timeZone'));
}
