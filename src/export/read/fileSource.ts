import type { Disposable } from '../../core/base/lifecycle';
import type { EventSource, PageRequest } from '../../core/event/source';
import { Pace } from '../write/pace';
import { parseRecord, timeOf, type ReadItems } from './savedRecord';

/** Characters after which a page ends, however few records it has. */
const pageSize = 8 * 1024 * 1024;

interface Reading {
  readonly items: AsyncIterator<string>;
  readonly stop: AbortController;
}

/** Gives the items of a file page by page, from memory that holds one page. */
export class FileSource implements EventSource, Disposable {
  readonly isWhole = true;
  readonly isLocal = true;
  /** Files being read, each by the request that goes on with it. */
  readonly #readings = new Map<string, Reading>();

  constructor(
    private readonly count: number,
    private readonly read: ReadItems,
  ) {}

  async page(request: PageRequest, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    const pace = new Pace(signal);
    let position = request.marker === undefined ? 0 : Number(request.marker);
    const begun = this.#readings.get(keyOf(request, position));
    this.#readings.delete(keyOf(request, position));
    const reading = begun ?? this.#begin();
    const stop = (): void => reading.stop.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (let passed = begun ? position : 0; passed < position; passed++) {
        await reading.items.next();
        if (pace.due) await pace.rest();
      }
      const logs: string[] = [];
      for (let size = 0; position < this.count && logs.length < request.limit && size < pageSize; position++) {
        const next = await reading.items.next();
        if (next.done) break;
        const log = chooseLog(next.value, request);
        if (log !== undefined) size += logs.push(log) && log.length;
        if (pace.due) await pace.rest();
      }
      const more = position < this.count;
      const key = keyOf(request, position);
      const other = this.#readings.get(key);
      if (other) end(other);
      if (more) this.#readings.set(key, reading);
      else await reading.items.return?.();
      return new TextEncoder().encode(`{"logs":[${logs.join(',')}]${more ? `,"marker":"${position}"` : ''}}`);
    } catch (error) {
      end(reading);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  dispose(): void {
    for (const reading of this.#readings.values()) end(reading);
    this.#readings.clear();
  }

  #begin(): Reading {
    const stop = new AbortController();
    return { items: this.read(stop.signal)[Symbol.asyncIterator](), stop };
  }
}

function end({ items, stop }: Reading): void {
  stop.abort();
  items.return?.().catch(() => undefined);
}

function keyOf({ component, from, to }: PageRequest, position: number): string {
  return JSON.stringify([component, from, to, position]);
}

/** The item as JSON where it belongs to the request: what is no record goes along as text, for the decoder to report. */
function chooseLog(item: string, { component, from, to }: PageRequest): string | undefined {
  const event = parseRecord(item);
  if (!event) return JSON.stringify(item);
  const time = timeOf(event);
  if (time !== undefined && (time < from || time > to + 999)) return undefined;
  return component === undefined || event['source'] === component ? item : undefined;
}
