import { dayRange, timeOf, type Zone } from './days';
import type { Range } from './range';

/** An hour of a day as clocks show it. Where they change, one may be shorter, missing, or there twice. */
interface Hour extends Range {
  /** `HH:mm` of its beginning; with the offset from UTC where the day has this hour twice. */
  readonly label: string;
}

const quarter = 900_000;

/** The hours of a day, newest first. @throws RangeError where `day` is no `yyyy-MM-dd` */
export function hoursOf(day: string, zone: Zone): Hour[] {
  const { from, to } = dayRange(day, zone);
  const hours: { from: number; to: number; clock: string; offset: string }[] = [];
  for (let time = from; time < to; time += quarter) {
    const clock = timeOf(time, zone).slice(0, 2);
    const offset = offsetOf(time, zone);
    const last = hours.at(-1);
    if (last?.clock === clock && last.offset === offset) last.to = Math.min(time + quarter, to);
    else hours.push({ from: time, to: Math.min(time + quarter, to), clock, offset });
  }
  return hours.reverse().map((hour) => {
    const isTwice = hours.some((other) => other !== hour && other.clock === hour.clock);
    const label = timeOf(hour.from, zone).slice(0, 5);
    return { from: hour.from, to: hour.to, label: isTwice ? `${label} ${hour.offset}` : label };
  });
}

/** As `+03:00`. */
function offsetOf(time: number, zone: Zone): string {
  const minutes = zone === 'utc' ? 0 : -new Date(time).getTimezoneOffset();
  const part = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${part(Math.abs(minutes) / 60)}:${part(Math.abs(minutes) % 60)}`;
}
