import { addDays, format, isValid, startOfDay } from 'date-fns';
import type { Range } from './range';
import { readTime, utcOf } from './time';

/** Whose calendar is meant: this machine's or UTC. */
export type Zone = 'local' | 'utc';

const dayLength = 86_400_000;

/** The day that `time` (UTC milliseconds) falls on in `zone`, as `yyyy-MM-dd`. */
export function dayOf(time: number, zone: Zone): string {
  return zone === 'utc' ? new Date(time).toISOString().slice(0, -14) : format(time, 'yyyy-MM-dd');
}

/** The whole day: 23 or 25 hours long where clocks change. @throws RangeError where `day` is no `yyyy-MM-dd`. */
export function dayRange(day: string, zone: Zone): Range {
  const from = parseMoment(day, zone);
  if (from === undefined) throw new RangeError(`Not a day: ${day}`);
  return { from, to: zone === 'utc' ? from + dayLength : startOfDay(addDays(from, 1)).getTime() };
}

/** The time of day as `HH:mm:ss`. */
export function timeOf(time: number, zone: Zone): string {
  return zone === 'utc' ? new Date(time).toISOString().slice(-13, -5) : format(time, 'HH:mm:ss');
}

/** The moment as `yyyy-MM-dd HH:mm:ss`; {@link parseMoment} reads it back to the second. */
export function formatMoment(time: number, zone: Zone): string {
  return `${dayOf(time, zone)} ${timeOf(time, zone)}`;
}

const moment = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d))?)?$/;

/**
 * UTC milliseconds of what a person typed: RFC 3339 as it is, `yyyy-MM-dd`, `yyyy-MM-dd HH:mm` or
 * `yyyy-MM-dd HH:mm:ss` in `zone`. A time that a clock change skips counts as the one it was set to.
 */
export function parseMoment(text: string, zone: Zone): number | undefined {
  const trimmed = text.trim();
  const exact = readTime(trimmed);
  if (exact !== undefined) return exact;
  const parts = moment
    .exec(trimmed)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const utc = utcOf(year, month, day, hour, minute, second);
  if (utc === undefined || zone === 'utc') return utc;
  const local = new Date(2000, 0, 1, hour, minute, second);
  local.setFullYear(year, month - 1, day);
  local.setHours(hour, minute, second, 0);
  return isValid(local) ? local.getTime() : undefined;
}

const presets = { '1h': 1 / 24, '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const;

export type Preset = keyof typeof presets;

export const presetNames = Object.keys(presets) as readonly Preset[];

/** The span of `preset` that ends at `now` (UTC milliseconds). Days of 24 hours, so no clock change moves its ends. */
export function presetRange(preset: Preset, now: number): Range {
  return { from: now - presets[preset] * dayLength, to: now };
}
