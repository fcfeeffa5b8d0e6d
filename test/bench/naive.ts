import { dayOf } from '../../src/core/time/days';
import { fieldText, outcomeOf, type ActivityEvent, type EventSummary } from '../../src/core/event/event';
import type { Range } from '../../src/core/time/range';
import { summaryOf } from '../../src/core/event/summaryOf';
import { matches } from '../../src/core/search/searchEvaluate';
import { readTime } from '../../src/core/time/time';
import type { Counts, DayCount, List, ListQuery, View } from '../../src/history/history';
import { watchMemory } from './memory';
import { timeQueries, type Answers, type Timing } from './queries';
import { readPages } from './readPages';
import type { StandIn } from './startStandIn';

export interface Naive {
  readonly events: number;
  readonly seconds: number;
  /** The most resident memory of the process, in MB. */
  readonly memory: number;
  readonly queries: Readonly<Record<string, Timing>>;
}

/** The naive design: all events are parsed and kept in an array, and every question looks at each. */
export async function measureNaive(standIn: StandIn): Promise<Naive> {
  const memory = watchMemory();
  const start = performance.now();
  const events: ActivityEvent[] = [];
  await readPages(standIn, 1, (page) => events.push(...page));
  const seconds = (performance.now() - start) / 1000;
  const queries = await timeQueries(new ArrayAnswers(events), standIn.month, 3);
  return { events: events.length, seconds, memory: memory.end().most, queries };
}

class ArrayAnswers implements Answers {
  constructor(private readonly events: readonly ActivityEvent[]) {}

  async counts({ range }: View, zone: 'local' | 'utc'): Promise<Counts> {
    const days = new Map<string, { -readonly [name in keyof DayCount]: DayCount[name] }>();
    for (const event of this.events) {
      const time = timeOf(event);
      if (!isIn(time, range)) continue;
      const [source, day] = [fieldText(event, 'source'), dayOf(time, zone)];
      const count = days.get(source + day) ?? { source, day, events: 0, failures: 0 };
      count.events++;
      if (outcomeOf(event) === 'failure') count.failures++;
      days.set(source + day, count);
    }
    return { days: [...days.values()], oldest: undefined, newest: undefined };
  }

  async list({ view, source, within, after, limit }: ListQuery): Promise<List<EventSummary>> {
    const { range, search, resourceId } = view;
    const items: EventSummary[] = [];
    for (let at = Number(after ?? 0); at < this.events.length; at++) {
      const event = this.events[at]!;
      const time = timeOf(event);
      if (!isIn(time, range) || (typeof within === 'object' && !isIn(time, within))) continue;
      if (source !== undefined && event['source'] !== source) continue;
      if (resourceId !== undefined && !names(event, resourceId)) continue;
      if (search && !matches(search, event)) continue;
      if (items.length === limit) return { items, next: String(at) };
      items.push(summaryOf(event, time));
    }
    return { items, next: undefined };
  }

  async event(key: string): Promise<{ summary: EventSummary; record: ActivityEvent } | undefined> {
    const record = this.events.find((event) => event['event_id'] === key);
    return record && { summary: summaryOf(record, timeOf(record)), record };
  }
}

function timeOf(event: ActivityEvent): number {
  return readTime(fieldText(event, 'timestamp')) ?? NaN;
}

function isIn(time: number, { from, to }: Range): boolean {
  return time >= from && time < to;
}

function names(event: ActivityEvent, resourceId: string): boolean {
  return ['uri', 'request_body', 'response_body'].some((field) => fieldText(event, field).includes(resourceId));
}
