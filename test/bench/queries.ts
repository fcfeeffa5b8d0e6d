import path from 'node:path';
import { isCancelled } from '../../src/core/base/errors';
import { dayRange } from '../../src/core/time/days';
import { fieldText, type EventSummary } from '../../src/core/event/event';
import type { Range } from '../../src/core/time/range';
import type { Search } from '../../src/core/search/search';
import type { History, ListQuery, ResourceGroup } from '../../src/history/history';
import { openHistory } from '../../src/history/openHistory';
import { percentile } from './median';

export const workerPath = path.resolve('dist/worker.js');
export const loadWorkerPath = path.resolve('dist/loadWorker.js');

/** What is timed; the naive design answers it, too. */
export type Answers = Pick<History, 'counts' | 'list' | 'event'> & Partial<Pick<History, 'activity'>>;

/** Milliseconds. */
export interface Timing {
  readonly median: number;
  readonly p95: number;
}

const signal = new AbortController().signal;
const limit = 500;

/** The times of each kind of question, each asked several times. */
export async function timeQueries(
  answers: Answers,
  month: Range,
  mostRuns = Infinity,
): Promise<Record<string, Timing>> {
  const view = { range: month };
  const { days } = await answers.counts(view, 'utc', signal);
  const dates = [...new Set(days.map(({ day }) => day ?? ''))].sort();
  const within = dayRange(dates[Math.floor(dates.length / 2)] ?? '', 'utc');
  const list = (query: Partial<ListQuery>): ReturnType<Answers['list']> =>
    answers.list({ view, limit, ...query }, signal);
  const find = (search: Search, after?: string): ReturnType<Answers['list']> =>
    list({ view: { ...view, search }, after });
  const { items } = await list({ within });
  const event = items[Math.floor(items.length / 2)];
  if (!event) throw new Error('Nothing is stored');
  const body = fieldText((await answers.event(event.key))?.record ?? {}, 'request_body');
  const oneIn4096 = / 4[\da-f]{3} 8/.exec(body)?.[0] ?? '';
  const busy = (await list({ limit: 1 })).items[0]?.resourceId; // the newest event is one of a resource that lives all along
  const spread: EventSummary[] = [];
  for (const day of dates) spread.push(...(await list({ within: dayRange(day, 'utc'), limit: 2 })).items);
  const resources = [...new Set(spread.map(({ resourceId }) => resourceId ?? ''))].filter((id) => id !== '');
  /** One resource of each block was asked for before, the other is a new one: what is remembered does not tell of all. */
  const blocks = (file: number): ResourceGroup[] =>
    Array.from({ length: 100 }, (_, index) => ({
      resources: [
        [resources[index % resources.length] ?? ''],
        [`${String(file).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`],
      ],
    }));
  let turn = 0;

  /** Reads on until `enough`, or to the end. */
  const readOn = async (search: Search, enough: (found: number) => boolean): Promise<void> => {
    let found = 0;
    let after: string | undefined;
    do {
      const { items, next } = await find(search, after);
      found += items.length;
      after = next;
    } while (after !== undefined && !enough(found));
  };
  const questions: Record<string, { readonly runs: number; ask(): Promise<unknown> }> = {
    'counts by component and day': { runs: 20, ask: () => answers.counts(view, 'local', signal) },
    'page of 500 of one day': { runs: 20, ask: () => list({ within }) },
    'page of 500 of one component and day': { runs: 20, ask: () => list({ within, source: 'karbor' }) },
    'one event with bodies': { runs: 50, ask: () => answers.event(spread[turn++ % spread.length]?.key ?? '') },
    'filter: component and outcome': { runs: 10, ask: () => find(all(is('source', 'nova'), is('success', 'no'))) },
    'filter: user': { runs: 10, ask: () => find(is('user_email', event.userEmail)) },
    'filter: user and outcome': {
      runs: 10,
      ask: () => find(all(is('user_email', event.userEmail), is('success', 'no'))),
    },
    'filter: an action that never occurs': { runs: 10, ask: () => find(is('action', 'never')) },
    'filter: request id': { runs: 10, ask: () => find(is('request_id', event.requestId)) },
    'filter: event id': { runs: 10, ask: () => find(is('event_id', event.eventId)) },
    'text in everything, never found': { runs: 3, ask: () => readOn(text('nothing_holds_this'), () => false) },
    'text in 1 of 4,096 bodies: first rows': { runs: 3, ask: () => readOn(text(oneIn4096), (found) => found > 0) },
    'text in 1 of 4,096 bodies: all rows': { runs: 3, ask: () => readOn(text(oneIn4096), () => false) },
    'resource history': { runs: 20, ask: () => list({ view: { ...view, resourceId: event.resourceId } }) },
    'resource history: 1 of 300 events': { runs: 20, ask: () => list({ view: { ...view, resourceId: busy } }) },
  };
  const { activity } = answers;
  if (activity) {
    questions['code lenses of a file of 100 blocks'] = { runs: 20, ask: () => activity(blocks(turn++), month, signal) };
  }
  const timings: Record<string, Timing> = {};
  for (const [name, { runs, ask }] of Object.entries(questions))
    timings[name] = await time(Math.min(runs, mostRuns), ask);
  return timings;
}

/** From cancelling a search of all texts to the answer of the next question. */
export async function timeCancel(answers: Answers, month: Range): Promise<Timing> {
  const view = { range: month };
  return time(5, async () => {
    const cancel = new AbortController();
    const search = answers.list({ view: { ...view, search: text('nothing_holds_this') }, limit }, cancel.signal);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const start = performance.now();
    cancel.abort();
    const ended = search.catch((error: unknown) => {
      if (!isCancelled(error)) throw error;
    });
    await Promise.all([ended, answers.list({ view, limit }, signal)]);
    return performance.now() - start;
  });
}

/** From nothing to the counts and the first rows of a stored month. */
export async function timeReopening(file: string, month: Range): Promise<number> {
  const start = performance.now();
  const { history } = await openHistory({ workerPath, file });
  const view = { range: month };
  const { days } = await history.counts(view, 'local', signal);
  await history.list({ view, within: dayRange(days[0]?.day ?? '', 'local'), limit }, signal);
  const took = performance.now() - start;
  await history.close();
  return took;
}

/** How long `ask` takes, or what it says that it took. */
async function time(runs: number, ask: () => Promise<unknown>): Promise<Timing> {
  const took: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const said = await ask();
    took.push(typeof said === 'number' ? said : performance.now() - start);
  }
  return { median: percentile(took, 0.5), p95: percentile(took, 0.95) };
}

function is(field: string, value: string): Search {
  return { type: 'compare', field, op: '=', value };
}

function all(...items: readonly Search[]): Search {
  return { type: 'and', items };
}

function text(value: string): Search {
  return { type: 'text', value };
}
