/** With their lengths in seconds, longest first. */
export const timeUnits = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Gives the function that says "2 hours ago" in the language of `locale`, for two moments in UTC milliseconds. */
export function relativeTime(locale: string): (time: number, now: number) => string {
  const format = new Intl.RelativeTimeFormat(Intl.DateTimeFormat.supportedLocalesOf([locale]), { numeric: 'auto' });
  return (time, now) => {
    const seconds = Math.round((time - now) / 1000);
    const [unit, length] = timeUnits.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
    return format.format(Math.trunc(seconds / length), unit);
  };
}
