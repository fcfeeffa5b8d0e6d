import { isAscii } from 'node:buffer';
import { decodePage, type Unreadable } from '../../core/event/decode';
import { fieldText, type ActivityEvent } from '../../core/event/event';
import { BatchBuilder, type Batch } from '../store/batch';
import { free } from '../store/free';
import { hashOf } from '../store/hash';
import { largePage, openLargePage } from './largePage';
import { noTime } from '../db/schema';
import { splitRecords } from './splitRecords';

/** With its last batch a page is complete. */
export interface BatchOfPage {
  readonly batch: Batch;
  readonly isLast: boolean;
}

/** What a page is, for the loader to judge it by and to go on from. */
export interface DecodedPage {
  readonly records: number;
  /** Records that could not be read, each with its reason and the beginning of its text, secrets masked. */
  readonly unreadable: readonly { readonly reason: string; readonly text: string }[];
  /** UTC milliseconds of the oldest and newest readable timestamp of the page. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** The components of its records, no more than two of them. */
  readonly sources: readonly string[];
  /** The same for the same records only, in whatever order; tells a page that is sent again. */
  readonly print: string;
  /** Whether the readable times never rise from one record to the next. */
  readonly ordered: boolean;
  /** Undefined on the last page. */
  readonly marker: string | undefined;
}

/** A page that is ready to be stored. */
export interface PreparedPage extends DecodedPage {
  /** The records, in batches that are small enough to be held in memory. */
  batches(): Iterable<BatchOfPage>;
  /** To be called once, when the page was stored or is not wanted: gives back the memory of a large one at once. */
  release(): void;
}

/** Of a large page as much is stored in one transaction. */
const batchBytes = 1 << 20;

const utf8 = new TextDecoder();

/** Decodes a page; the request for the next one waits for it. @throws RequestError `malformed`, `tooLarge` */
export function preparePage(bytes: Uint8Array, isLocal = false): PreparedPage {
  if (bytes.byteLength <= largePage) return prepareWhole(bytes);
  const release = (): void => free(bytes);
  try {
    return { ...prepareLargePage(bytes, isLocal), release };
  } catch (error) {
    release();
    throw error;
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
  const builder = new BatchBuilder();
  const summary = new Summary(page.unreadable);
  for (const [index, { event, time }] of page.records.entries()) {
    const key = add(builder, event, texts?.[index], time);
    summary.add(key, event, time);
  }
  const batch = builder.finish(bytes);
  return { ...summary.decoded(page.marker), batches: () => [{ batch, isLast: true }], release: () => undefined };
}

function prepareLargePage(bytes: Uint8Array, isLocal: boolean): Omit<PreparedPage, 'release'> {
  const page = openLargePage(bytes, isLocal);
  const summary = new Summary([]);
  for (const found of page.read()) {
    if (!('event' in found)) summary.skip(found);
    else summary.add(add(new BatchBuilder(), found.event, found.json, found.time), found.event, found.time);
  }
  function* batches(): Iterable<BatchOfPage> {
    let builder = new BatchBuilder();
    for (const found of page.read()) {
      if (!('event' in found)) continue;
      if (builder.size > 0 && builder.size + found.json.byteLength > batchBytes) {
        yield { batch: builder.finish(), isLast: false };
        builder = new BatchBuilder();
      }
      add(builder, found.event, found.json, found.time);
    }
    yield { batch: builder.finish(), isLast: true };
  }
  return { ...summary.decoded(page.marker), batches };
}

/**
 * Adds a record and returns its key, or says why it cannot be stored. `json` is its text as received, where that is known.
 */
function add(
  builder: BatchBuilder,
  event: ActivityEvent,
  json: Uint8Array | undefined,
  time: number | undefined,
): string | Unreadable {
  try {
    if (json && Object.values(event).some((value) => typeof value === 'object')) JSON.stringify(event);
    return builder.add(event, json ?? Buffer.from(JSON.stringify(event)), time ?? noTime);
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
  readonly #sources = new Set<string>();
  #print = 0;
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
  add(key: string | Unreadable, event: ActivityEvent, time: number | undefined): void {
    this.#records++;
    if (typeof key !== 'string') {
      this.skip(key);
      return;
    }
    this.#print = (this.#print + hashOf('key', key)) % 2 ** 52;
    const source = fieldText(event, 'source');
    if (source !== '' && this.#sources.size < 2) this.#sources.add(source);
    if (time === undefined) return;
    if (this.#previous !== undefined && time > this.#previous) this.#ordered = false;
    this.#previous = time;
    if (this.#oldest === undefined || time < this.#oldest) this.#oldest = time;
    if (this.#newest === undefined || time > this.#newest) this.#newest = time;
  }

  decoded(marker: string | undefined): DecodedPage {
    return {
      records: this.#records,
      unreadable: this.#unreadable,
      oldest: this.#oldest,
      newest: this.#newest,
      sources: [...this.#sources],
      print: `${this.#records} ${this.#print}`,
      ordered: this.#ordered,
      marker,
    };
  }
}
