import type { RequestFailure } from '../core/errors';
import type { Log } from '../core/log';
import { format, type Message } from '../core/message';
import type { Range } from '../core/range';
import { subtract } from '../core/ranges';
import type { EventSource } from '../core/source';
import { loadGap, type StoredPage } from './gapLoader';
import type { History } from './history';
import { PageRequests } from './pageRequests';
import { knownComponents, perComponent } from './streams';

export interface LoaderOptions {
  readonly source: EventSource;
  readonly history: History;
  /** One stream each; empty = all components in one stream. */
  readonly components: readonly string[];
  readonly pageSize: number;
  /** How many streams are loaded at the same time. */
  readonly concurrency: number;
  /** UTC milliseconds. */
  now(): number;
  /** Resolves when requests may go on after a 401. Never asked for twice at once. */
  waitForToken(signal: AbortSignal): Promise<void>;
  readonly log: Log;
}

/** Times of a stream that could not be loaded. */
export interface Gap {
  /** The component; '' = all components. */
  readonly stream: string;
  readonly range: Range;
  readonly reason: Message;
  /** What the last request failed with, where one did. */
  readonly failure: RequestFailure | undefined;
}

export interface LoadProgress {
  /** Records received. */
  readonly events: number;
  /** Of these, the ones that were not stored before. */
  readonly newEvents: number;
  readonly unreadable: number;
  /** UTC milliseconds of the oldest event received. */
  readonly oldest: number | undefined;
}

export interface LoadResult {
  readonly gaps: Gap[];
  /** Records received. */
  readonly loaded: number;
  readonly unreadable: number;
}

/** The newest times are asked for again next time: events may arrive late. */
const settlingTime = 120_000;

/**
 * Completes a history from its source: asks for what its coverage lacks, newest first, and is the only one that writes.
 * Whatever was stored stays, however a load ends; the next one goes on from there.
 */
export class Loader {
  readonly #options: LoaderOptions;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /**
   * Loads what is missing of `range`. What fails for good comes back as gaps and does not hold up the rest.
   * @throws AbortError when cancelled; what `waitForToken` or the history throws
   */
  async load(range: Range, onProgress: (progress: LoadProgress) => void, signal: AbortSignal): Promise<LoadResult> {
    const { history, concurrency, log } = this.#options;
    signal.throwIfAborted();
    const now = this.#options.now();
    const wanted = { from: range.from, to: Math.min(range.to, now) };
    // The load ends as one: when one stream breaks it off, the others stop too.
    const ending = new AbortController();
    const requests = new PageRequests(this.#options, AbortSignal.any([signal, ending.signal]));
    const progress = { events: 0, newEvents: 0, unreadable: 0, oldest: undefined as number | undefined };
    const report = (page: StoredPage): void => {
      progress.events += page.events;
      progress.newEvents += page.newEvents;
      progress.unreadable += page.unreadable;
      if (page.oldest !== undefined && page.oldest < (progress.oldest ?? Infinity)) progress.oldest = page.oldest;
      onProgress({ ...progress });
    };
    const loadStream = async (stream: string): Promise<Gap[]> => {
      const covered = [...(await history.coverage('')), ...(stream === '' ? [] : await history.coverage(stream))];
      const gaps: Gap[] = [];
      for (const missing of subtract(wanted, covered).reverse()) {
        const task = { stream, range: missing, now, settled: now - settlingTime, requests, history, log };
        gaps.push(...(await loadGap(task, report)));
      }
      return gaps;
    };
    const loadStreams = (streams: readonly string[]): Promise<Gap[]> =>
      runAll(streams, loadStream, concurrency, ending);

    const gaps = await this.#loadAsAllowed(loadStreams, requests, signal);
    for (const { stream, reason } of gaps) log.warn(`Not loaded${stream && ` (${stream})`}: ${format(reason)}`);
    return { gaps, loaded: progress.events, unreadable: progress.unreadable };
  }

  /** All components in one stream; where the server wants a component named (400), one stream for each from then on. */
  async #loadAsAllowed(
    loadStreams: (streams: readonly string[]) => Promise<Gap[]>,
    requests: PageRequests,
    signal: AbortSignal,
  ): Promise<Gap[]> {
    const { history, components, log } = this.#options;
    if (components.length > 0) return loadStreams(components);
    if ((await history.fact('streams')) === perComponent) return loadStreams(await knownComponents(history, signal));
    const gaps = await loadStreams(['']);
    const refused = gaps.length > 0 && gaps.every((gap) => gap.failure === 'badRequest') && !requests.hasAnswers();
    if (!refused) return gaps;
    log.info('The server wants a component to be named; asking for each one');
    const partGaps = await loadStreams(await knownComponents(history, signal));
    if (!requests.hasAnswers()) return gaps;
    await history.setFact('streams', perComponent);
    return partGaps;
  }
}

/** Loads all streams, some at once; when one throws, the others end before this does. */
async function runAll(
  streams: readonly string[],
  load: (stream: string) => Promise<Gap[]>,
  concurrency: number,
  ending: AbortController,
): Promise<Gap[]> {
  const gaps: Gap[] = [];
  const waiting = streams.values();
  const lane = async (): Promise<void> => {
    try {
      for (const stream of waiting) gaps.push(...(await load(stream)));
    } catch (error) {
      ending.abort(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, streams.length) }, lane));
  ending.signal.throwIfAborted();
  return gaps;
}
