import type { ActivityEvent } from '../../core/event/event';
import { readTime } from '../../core/time/time';
import type { LogItems } from './logItems';

/** Reads all items of a file from its beginning, as often as it is called. */
export type ReadItems = (signal: AbortSignal) => LogItems;

/** UTF-16 units from which on values are counted before they are read. */
const large = 1 << 20;
/** What no event is like; as many bytes of text take ten times the memory, and a worker that has none left may end the process. */
const maxValues = 250_000;

/** The record in an item, undefined where it holds none, or more values than any event has. */
export function parseRecord(item: string): ActivityEvent | undefined {
  if (item.length > large && hasManyValues(item)) return undefined;
  try {
    const value: unknown = JSON.parse(item);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ActivityEvent) : undefined;
  } catch {
    return undefined;
  }
}

export function timeOf(event: ActivityEvent): number | undefined {
  const timestamp = event['timestamp'];
  return typeof timestamp === 'string' ? readTime(timestamp) : undefined;
}

/** Whether the JSON holds too many values: each begins behind a comma or a bracket outside of strings. */
function hasManyValues(json: string): boolean {
  let values = 0;
  let inString = false;
  for (let at = 0; at < json.length && values <= maxValues; at++) {
    const unit = json.charCodeAt(at);
    if (unit === 0x22) inString = !inString;
    else if (inString && unit === 0x5c) at++;
    else if (!inString && (unit === 0x2c || unit === 0x5b || unit === 0x7b)) values++;
  }
  return values > maxValues;
}
