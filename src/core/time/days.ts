import { addDays } from 'date-fns';
import type { Range } from './range';
import { readTime, utcOf } from './time';

/** Whose calendar is meant: this machine's or UTC. */
export type Zone = 'local' | 'utc';

const dayLength = 86_400_000;

/** The day that `time` (UTC milliseconds) falls on in `zone`, as `yyyy-MM-dd`. */
export function dayOf(time: number, zone: Zone): string {
  const date = new Date(time);
  const [year, month, day] =
    zone === 'utc'
      ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
      : [date.getFullYear(), date.getMonth(), date.getDate()];
  return `${String(year).padStart(4, '0')}-${twoDigits(month + 1)}-${twoDigits(day)}`;
}

/** The whole day: 23 or 25 hours long where clocks change. @throws RangeError where `day` is no `yyyy-MM-dd`. */
export function dayRange(day: string, zone: Zone): Range {
  const from = parseMoment(day, zone);
  if (from === undefined || day.length !== 10) throw new RangeError(`Not a day: ${day}`);
  if (zone === 'utc') return { from, to: from + dayLength };
  // Counted from noon: `from` itself may be 01:00 where clocks go forward at midnight.
  const next = addDays(new Date(from).setHours(12), 1);
  return { from, to: next.setHours(0, 0, 0, 0) };
}

/** The time of day as `HH:mm:ss`. */
export function timeOf(time: number, zone: Zone): string {
  const date = new Date(time);
  const parts =
    zone === 'utc'
      ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
      : [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map(twoDigits).join(':');
}

/** The moment as `yyyy-MM-dd HH:mm:ss`; {@link parseMoment} reads it back to the second. */
export function formatMoment(time: number, zone: Zone): string {
  return `${dayOf(time, zone)} ${timeOf(time, zone)}`;
}

const moment = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d))?)?$/;

/**
 * UTC milliseconds of what a person typed: RFC 3339 as it is, `yyyy-MM-dd`, `yyyy-MM-dd HH:mm` or `yyyy-MM-dd HH:mm:ss` in
 * `zone`. Of a time that clocks show twice the first counts; one that they skip is read as if they had not been changed yet.
 */
export function parseMoment(text: string, zone: Zone): number | undefined {
  const trimmed = text.trim();
  const exact = readTime(trimmed);
  if (exact !== undefined) return exact;
  const found = moment.exec(trimmed);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part || 0));
  const utc = utcOf(year, month, day, hour, minute, second);
  if (utc === undefined || zone === 'utc') return utc;
  const local = new Date(2000, 0, 1);
  local.setFullYear(year, month - 1, day); // the constructor takes the years 0 to 99 for 1900 to 1999
  return local.setHours(hour, minute, second, 0);
}

/** Like {@link parseMoment} for the end of a span: a day alone means its last second. */
export function parseEnd(text: string, zone: Zone): number | undefined {
  const day = text.trim();
  const time = parseMoment(day, zone);
  return time !== undefined && day.length === 10 ? dayRange(day, zone).to - 1000 : time;
}

const presets = { '1h': 1 / 24, '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const;

export type Preset = keyof typeof presets;

export const presetNames = Object.keys(presets) as readonly Preset[];

/** The span of `preset` that ends at `now` (UTC milliseconds). Days of 24 hours, so no clock change moves its ends. */
export function presetRange(preset: Preset, now: number): Range {
  return { from: now - presets[preset] * dayLength, to: now };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
