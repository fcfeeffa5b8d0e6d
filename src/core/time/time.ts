const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * UTC milliseconds of an RFC 3339 timestamp, undefined where it is none or names a moment that cannot be.
 * Digits below a millisecond are dropped; a leap second (23:59:60 UTC) counts as the second after it.
 */
export function readTime(timestamp: string): number | undefined {
  const parts = rfc3339.exec(timestamp);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = parts;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const leap = second === '60';
  const millisecond = leap ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  const local = utcOf(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    leap ? 59 : Number(second),
  );
  if (local === undefined) return undefined;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  const time = local + millisecond - (sign === '-' ? -offset : offset);
  if (!leap) return time;
  return time % 86_400_000 === 86_399_000 || time % 86_400_000 === -1000 ? time + 1000 : undefined;
}

/** UTC milliseconds of a calendar moment read as UTC; undefined where the calendar has no such moment. `month` from 1. */
export function utcOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, so a year of the same shape stands in for them.
  const date = new Date(Date.UTC(year < 100 ? year + 400 : year, month - 1, day, hour, minute, second));
  if (date.getUTCDate() !== day) return undefined;
  if (year < 100) date.setUTCFullYear(year);
  return date.getTime();
}
