import { RequestError, type RequestFailure } from '../../../src/core/errors';
import { fieldText, type ActivityEvent } from '../../../src/core/event';
import { message } from '../../../src/core/message';
import type { EventSource, PageRequest } from '../../../src/core/source';
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
    const found = events.filter((event) => {
      const time = Math.floor(Date.parse(fieldText(event, 'timestamp')) / 1000) * 1000;
      const inside = exclusive ? time > from && time < to : time >= from && time <= to;
      return inside && (component === undefined || event['source'] === component);
    });
    const offset = marker === undefined ? 0 : Number(marker.split(' ')[1]);
    const end = offset + Math.min(limit, maxLimit);
    return pageOf(found.slice(offset, end), end < found.length ? `offset ${end}` : undefined);
  }
}

export function failure(kind: RequestFailure): RequestError {
  return new RequestError(kind, message(`Made to fail: ${kind}`));
}
