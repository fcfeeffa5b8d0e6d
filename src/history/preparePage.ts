import { decodePage, eventKey } from '../core/decode';
import { fieldText, type ActivityEvent } from '../core/event';
import { resourceOf } from '../core/resources';
import type { DecodedPage } from './history';
import { shapeOf, type RecordShape } from './record';
import { noTime } from './schema';

/** A record with all that storing it needs. */
export interface PreparedRecord extends RecordShape {
  readonly event: ActivityEvent;
  readonly time: number;
  /** `timestamp` where it does not follow from `time`. */
  readonly timestamp: string | null;
  readonly key: string;
  readonly resource: string | null;
  /** All resources that it names. */
  readonly resources: readonly string[];
}

export interface PreparedPage {
  readonly records: readonly PreparedRecord[];
  readonly decoded: Omit<DecodedPage, 'ticket'>;
}

const utf8 = new TextDecoder();

/** Decodes a page and does all work that needs no database. @throws RequestError `malformed` */
export function preparePage(bytes: Uint8Array): PreparedPage {
  const page = decodePage(utf8.decode(bytes));
  const records: PreparedRecord[] = [];
  const unreadable = [...page.unreadable];
  let oldest: number | undefined;
  let newest: number | undefined;
  let previous: number | undefined;
  let ordered = true;
  for (const { event, time } of page.records) {
    try {
      records.push(prepareRecord(event, time));
    } catch (error) {
      // Values nested thousands of levels deep can be parsed but not be written again.
      if (!(error instanceof RangeError)) throw error;
      unreadable.push({ reason: 'The record is nested too deeply', text: '' });
      continue;
    }
    if (time === undefined) continue;
    if (previous !== undefined && time > previous) ordered = false;
    previous = time;
    if (oldest === undefined || time < oldest) oldest = time;
    if (newest === undefined || time > newest) newest = time;
  }
  return {
    records,
    decoded: { records: page.records.length, unreadable, oldest, newest, ordered, marker: page.marker },
  };
}

function prepareRecord(event: ActivityEvent, time: number | undefined): PreparedRecord {
  const { shape, extras } = shapeOf(event);
  const timestamp = fieldText(event, 'timestamp');
  const { primary, all } = resourceOf(event);
  return {
    event,
    shape,
    extras,
    time: time ?? noTime,
    timestamp: time !== undefined && isCanonical(timestamp) ? null : timestamp,
    key: eventKey(event),
    resource: primary ?? null,
    resources: all,
  };
}

/** Whether a readable timestamp is what {@link canonicalTimestamp} makes of its time. */
function isCanonical(timestamp: string): boolean {
  return timestamp.length === 20 && timestamp[10] === 'T' && timestamp[19] === 'Z' && !timestamp.endsWith('60Z');
}

/** How the API writes whole seconds. */
export function canonicalTimestamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, -5)}Z`;
}
