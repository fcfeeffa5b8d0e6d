import { isAscii } from 'node:buffer';
import { decodePage, eventKey, type Unreadable } from '../core/decode';
import type { ActivityEvent } from '../core/event';
import type { StoredRecord } from './chunks';
import type { DecodedPage } from './history';
import { largePage, openLargePage } from './largePage';
import { noTime } from './schema';
import { splitRecords } from './splitRecords';

/** A record with what can be said of it without looking for its resources, which takes longest. */
export interface PreparedRecord extends StoredRecord {
  readonly time: number;
  readonly key: string;
}

export interface PreparedPage {
  /** The records, in parts that are small enough to be held in memory. */
  parts(): Iterable<readonly PreparedRecord[]>;
  readonly decoded: Omit<DecodedPage, 'ticket'>;
  /** Gives back the memory of a large page at once. */
  release(): void;
}

/** Of a large page as much is stored in one transaction. */
const partBytes = 1 << 20;

const utf8 = new TextDecoder();

/** Decodes a page, quickly: the request for the next one waits for it. @throws RequestError `malformed`, `tooLarge` */
export function preparePage(bytes: Uint8Array, isLocal = false): PreparedPage {
  if (bytes.byteLength <= largePage) return prepareWhole(bytes);
  // Detached, it is free at once; collected, perhaps only when there are several.
  const release = (): void => void (bytes.buffer as ArrayBuffer).transferToFixedLength(0);
  try {
    return { ...prepareLargePage(bytes, isLocal), release };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Hands the parts of a page over to `store`, one after another, then gives back its memory. Returns the sum of what `store` does.
 * With its last part the page is complete.
 */
export async function storeParts(
  page: PreparedPage,
  store: (records: readonly PreparedRecord[], isLast: boolean) => Promise<number>,
): Promise<number> {
  try {
    let sum = 0;
    let previous: readonly PreparedRecord[] | undefined;
    for (const part of page.parts()) {
      if (previous) sum += await store(previous, false);
      previous = part;
    }
    return sum + (await store(previous ?? [], true));
  } finally {
    page.release();
  }
}

function prepareWhole(bytes: Uint8Array): PreparedPage {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  // Several times as fast where it is plain ASCII, as most pages are.
  const page = decodePage(isAscii(bytes) ? latin1 : utf8.decode(bytes));
  const texts = splitRecords(
    bytes,
    latin1,
    page.records.map(({ event }) => event),
  );
  const records: PreparedRecord[] = [];
  const summary = new Summary(page.unreadable);
  for (const [index, { event, time }] of page.records.entries()) {
    const record = prepare(event, texts?.[index], time);
    summary.add(record, time);
    if ('key' in record) records.push(record);
  }
  return { parts: () => [records], decoded: summary.decoded(page.marker), release: () => undefined };
}

function prepareLargePage(bytes: Uint8Array, isLocal: boolean): Omit<PreparedPage, 'release'> {
  const page = openLargePage(bytes, isLocal);
  const summary = new Summary([]);
  for (const found of page.read()) {
    if ('event' in found) summary.add(prepare(found.event, found.json, found.time), found.time);
    else summary.skip(found);
  }
  function* parts(): Iterable<readonly PreparedRecord[]> {
    let part: PreparedRecord[] = [];
    let size = 0;
    for (const found of page.read()) {
      const record = 'event' in found ? prepare(found.event, found.json, found.time) : found;
      if (!('key' in record)) continue;
      if (size > 0 && size + record.json.byteLength > partBytes) {
        yield part;
        [part, size] = [[], 0];
      }
      part.push(record);
      size += record.json.byteLength;
    }
    yield part;
  }
  return { parts, decoded: summary.decoded(page.marker) };
}

/** `json` is its text as received, where that is known. */
function prepare(
  event: ActivityEvent,
  json: Uint8Array | undefined,
  time: number | undefined,
): PreparedRecord | Unreadable {
  try {
    if (json && Object.values(event).some((value) => typeof value === 'object')) JSON.stringify(event);
    return {
      event,
      json: json ?? Buffer.from(JSON.stringify(event)),
      time: time ?? noTime,
      key: eventKey(event),
    };
  } catch (error) {
    // Values nested thousands of levels deep can be parsed but not be written or handed on.
    if (!(error instanceof RangeError)) throw error;
    return { reason: 'The record is nested too deeply', text: '' };
  }
}

/** What is said of a page, gathered record by record. */
class Summary {
  readonly #unreadable: Unreadable[];
  #records = 0;
  #first: string | undefined;
  #oldest: number | undefined;
  #newest: number | undefined;
  #previous: number | undefined;
  #ordered = true;

  constructor(unreadable: readonly Unreadable[]) {
    this.#unreadable = [...unreadable];
  }

  skip(unreadable: Unreadable): void {
    this.#unreadable.push(unreadable);
  }

  /** Takes note of a record, and where it could not be prepared, of why. */
  add(record: PreparedRecord | Unreadable, time: number | undefined): void {
    this.#records++;
    if (!('key' in record)) {
      this.skip(record);
      return;
    }
    this.#first ??= record.key;
    if (time === undefined) return;
    if (this.#previous !== undefined && time > this.#previous) this.#ordered = false;
    this.#previous = time;
    if (this.#oldest === undefined || time < this.#oldest) this.#oldest = time;
    if (this.#newest === undefined || time > this.#newest) this.#newest = time;
  }

  decoded(marker: string | undefined): PreparedPage['decoded'] {
    return {
      records: this.#records,
      unreadable: this.#unreadable,
      oldest: this.#oldest,
      newest: this.#newest,
      first: this.#first,
      ordered: this.#ordered,
      marker,
    };
  }
}
