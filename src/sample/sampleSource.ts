import { message } from '../core/base/message';
import { RequestError } from '../core/base/errors';
import { fieldText, type ActivityEvent } from '../core/event/event';
import type { EventSource, PageRequest } from '../core/event/source';
import { dateEvents, tellStories } from './sampleEvents';
import type { Recorded } from './tape';

interface SampleEvent {
  readonly event: ActivityEvent;
  readonly source: string;
  readonly time: number;
}

/**
 * The sample as a source of pages, without any network. Its marker is the offset of the next page. It is made when it
 * is first asked for, in small steps: `pause` lets others work in between.
 */
export function sampleSource(now: number, pause: () => Promise<unknown>): EventSource {
  let making: Promise<readonly SampleEvent[]> | undefined;
  return {
    isWhole: true,
    isLocal: true,
    page: async (request, signal) => {
      signal.throwIfAborted();
      making ??= makeEvents(now, pause);
      return pageOf(await making, request);
    },
  };
}

async function makeEvents(now: number, pause: () => Promise<unknown>): Promise<readonly SampleEvent[]> {
  const recorded: Recorded[] = [];
  for (const story of tellStories()) {
    recorded.push(...story);
    await pause();
  }
  return dateEvents(recorded, now).map((event) => ({
    event,
    source: fieldText(event, 'source'),
    time: Date.parse(fieldText(event, 'timestamp')),
  }));
}

function pageOf(events: readonly SampleEvent[], { component, from, to, marker, limit }: PageRequest): Uint8Array {
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
}
