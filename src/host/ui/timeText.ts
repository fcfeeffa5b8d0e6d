import { formatMoment } from '../../core/time/days';
import type { EventSummary } from '../../core/event/event';
import { visibleText } from '../../core/base/visibleText';
import { setting } from './settings';

/** When an event happened, for people; as received where it cannot be read. */
export function timeText(summary: EventSummary): string {
  return summary.time === undefined
    ? visibleText(summary.timestamp, 40)
    : formatMoment(summary.time, setting('timeZone'));
}
