import { message } from '../message';
import { RequestError } from '../errors';
import { fieldText } from '../event';
import type { EventSource, PageRequest } from '../source';
import { sampleEvents } from './sampleEvents';

/** The sample as a source of pages, without any network. Its marker is the offset of the next page. */
export function sampleSource(now: number): EventSource {
  const events = sampleEvents(now).map((event) => ({
    event,
    source: fieldText(event, 'source'),
    time: Date.parse(fieldText(event, 'timestamp')),
  }));
  const page = ({ component, from, to, marker, limit }: PageRequest): Uint8Array => {
    const start = marker ? Number(marker) : 0;
    if (!Number.isSafeInteger(start) || start < 0) {
      throw new RequestError('badRequest', message('The sample does not know the page "{0}".', marker ?? ''));
    }
    const asked = events.filter(
      ({ source, time }) => time >= from && time <= to && (component === undefined || source === component),
    );
    const end = start + limit;
    const logs = asked.slice(start, end).map(({ event }) => event);
    return new TextEncoder().encode(JSON.stringify({ logs, ...(end < asked.length ? { marker: String(end) } : {}) }));
  };
  return {
    // A promise even for what throws at once.
    page: (request, signal) =>
      new Promise((resolve) => {
        signal.throwIfAborted();
        resolve(page(request));
      }),
  };
}
