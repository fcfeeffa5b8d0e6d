import { isAscii } from 'node:buffer';
import { decodePage, eventKey } from '../core/decode';
import { fieldText, type ActivityEvent } from '../core/event';
import type { DecodedPage } from './history';
import { shapeOf, type RecordShape } from './record';
import { noTime } from './schema';

/** A record with what can be said of it without looking for its resources, which takes longest. */
export interface PreparedRecord extends RecordShape {
  readonly event: ActivityEvent;
  readonly time: number;
  /** `timestamp` where it does not follow from `time`. */
  readonly timestamp: string | null;
  readonly key: string;
}

export interface PreparedPage {
  readonly records: readonly PreparedRecord[];
  readonly decoded: Omit<DecodedPage, 'ticket'>;
}

const utf8 = new TextDecoder();

/** UTF-8 as text; several times as fast where it is plain ASCII, as most pages are. */
function readText(bytes: Uint8Array): string {
  return isAscii(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    : utf8.decode(bytes);
}

/** Decodes a page, quickly: the request for the next one waits for it. @throws RequestError `malformed` */
export function preparePage(bytes: Uint8Array): PreparedPage {
  const page = decodePage(readText(bytes));
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
  return {
    event,
    shape,
    extras,
    time: time ?? noTime,
    timestamp: time !== undefined && isCanonical(timestamp) ? null : timestamp,
    key: eventKey(event),
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
