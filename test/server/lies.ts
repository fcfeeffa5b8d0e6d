import type { Json } from '../../src/core/json/json';
import type { ActivityEvent } from '../../src/core/event/event';
import type { Fault, Lie } from './faults';

export interface LogAnswer {
  readonly logs: readonly ActivityEvent[];
  readonly marker?: string;
}

const withEach = (answer: LogAnswer, change: (event: ActivityEvent, index: number) => Json) => ({
  ...answer,
  logs: answer.logs.map(change),
});

/** What each lie makes of an honest answer, in the order in which several can be told. Those about markers are told elsewhere. */
const lies: Partial<Record<Lie['kind'], (answer: LogAnswer) => unknown>> = {
  wrongTypes: (answer) =>
    withEach(answer, (event, index) => ({
      ...event,
      success: index % 2 === 0,
      user_id: index,
      uri: null,
      request_body: { nested: [1, 2.5, null] },
    })),
  missingFields: (answer) =>
    withEach(answer, ({ event_id, timestamp }) => ({ event_id: event_id ?? null, timestamp: timestamp ?? null })),
  missingIds: (answer) =>
    withEach(answer, (event) => Object.fromEntries(Object.entries(event).filter(([field]) => field !== 'event_id'))),
  duplicateIds: (answer) =>
    withEach(answer, (event, index) => ({
      ...event,
      event_id: answer.logs[index - (index % 2)]?.['event_id'] ?? null,
    })),
  repeatedRecords: (answer) => ({ ...answer, logs: answer.logs.flatMap((event) => [event, event]) }),
  unreadableTimes: (answer) =>
    withEach(answer, (event, index) => ({
      ...event,
      timestamp: ['yesterday', '', '2021-13-45T99:00:00Z'][index % 3] ?? '',
    })),
  notRecords: (answer) => withEach(answer, (event, index) => [event, 'text', null, 42, []][index % 5] ?? null),
  logsObject: (answer) => ({
    ...answer,
    logs: Object.fromEntries(answer.logs.map((event, index) => [String(index), event])),
  }),
  logsMissing: ({ marker }) => ({ marker, items: [] }),
};

/** The answer with all its lies told, or undefined where the honest one may go out. */
export function distort(faults: readonly Fault[], honest: () => LogAnswer): unknown {
  const told = Object.entries(lies).filter(([kind]) => faults.some((fault) => fault.kind === kind));
  return told.length === 0 ? undefined : told.reduce<unknown>((answer, [, lie]) => lie(answer as LogAnswer), honest());
}
