import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { fieldText, type ActivityEvent } from '../../src/core/event/event';
import { Random } from '../../src/sample/random';
import { madeSources, makeEvent, type Series } from './events';

/** Which events a request names. Times are UTC milliseconds, `to` exclusive. */
export interface Query {
  readonly from: number;
  readonly to: number;
  readonly source: string | undefined;
  /** The only components that whoever asks may see. */
  readonly sees?: readonly string[] | undefined;
  readonly offset: number;
  readonly limit: number;
  readonly order?: 'newest' | 'oldest' | 'arrival';
}

/** Some events of a query, newest first unless asked for otherwise. */
interface Portion {
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

/** To make room for a large text takes longer than to pack a small one. */
const small = { windowBits: 10, memLevel: 3 };

/** One gzip member; members may follow one another in one answer. */
export function gzipMember(text: string | Buffer): Buffer {
  return gzipSync(text, { level: constants.Z_BEST_SPEED, ...(text.length < 16_384 && small) });
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

  find({ from, to, source, sees, offset, limit, order }: Query): Portion {
    const found = this.#items.filter(
      ({ time, event }) =>
        time >= from &&
        time < to &&
        (source === undefined || event['source'] === source) &&
        (sees === undefined || sees.includes(fieldText(event, 'source'))),
    );
    if (order === 'oldest') found.reverse();
    if (order === 'arrival') found.sort((a, b) => b.time + latenessOf(b.event) - a.time - latenessOf(a.event));
    return portion(
      found.length,
      found.slice(offset, offset + limit).map(({ event }) => event),
    );
  }
}

/** How many milliseconds an event arrived late: one in six, by up to three hours. */
function latenessOf(event: ActivityEvent): number {
  const random = new Random(fieldText(event, 'event_id'));
  return random.chance(1 / 6) ? random.int(1, 10_800) * 1000 : 0;
}

/** Small enough that the piece of a block costs little, large enough to compress nearly as well as a whole page. */
const blockLength = 20;
/** Between the events of a block: no JSON text holds a bare line break, so that a block can be cut again. */
const separator = ',\n';

/**
 * Events of a series, serialised and compressed beforehand so that a measured client never waits for its server. A page
 * is made of whole blocks; where it begins or ends inside one, that block alone is unpacked and its piece packed again.
 */
export class PreparedShelf implements Shelf {
  readonly #blocks: Buffer[] = [];

  constructor(
    readonly count: number,
    readonly series: Series,
  ) {
    for (let first = 0; first < count; first += blockLength) {
      const texts: string[] = [];
      for (let index = first; index < Math.min(first + blockLength, count); index++)
        texts.push(JSON.stringify(makeEvent(index, series)));
      // A copy: zlib's own buffer is several times as large.
      this.#blocks.push(Buffer.from(gzipMember(texts.join(separator))));
    }
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
      const index = Math.floor(at / blockLength);
      const block = this.#blocks[index]!;
      const first = index * blockLength;
      const next = Math.min(first + blockLength, stop);
      if (at > start) parts.push(gzip ? comma : Buffer.from(','));
      const isWhole = at === first && (next === first + blockLength || next === this.count);
      if (gzip && isWhole) parts.push(block);
      else {
        const texts = gunzipSync(block).toString().split(separator);
        const piece = texts.slice(at - first, next - first).join(separator);
        parts.push(gzip ? gzipMember(piece) : Buffer.from(piece));
      }
      at = next;
    }
    return parts;
  }
}

const comma = gzipMember(',');
