import type { Log } from '../core/base/log';
import type { Range } from '../core/time/range';
import { requesterKey, type Requester } from '../core/openstack/requester';
import type { History } from '../history/history';
import { LateEvents } from '../history/load/lateEvents';
import type { LoadProgress, LoadResult } from '../history/load/loader';
import { streamsOf } from '../history/load/streams';
import type { SentTokens } from '../host/connections/sentTokens';
import type { LoadedAs } from '../host/session/loading';
import type { Token } from '../host/connections/tokens';
import type { LoadPorts, LoadTask } from './loadThread';

type Held = Pick<Token, 'token' | 'requester'>;

/** What loading into an open history needs. */
export interface LoadParts {
  readonly history: History;
  readonly sent: SentTokens;
  /** Loads from the source into the history. */
  run(task: LoadTask, ports: LoadPorts, signal: AbortSignal): Promise<LoadResult>;
  /** The token that is held, and whose it is where somebody tells; undefined where there is none. */
  findToken(signal: AbortSignal): Promise<Held | undefined>;
  /** Events were loaded before with another token, and it is not known whose this one is. */
  onUnknownRequester(): void;
  /** How to load, as of now. */
  options(): Pick<LoadTask, 'components' | 'concurrency' | 'pageSize'> & { now(): number };
  waitForToken(signal: AbortSignal): Promise<void>;
  /** Whether events may arrive late; those of a saved log do not. */
  readonly isLive: boolean;
  readonly log: Log;
}

/** The loads of an open history. */
export interface HistoryLoad {
  /** As whom the log was last asked. */
  readonly requester: Requester | undefined;
  load(
    range: Range,
    again: Partial<Range> | undefined,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<LoadResult & LoadedAs>;
}

const nothing: LoadProgress = { events: 0, newEvents: 0, unreadable: 0, oldest: undefined };

/**
 * Loads as the owner of the token, for whom alone what comes counts as complete: a load that is given the token of another one
 * begins anew. Asks for late events now and then.
 */
export function createLoad(parts: LoadParts, first: Held | undefined): HistoryLoad {
  const { history, log, sent } = parts;
  const late = new LateEvents(history);
  let { requester, token } = first ?? {};
  let isEmpty = true;

  /** Follows the tokens that are sent. Whether this one is of somebody else. */
  function isOthers(held: Held): boolean {
    if (requesterKey(held.requester) !== requesterKey(requester)) return true;
    if (token !== held.token && !requester && !isEmpty) parts.onUnknownRequester();
    ({ token } = held);
    return false;
  }

  async function loadOnce(
    range: Range,
    again: Range | undefined,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
    onOther: () => void,
  ): Promise<LoadResult & LoadedAs> {
    const { now, ...options } = parts.options();
    const admit = (held: Held): void => {
      if (!isOthers(held)) return;
      onOther();
      signal.throwIfAborted();
    };
    const key = requesterKey(requester);
    const look = parts.isLive && !again ? await late.begin(key, now()) : undefined;
    const looked = look && { from: Math.max(look.range.from, range.from), to: Math.min(look.range.to, range.to) };
    const ports: LoadPorts = {
      now,
      token: () => sent.next(admit),
      onDidChangeToken: (listener) => sent.onDidChange(listener),
      reported({ attempts, progress }) {
        for (const attempt of attempts) sent.attempted(attempt);
        if (progress) onProgress(progress);
      },
      waitForToken: async (signal) => {
        if (!(await sent.renew(signal))) await parts.waitForToken(signal);
      },
      log: (level, text) => log[level](text),
    };
    const result = await parts.run({ ...options, range, again: again ?? looked }, ports, signal);
    if (look && result.gaps.length === 0) await late.end(look, range);
    return { ...result, requester: key, streams: await streamsOf(history, options.components, signal) };
  }

  return {
    get requester() {
      return requester;
    },
    async load(range, again, onProgress, signal) {
      for (;;) {
        const held = await parts.findToken(signal);
        const isOther = held && requesterKey(held.requester) !== requesterKey(requester);
        if (isOther) {
          await history.setRequester(held.requester);
          ({ requester } = held);
          // What counts as complete is another thing now.
          onProgress(nothing);
        }
        isEmpty = (await history.arrivals(0, range)).last === 0;
        const other = new AbortController();
        const either = AbortSignal.any([signal, other.signal]);
        try {
          return await loadOnce(range, again && { ...range, ...again }, onProgress, either, () => other.abort());
        } catch (error) {
          if (signal.aborted || !other.signal.aborted) throw error;
          log.info('The token is of another user now; loading begins anew');
        }
      }
    },
  };
}
