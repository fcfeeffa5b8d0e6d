import type { Log } from '../../core/base/log';
import { format } from '../../core/base/message';
import type { Range } from '../../core/time/range';
import { subtract, union } from '../../core/time/ranges';
import type { EventSource } from '../../core/event/source';
import { joinGaps, type Gap } from './gaps';
import type { LoaderHistory } from '../history';
import { loadSlice, type StoredPage } from './loadSlice';
import { PageRequests } from './pageRequests';
import { Slices, type Slice } from './slices';
import { knownComponents, perComponent } from './streams';
import { takeLease, type Lease } from './takeLease';

export type { Gap };

export interface LoaderOptions {
  /** Where the pages come from. */
  readonly source: EventSource;
  readonly history: LoaderHistory;
  /** One stream each; empty = all components in one stream. */
  readonly components: readonly string[];
  readonly pageSize: number;
  /** How many requests are sent at the same time. */
  readonly concurrency: number;
  /** UTC milliseconds. */
  now(): number | Promise<number>;
  /** Resolves when requests may go on after a 401. Never asked for twice at once. */
  waitForToken(signal: AbortSignal): Promise<void>;
  readonly log: Log;
  /** Times to ask for although they count as loaded: events of them may have arrived since. */
  readonly again?: Range | undefined;
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
   * Loads what is missing of `range`. What fails for good comes back as gaps and does not hold up the rest. While another
   * window loads into the same history this one waits, and tells of what is stored there as progress.
   * @throws AbortError when cancelled; what `waitForToken` or the history throws
   */
  async load(range: Range, onProgress: (progress: LoadProgress) => void, signal: AbortSignal): Promise<LoadResult> {
    const { history, log } = this.#options;
    const progress = { events: 0, newEvents: 0, unreadable: 0, oldest: undefined as number | undefined };
    const report = (page: StoredPage): void => {
      progress.events += page.events;
      progress.newEvents += page.newEvents;
      progress.unreadable += page.unreadable;
      if (page.oldest !== undefined && page.oldest < (progress.oldest ?? Infinity)) progress.oldest = page.oldest;
      onProgress({ ...progress });
    };
    for (;;) {
      const lease = await takeLease(history, () => onProgress({ ...progress }), log, signal);
      try {
        const gaps = await this.#load(range, report, lease, AbortSignal.any([signal, lease.lost]));
        for (const { stream, reason } of gaps) log.warn(`Not loaded${stream && ` (${stream})`}: ${format(reason)}`);
        return { gaps, loaded: progress.events, unreadable: progress.unreadable };
      } catch (error) {
        if (signal.aborted || !lease.lost.aborted) throw error;
      } finally {
        await lease.end();
      }
    }
  }

  async #load(range: Range, report: (page: StoredPage) => void, lease: Lease, signal: AbortSignal): Promise<Gap[]> {
    const { source, history, concurrency, log } = this.#options;
    signal.throwIfAborted();
    const now = await this.#options.now();
    await history.forgetFuture(now);
    const wanted = { from: range.from, to: Math.min(range.to, now) };
    const again = this.#options.again ?? { from: now, to: now };
    // The load ends as one: when one slice breaks it off, the others stop too.
    const ending = new AbortController();
    const waitForToken = (given: AbortSignal) => lease.yield(() => this.#options.waitForToken(given));
    const either = AbortSignal.any([signal, ending.signal]);
    const requests = new PageRequests({ ...this.#options, waitForToken }, now, either);
    const loadStreams = async (streams: readonly string[]): Promise<Gap[]> => {
      const slices = new Slices(concurrency, source.isWhole ?? false);
      const all = await history.coverage('');
      for (const stream of streams) {
        const covered = stream === '' ? all : [...all, ...(await history.coverage(stream))];
        const asked = [...subtract(wanted, covered), { from: again.from, to: Math.min(again.to, now) }];
        for (const missing of union(asked)) slices.add(stream, missing);
      }
      const gaps: Gap[] = [];
      const load = async (slice: Slice, onSplit: () => void): Promise<void> => {
        gaps.push(...(await loadSlice({ slice, slices, now, requests, history, log, onStored: report, onSplit })));
      };
      await runAll(slices, load, ending);
      return joinGaps(gaps);
    };
    return this.#loadAsAllowed(loadStreams, requests, signal);
  }

  /** All components in one stream; where the server wants a component named (400), one stream for each from then on. */
  async #loadAsAllowed(
    loadStreams: (streams: readonly string[]) => Promise<Gap[]>,
    requests: PageRequests,
    signal: AbortSignal,
  ): Promise<Gap[]> {
    const { history, components, log } = this.#options;
    if (components.length > 0) return loadStreams(components);
    if ((await history.metadata('streams')) === perComponent)
      return loadStreams(await knownComponents(history, signal));
    const gaps = await loadStreams(['']);
    const refused = gaps.length > 0 && gaps.every((gap) => gap.failure === 'badRequest') && !requests.hasAnswers();
    if (!refused) return gaps;
    log.info('The server wants a component to be named; asking for each one');
    const partGaps = await loadStreams(await knownComponents(history, signal));
    if (!requests.hasAnswers()) return gaps;
    await history.setMetadata('streams', perComponent);
    return partGaps;
  }
}

/** Loads all slices, some at once; when one throws, the others end before this does. */
async function runAll(
  slices: Slices,
  load: (slice: Slice, onSplit: () => void) => Promise<void>,
  ending: AbortController,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const start = (): void => {
    for (let slice; !ending.signal.aborted && (slice = slices.take());) {
      const loading = load(slice, start)
        .catch((error: unknown) => ending.abort(error))
        .finally(() => {
          running.delete(loading);
          start();
        });
      running.add(loading);
    }
  };
  start();
  while (running.size > 0) await Promise.all(running);
  ending.signal.throwIfAborted();
}
