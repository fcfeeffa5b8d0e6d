import { isAscii } from 'node:buffer';
import { decodePage, eventKey } from '../core/decode';
import type { StoredRecord } from './chunks';
import type { DecodedPage } from './history';
import { noTime } from './schema';
import { splitRecords } from './splitRecords';

/** A record with what can be said of it without looking for its resources, which takes longest. */
export interface PreparedRecord extends StoredRecord {
  readonly time: number;
  readonly key: string;
}

export interface PreparedPage {
  readonly records: readonly PreparedRecord[];
  readonly decoded: Omit<DecodedPage, 'ticket'>;
}

const utf8 = new TextDecoder();

/** Decodes a page, quickly: the request for the next one waits for it. @throws RequestError `malformed` */
export function preparePage(bytes: Uint8Array): PreparedPage {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  // Several times as fast where it is plain ASCII, as most pages are.
  const page = decodePage(isAscii(bytes) ? latin1 : utf8.decode(bytes));
  const texts = splitRecords(
    bytes,
    latin1,
    page.records.map(({ event }) => event),
  );
  const records: PreparedRecord[] = [];
  const unreadable = [...page.unreadable];
  let oldest: number | undefined;
  let newest: number | undefined;
  let previous: number | undefined;
  let ordered = true;
  for (const [index, { event, time }] of page.records.entries()) {
    try {
      const json = texts?.[index] ?? Buffer.from(JSON.stringify(event));
      if (texts && Object.values(event).some((value) => typeof value === 'object')) JSON.stringify(event);
      records.push({ event, json, time: time ?? noTime, key: eventKey(event) });
    } catch (error) {
      // Values nested thousands of levels deep can be parsed but not be written or handed on.
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
    decoded: {
      records: page.records.length,
      unreadable,
      oldest,
      newest,
      first: records[0]?.key,
      ordered,
      marker: page.marker,
    },
  };
}
