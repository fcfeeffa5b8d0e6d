import { eventKey } from '../../core/event/decode';
import { eventFields, fieldText, type ActivityEvent } from '../../core/event/event';
import { resourceOf } from '../../core/event/resources';
import { hashOf } from './hash';
import { KindMap, type Kind } from './kinds';

/** A record as received, and what is stored beside it. */
export interface PreparedRecord {
  readonly json: Uint8Array;
  /** UTC milliseconds, or `noTime`. */
  readonly time: number;
  readonly key: string;
  readonly kind: Kind;
  /** All its values are texts. */
  readonly isPlain: boolean;
  /** Of all that leads to it, its key first. See lookups.ts. */
  readonly hashes: ArrayLike<number>;
}

/** Records in columns: so one thread hands them to another at little cost. */
export interface Batch {
  readonly bytes: Uint8Array;
  /** Where the text of each record begins and ends in `bytes`. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly times: Float64Array;
  readonly keys: readonly string[];
  readonly kinds: readonly Kind[];
  /** The place of each record's kind in `kinds`. */
  readonly kindOf: Uint32Array;
  readonly plain: Uint8Array;
  readonly hashes: Float64Array;
  readonly hashEnds: Uint32Array;
  /** The fields of the records beyond the documented ones. */
  readonly fields: readonly string[];
}

const documented = new Set<string>(eventFields);

/** What is stored beside a record, except what its receiver knows. */
function describe(event: ActivityEvent): Pick<PreparedRecord, 'isPlain' | 'key'> & { hashes: number[] } {
  const key = eventKey(event);
  const hashes = [hashOf('key', key)];
  const id = fieldText(event, 'event_id');
  if (id !== '' && id !== key) hashes.push(hashOf('id', id)); // an id that is no text
  const request = fieldText(event, 'request_id');
  if (request !== '') hashes.push(hashOf('request', request));
  for (const resource of resourceOf(event).all) hashes.push(hashOf('resource', resource));
  return { key, isPlain: isPlain(event), hashes };
}

function isPlain(event: ActivityEvent): boolean {
  for (const field in event) if (typeof event[field] !== 'string') return false;
  return true;
}

/** Puts records into columns. */
export class BatchBuilder {
  readonly #texts: Uint8Array[] = [];
  readonly #times: number[] = [];
  readonly #keys: string[] = [];
  readonly #kinds: Kind[] = [];
  readonly #kindOf: number[] = [];
  readonly #places = new KindMap();
  readonly #plain: number[] = [];
  readonly #hashes: number[] = [];
  readonly #hashEnds: number[] = [];
  readonly #fields = new Set<string>();
  /** Bytes of the records' texts. */
  size = 0;

  /** Returns the key of the record. */
  add(event: ActivityEvent, json: Uint8Array, time: number): string {
    const { key, hashes, isPlain } = describe(event);
    this.#texts.push(json);
    this.size += json.byteLength;
    this.#times.push(time);
    this.#keys.push(key);
    this.#kindOf.push(this.#places.of(event, (kind) => this.#kinds.push(kind) - 1));
    this.#plain.push(Number(isPlain));
    for (const hash of hashes) this.#hashes.push(hash);
    this.#hashEnds.push(this.#hashes.length);
    for (const field in event) if (!documented.has(field)) this.#fields.add(field);
    return key;
  }

  /** The batch. Where all texts are parts of `page`, that goes into it as it is; else they are copied. */
  finish(page?: Uint8Array): Batch {
    const whole = this.#texts.every(({ buffer }) => buffer === page?.buffer) ? page : undefined;
    const bytes = whole ?? new Uint8Array(this.size);
    const starts = new Uint32Array(this.#texts.length);
    const ends = new Uint32Array(this.#texts.length);
    let end = 0;
    for (const [index, text] of this.#texts.entries()) {
      const start = whole ? text.byteOffset - whole.byteOffset : end;
      if (!whole) bytes.set(text, start);
      starts[index] = start;
      ends[index] = end = start + text.byteLength;
    }
    return {
      bytes,
      starts,
      ends,
      times: Float64Array.from(this.#times),
      keys: this.#keys,
      kinds: this.#kinds,
      kindOf: Uint32Array.from(this.#kindOf),
      plain: Uint8Array.from(this.#plain),
      hashes: Float64Array.from(this.#hashes),
      hashEnds: Uint32Array.from(this.#hashEnds),
      fields: [...this.#fields],
    };
  }
}

export function recordsOf(batch: Batch): PreparedRecord[] {
  const { bytes, starts, ends, times, keys, kinds, kindOf, plain, hashes, hashEnds } = batch;
  return keys.map((key, index) => ({
    json: bytes.subarray(starts[index], ends[index]),
    time: times[index]!,
    key,
    kind: kinds[kindOf[index]!]!,
    isPlain: plain[index] === 1,
    hashes: hashes.subarray(hashEnds[index - 1] ?? 0, hashEnds[index]),
  }));
}
