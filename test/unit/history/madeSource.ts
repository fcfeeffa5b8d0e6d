import { RequestError, type RequestFailure } from '../../../src/core/base/errors';
import { fieldText, type ActivityEvent } from '../../../src/core/event/event';
import { message } from '../../../src/core/base/message';
import type { EventSource, PageRequest } from '../../../src/core/event/source';
import { readTime } from '../../../src/core/time/time';
import { pageOf } from './fixture';

/** What the source does instead of, or before, answering; the number counts requests from 0. */
export type Interference = (
  request: PageRequest,
  number: number,
  signal: AbortSignal,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

export interface SourceOptions {
  /** Newest first, as they are handed out. */
  events: readonly ActivityEvent[];
  exclusive?: boolean;
  maxLimit?: number;
  interfere?: Interference;
}

/** The Audit API in memory: frozen ranges, markers that hold an offset. */
export class MadeSource implements EventSource {
  readonly requests: PageRequest[] = [];
  readonly options: SourceOptions;
  #times: { readonly of: readonly ActivityEvent[]; readonly times: readonly number[] } | undefined;

  constructor(options: SourceOptions) {
    this.options = options;
  }

  async page(request: PageRequest, signal: AbortSignal): Promise<Uint8Array> {
    const number = this.requests.push(request) - 1;
    const instead = await this.options.interfere?.(request, number, signal);
    signal.throwIfAborted();
    return instead ?? this.answer(request);
  }

  /** What an undisturbed server answers. */
  answer({ component, from, to, marker, limit }: PageRequest): Uint8Array {
    const { events, exclusive, maxLimit = Infinity } = this.options;
    const times = this.#timesOf(events);
    const found = events.filter((event, index) => {
      const time = times[index] ?? NaN;
      const inside = exclusive ? time > from && time < to : time >= from && time <= to;
      return inside && (component === undefined || event['source'] === component);
    });
    const offset = marker === undefined ? 0 : Number(marker.split(' ')[1]);
    const end = offset + Math.min(limit, maxLimit);
    return pageOf(found.slice(offset, end), end < found.length ? `offset ${end}` : undefined);
  }

  #timesOf(events: readonly ActivityEvent[]): readonly number[] {
    if (this.#times?.of !== events) {
      const times = events.map((event) => Math.floor((readTime(fieldText(event, 'timestamp')) ?? NaN) / 1000) * 1000);
      this.#times = { of: events, times };
    }
    return this.#times.times;
  }
}

export function failure(kind: RequestFailure): RequestError {
  return new RequestError(kind, message(`Made to fail: ${kind}`));
}
