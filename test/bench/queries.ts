import { dayRange } from '../../src/core/days';
import type { Search } from '../../src/core/search';
import type { History } from '../../src/history/history';

export interface Timing {
  readonly median: number;
  readonly p95: number;
}

const signal = new AbortController().signal;

/** Times each kind of question, in milliseconds. */
export async function timeQueries(history: History, from: number, to: number): Promise<Record<string, Timing>> {
  const view = { range: { from, to } };
  const { days } = await history.counts(view, 'utc', signal);
  const day = days[Math.floor(days.length / 2)]?.day ?? '';
  const within = dayRange(day, 'utc');
  const { items } = await history.list({ view, within, limit: 500 }, signal);
  const event = items[Math.floor(items.length / 2)];
  if (!event) throw new Error('Nothing is stored');
  const compare = (field: string, value: string): Search => ({ type: 'compare', field, op: '=', value });
  const list = (search: Search): Promise<unknown> => history.list({ view: { ...view, search }, limit: 500 }, signal);

  const questions: Record<string, { readonly runs: number; ask(): Promise<unknown> }> = {
    'counts by component and day': { runs: 20, ask: () => history.counts(view, 'local', signal) },
    'page of 500 of one day': { runs: 20, ask: () => history.list({ view, within, limit: 500 }, signal) },
    'page of 500 of one component and day': {
      runs: 20,
      ask: () => history.list({ view, within, source: 'karbor', limit: 500 }, signal),
    },
    'one event with bodies': { runs: 20, ask: () => history.body(event.key, 'request', { redact: true }) },
    'filter on user and outcome, first page': {
      runs: 10,
      ask: () => list({ type: 'and', items: [compare('user_email', event.userEmail), compare('success', 'no')] }),
    },
    'filter on an action that never occurs': { runs: 10, ask: () => list(compare('action', 'never')) },
    'filter on one request id': { runs: 5, ask: () => list(compare('request_id', event.requestId)) },
    'text in everything, never found': { runs: 3, ask: () => list({ type: 'text', value: 'nothing_holds_this' }) },
    'resource history': {
      runs: 20,
      ask: () => history.list({ view: { ...view, resourceId: event.resourceId }, limit: 500 }, signal),
    },
  };
  const timings: Record<string, Timing> = {};
  for (const [name, { runs, ask }] of Object.entries(questions)) {
    const took: number[] = [];
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      await ask();
      took.push(performance.now() - start);
    }
    took.sort((a, b) => a - b);
    const at = (part: number): number => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? NaN;
    timings[name] = { median: at(0.5), p95: at(0.95) };
  }
  return timings;
}
