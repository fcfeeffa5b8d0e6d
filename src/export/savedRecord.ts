import type { ActivityEvent } from '../core/event';
import { readTime } from '../core/time';
import type { LogItems } from './logItems';

/** Reads all items of a file from its beginning, as often as it is called. */
export type ReadItems = (signal: AbortSignal) => LogItems;

/** The record in an item, undefined where it holds none. */
export function parseRecord(item: string): ActivityEvent | undefined {
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
