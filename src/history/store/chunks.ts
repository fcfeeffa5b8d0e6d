import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { deflateSync, inflateSync } from 'node:zlib';
import type { ActivityEvent } from '../../core/event/event';
import type { PreparedRecord } from './batch';
import { DamagedError } from '../db/failures';

/** A chunk ends when it holds so many events or so many bytes: more would save little and cost those who want one event. */
const maxEvents = 64;
const maxBytes = 1 << 18;

/** Bytes unpacked at once. */
const maxPiece = 1 << 20;

/** Chunks in memory: few, and small enough together. */
const maxKept = 24;
const maxKeptBytes = 8 << 20;

/** The records of consecutive events, unpacked. */
export class Chunk {
  #text: string | undefined;
  /** The record asked for last: whoever looks at a record asks for it several times. */
  #read: { readonly event: number; readonly record: ActivityEvent } | undefined;

  constructor(
    /** Number of its first event. */
    readonly first: number,
    /** Where each record ends; they follow one another. */
    readonly ends: Uint32Array,
    readonly bytes: Buffer,
    /** All values of its records are texts. */
    readonly isPlain: boolean,
  ) {}

  get count(): number {
    return this.ends.length;
  }

  /** The JSON of all records, one after another, each byte a character. */
  get text(): string {
    return (this.#text ??= this.bytes.toString('latin1'));
  }

  textOf(event: number): string {
    return this.text.slice(...this.#place(event));
  }

  json(event: number): Buffer {
    return this.bytes.subarray(...this.#place(event));
  }

  record(event: number): ActivityEvent {
    if (this.#read?.event === event) return this.#read.record;
    try {
      const record = JSON.parse(this.json(event).toString()) as ActivityEvent;
      this.#read = { event, record };
      return record;
    } catch (cause) {
      throw new DamagedError('A record is no JSON', { cause });
    }
  }

  #place(event: number): [number, number] {
    const index = event - this.first;
    return [this.ends[index - 1] ?? 0, this.ends[index] ?? 0];
  }
}

/** The table `chunks`: the records themselves, packed many at a time. */
export class Chunks {
  readonly #add: StatementSync;
  readonly #find: StatementSync;
  readonly #findLast: StatementSync;
  /** By first event, the least recently used first. */
  readonly #kept = new Map<number, Chunk>();
  #keptBytes = 0;
  #recent: Chunk | undefined;

  constructor(database: DatabaseSync) {
    this.#add = database.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?)');
    this.#find = database.prepare(
      'SELECT first, plain, ends, records FROM chunks WHERE first <= ? ORDER BY first DESC LIMIT 1',
    );
    // What leads to events may stay longer than their chunks.
    this.#findLast = database.prepare(
      `SELECT max(
         coalesce((SELECT first + length(ends) / 4 - 1 FROM chunks ORDER BY first DESC LIMIT 1), 0),
         coalesce((SELECT last FROM segments ORDER BY first DESC LIMIT 1), 0),
         coalesce((SELECT last FROM runs ORDER BY first DESC LIMIT 1), 0)) AS last`,
    );
  }

  /** The number of the next event: one that nothing leads to. */
  next(): number {
    return Number(this.#findLast.get()?.['last']) + 1;
  }

  /** Stores records as the events from number `first` on. Inside a transaction; after a rollback call {@link forget}. */
  add(first: number, records: readonly Pick<PreparedRecord, 'isPlain' | 'json'>[]): void {
    let ends: number[] = [];
    let length = 0;
    let from = 0;
    for (const [index, { json }] of records.entries()) {
      ends.push((length += json.byteLength));
      if (ends.length < maxEvents && length < maxBytes && index < records.length - 1) continue;
      const own = records.slice(from, index + 1);
      const text = Buffer.concat(
        own.map((record) => record.json),
        length,
      );
      const plain = Number(own.every(({ isPlain }) => isPlain));
      // On another thread it would take twice the work, and longer.
      const packed = deflateSync(text, { level: 1 });
      this.#add.run(first + from, plain, new Uint8Array(Uint32Array.from(ends).buffer), packed);
      from = index + 1;
      ends = [];
      length = 0;
    }
  }

  /** The chunk that holds the event with this number. */
  of(event: number): Chunk {
    if (this.#recent && event >= this.#recent.first && event < this.#recent.first + this.#recent.count)
      return this.#recent;
    for (const chunk of this.#kept.values()) {
      if (event >= chunk.first && event < chunk.first + chunk.count) return this.#keep(chunk);
    }
    const row = this.#find.get(event);
    if (!row) throw new DamagedError(`No chunk of event ${event}`);
    const chunk = unpack(row);
    if (event >= chunk.first + chunk.count) throw new DamagedError(`No chunk of event ${event}`);
    return this.#keep(chunk);
  }

  record(event: number): ActivityEvent {
    return this.of(event).record(event);
  }

  /** Drops what is kept: chunks were deleted, and numbers may be given again. */
  forget(): void {
    this.#kept.clear();
    this.#keptBytes = 0;
    this.#recent = undefined;
  }

  #keep(chunk: Chunk): Chunk {
    this.#recent = chunk;
    if (!this.#kept.delete(chunk.first)) this.#keptBytes += chunk.bytes.length;
    this.#kept.set(chunk.first, chunk);
    for (const [first, { bytes }] of this.#kept) {
      if (first === chunk.first || (this.#kept.size <= maxKept && this.#keptBytes <= maxKeptBytes)) break;
      this.#kept.delete(first);
      this.#keptBytes -= bytes.length;
    }
    return chunk;
  }
}

/** @throws DamagedError: what is packed has a checksum */
function unpack(row: Record<string, SQLOutputValue>): Chunk {
  try {
    const ends = new Uint32Array((row['ends'] as Uint8Array).slice().buffer);
    const length = ends.at(-1) ?? 0;
    // Mostly in one piece, which is twice as fast; but no room is made for more than there may be.
    const chunkSize = Math.min(Math.max(64, length), maxPiece);
    const bytes = inflateSync(row['records'] as Uint8Array, { chunkSize, maxOutputLength: length });
    if (bytes.length !== length) throw new RangeError('Cut off');
    return new Chunk(Number(row['first']), ends, bytes, row['plain'] === 1);
  } catch (cause) {
    throw new DamagedError('A chunk cannot be unpacked', { cause });
  }
}
