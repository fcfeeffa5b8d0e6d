import type { Range } from '../../core/time/range';
import { settlingTime, type History } from '../history';

const day = 86_400_000;

/** Events that arrive within so many milliseconds are found: a day, more where some came later than half of that. */
const shortest = day;
const longest = 7 * day;

/** What was found when times were last asked for again; kept in the history for each requester. */
interface Look {
  /** When, in UTC milliseconds: what happened `lateness` before was asked for again. */
  readonly at: number;
  readonly lateness: number;
}

/** A look for late events that is under way. */
export interface LateLook {
  /** The times to ask for although they count as loaded. */
  readonly range: Range;
  readonly requester: string;
  /** When the load began, in UTC milliseconds. */
  readonly now: number;
  readonly before: Look | undefined;
  /** The last event received before. */
  readonly received: number;
}

/**
 * Decides when to ask again for times that count as loaded, since events may have arrived late: with the first load of a
 * session and once a day, all that happened since a day before the last such look.
 */
export class LateEvents {
  /** When each requester last looked in this session. */
  readonly #looked = new Map<string, number>();

  constructor(private readonly history: Pick<History, 'arrivals' | 'metadata' | 'setMetadata'>) {}

  /** Begins a look with a load that begins `now`; undefined where none is due. */
  async begin(requester: string, now: number): Promise<LateLook | undefined> {
    const last = this.#looked.get(requester) ?? -Infinity;
    if (now >= last && now - last < day) return undefined;
    const before = readLook(await this.history.metadata(metadataName(requester)));
    const from = Math.min(before?.at ?? now, now) - (before?.lateness ?? shortest);
    const { last: received } = await this.history.arrivals(Number.MAX_SAFE_INTEGER, { from, to: now });
    return { range: { from, to: now }, requester, now, before, received };
  }

  /** The load has brought all of `loaded`, with the times of the look that are in it. The others are left for the next one. */
  async end({ range, requester, now, before, received }: LateLook, loaded: Range): Promise<void> {
    if (loaded.to < now - settlingTime) return;
    this.#looked.set(requester, now);
    if (loaded.from > range.from) return;
    const lateness = before ? await this.#learn(range, before, received) : shortest;
    const look: Look = { at: Math.min(now, loaded.to), lateness };
    await this.history.setMetadata(metadataName(requester), JSON.stringify(look));
  }

  /** What happened before the last look and was received after it came later than the time between. */
  async #learn(range: Range, { at, lateness }: Look, received: number): Promise<number> {
    const { oldest } = await this.history.arrivals(received, { from: range.from, to: at });
    const wanted = oldest === undefined ? 0.9 * lateness : Math.max(lateness, 2 * (at - oldest));
    return Math.min(Math.max(wanted, shortest), longest);
  }
}

function metadataName(requester: string): string {
  return `looked for late events ${requester}`;
}

/** Undefined where there was none, or it is damaged. */
function readLook(text = ''): Look | undefined {
  try {
    const look = JSON.parse(text) as Look;
    return Number.isFinite(look.at) && Number.isFinite(look.lateness) ? look : undefined;
  } catch {
    return undefined;
  }
}
