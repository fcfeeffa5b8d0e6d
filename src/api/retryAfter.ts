import type { IncomingHttpHeaders } from 'node:http';

/** How many milliseconds the server asks to wait: `Retry-After` in seconds or as a date. Undefined where it does not say. */
export function readRetryAfter(headers: IncomingHttpHeaders): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = /^[a-z]{3,9},? /i.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(date)) return undefined;
  // Against the server's own clock: ours may differ.
  const now = Date.parse(headers.date ?? '');
  return Math.max(0, date - (Number.isNaN(now) ? Date.now() : now));
}
