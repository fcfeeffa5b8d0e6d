import { formatMoment, dayOf, timeOf, type Zone } from '../../core/time/days';
import type { EventSummary } from '../../core/event/event';
import { visibleText } from '../../core/base/visibleText';
import { setting } from './settings';
import { env } from 'vscode';
import type { Range } from '../../core/time/range';

/** When an event happened, for people; as received where it cannot be read. */
export function timeText(summary: EventSummary): string {
  return summary.time === undefined
    ? visibleText(summary.timestamp, 40)
    : formatMoment(summary.time, setting('timeZone'));
}

const minute = 60_000;

/** Times of a day, to the minute where that is exact enough to tell them apart. */
export function clockTexts({ from, to }: Range, span: Range): readonly [from: string, to: string] {
  const zone = setting('timeZone');
  const length = to - from < 2 * minute ? 8 : 5;
  return [
    timeOf(from, zone).slice(0, length),
    to === span.to ? endOf(to, zone, length) : timeOf(to, zone).slice(0, length),
  ];
}

/** The end of a day is 24:00, not 00:00. */
function endOf(time: number, zone: Zone, length: number): string {
  const text = timeOf(time, zone);
  return (text === '00:00:00' ? '24:00:00' : text).slice(0, length);
}

/** From when to when, the day said once where it is the same. */
export function gapTimes({ from, to }: Range): string {
  const zone = setting('timeZone');
  const end = dayOf(from, zone) === dayOf(to, zone) ? timeOf(to, zone) : formatMoment(to, zone);
  return `${formatMoment(from, zone)} – ${end}`;
}

export function weekday(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(env.language, { weekday: 'long', timeZone: 'UTC' });
}
