import { constants, gzipSync } from 'node:zlib';
import { fieldText, type ActivityEvent } from '../../src/core/event';
import { madeSources, makeEvent, type Series } from './events';

/** Which events a request names. Times are UTC milliseconds, `to` exclusive. */
export interface Query {
  readonly from: number;
  readonly to: number;
  readonly source: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** Some events of a query, newest first. */
export interface Portion {
  readonly records: number;
  /** How many events the query names altogether. */
  readonly total: number;
  /** The records as JSON with commas between them, gzipped (in one or more members) when asked for. */
  write(gzip: boolean): Buffer[];
}

/** Where the stand-in keeps its events. */
export interface Shelf {
  find(query: Query): Portion;
}

/** One gzip member; members may follow one another in one answer. */
export function gzipMember(text: string | Buffer): Buffer {
  return gzipSync(text, { level: constants.Z_BEST_SPEED });
}

function portion(total: number, events: readonly ActivityEvent[]): Portion {
  const text = () => JSON.stringify(events).slice(1, -1);
  return { records: events.length, total, write: (gzip) => [gzip ? gzipMember(text()) : Buffer.from(text())] };
}

/** Any events, more of which can be added at any time. */
export class EventShelf implements Shelf {
  #items: { readonly time: number; readonly event: ActivityEvent }[] = [];

  constructor(events: Iterable<ActivityEvent> = []) {
    this.add(events);
  }

  get events(): readonly ActivityEvent[] {
    return this.#items.map(({ event }) => event);
  }

  /** An event whose own timestamp cannot be read is kept at the time of the one before it. */
  add(events: Iterable<ActivityEvent>): void {
    let time = Date.now();
    const added = Array.from(events, (event) => {
      const own = Date.parse(fieldText(event, 'timestamp'));
      if (!Number.isNaN(own)) time = own;
      return { time, event };
    });
    this.#items = [...added, ...this.#items].sort((a, b) => b.time - a.time);
  }

  find({ from, to, source, offset, limit }: Query): Portion {
    const found = this.#items.filter(
      ({ time, event }) => time >= from && time < to && (source === undefined || event['source'] === source),
    );
    return portion(
      found.length,
      found.slice(offset, offset + limit).map(({ event }) => event),
    );
  }
}

const blockLength = 50;

/** Events of a series, serialised and compressed beforehand so that a measured client never waits for its server. */
export class PreparedShelf implements Shelf {
  readonly #blocks: Buffer[] = [];

  constructor(
    readonly count: number,
    readonly series: Series,
  ) {
    for (let first = 0; first < count; first += blockLength)
      this.#blocks.push(gzipMember(this.#text(first, Math.min(first + blockLength, count))));
  }

  find({ from, to, source, offset, limit }: Query): Portion {
    const first = this.#firstBefore(to);
    const end = this.#firstBefore(from);
    if (source !== undefined) return this.#findSource(source, first, end, offset, limit);
    const start = Math.min(first + offset, end);
    const stop = Math.min(start + limit, end);
    return { records: stop - start, total: end - first, write: (gzip) => this.#write(start, stop, gzip) };
  }

  /** The newest event older than `time`: events are in order, so halving finds it. */
  #firstBefore(time: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { newest, stepMs } = this.series;
      if (Math.floor((newest - middle * stepMs) / 1000) * 1000 < time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #findSource(source: string, first: number, end: number, offset: number, limit: number): Portion {
    const step = madeSources.length;
    const kind = madeSources.indexOf(source);
    if (kind < 0) return portion(0, []);
    const start = first + ((kind - (first % step) + step) % step);
    const total = Math.max(0, Math.ceil((end - start) / step));
    const events: ActivityEvent[] = [];
    for (let i = offset; i < Math.min(offset + limit, total); i++)
      events.push(makeEvent(start + i * step, this.series));
    return portion(total, events);
  }

  #write(start: number, stop: number, gzip: boolean): Buffer[] {
    const parts: Buffer[] = [];
    for (let at = start; at < stop;) {
      const next = Math.min((Math.floor(at / blockLength) + 1) * blockLength, stop);
      if (at > start) parts.push(gzip ? comma : Buffer.from(','));
      const whole = at % blockLength === 0 && (next % blockLength === 0 || next === this.count);
      if (!gzip) parts.push(Buffer.from(this.#text(at, next)));
      else parts.push(whole ? this.#blocks[at / blockLength]! : gzipMember(this.#text(at, next)));
      at = next;
    }
    return parts;
  }

  #text(start: number, stop: number): string {
    const texts: string[] = [];
    for (let index = start; index < stop; index++) texts.push(JSON.stringify(makeEvent(index, this.series)));
    return texts.join();
  }
}

const comma = gzipMember(',');
