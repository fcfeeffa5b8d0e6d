import { RequestError, type RequestFailure } from '../core/errors';
import type { Log } from '../core/log';
import { message, type Message } from '../core/message';
import type { Range } from '../core/range';
import { intersect } from '../core/ranges';
import type { DecodedPage, History } from './history';
import type { Gap } from './loader';
import { isFailure, type PageRequests } from './pageRequests';

const second = 1000;
const maxPages = 10_000;
const maxEmptyPages = 100;
const maxLogged = 5;

export interface GapTask {
  /** The component; '' = all. */
  readonly stream: string;
  /** What is missing of it. */
  readonly range: Range;
  /** When the load began: nothing later is asked for. */
  readonly now: number;
  /** Times from here on are never complete: events may still arrive. */
  readonly settled: number;
  readonly requests: PageRequests;
  readonly history: History;
  readonly log: Log;
}

/** What a stored page brought. */
export interface StoredPage {
  readonly events: number;
  readonly newEvents: number;
  readonly unreadable: number;
  readonly oldest: number | undefined;
}

/** A chain of pages: each asked for with the marker of the one before. */
interface Chain {
  /** UTC milliseconds, a whole second; asked for inclusively. */
  readonly to: number;
  readonly markers: Set<string>;
  pages: number;
  emptyPages: number;
  /** The oldest time received; undefined at first. */
  oldest: number | undefined;
  /** Whether the records came newest first. Else nothing follows from where the chain stands. */
  ordered: boolean;
}

/**
 * Loads one missing range of one stream, newest first, each page stored while the next one is fetched. Returns what could
 * not be loaded.
 */
export async function loadGap(task: GapTask, onStored: (page: StoredPage) => void): Promise<Gap[]> {
  const { range, now } = task;
  // A second more on each side: whether the server takes bounds inclusively is not known.
  const from = floorSecond(range.from) - second;
  const gaps: Gap[] = [];
  /** All of the range from here on is stored or said to be a gap. */
  let top = range.to;
  let chain = newChain(Math.min(ceilSecond(range.to) + second, ceilSecond(now)));
  const give = (reason: Message, part: Range, failure?: RequestFailure): void => {
    gaps.push({ stream: task.stream, range: part, reason, failure });
  };

  for (;;) {
    const { problem, ...end } = await followChain(task, chain, from, top, onStored);
    top = end.top;
    if (problem === undefined) return gaps;
    if (!problem.isLostPlace || !chain.ordered || chain.oldest === undefined) {
      give(problem.reason, { from: range.from, to: top }, problem.failure);
      return gaps;
    }
    // On from the oldest second received, which a page may have cut in two.
    const oldest = floorSecond(chain.oldest);
    task.log.info('A marker was refused or led astray; going on from the oldest time received');
    if (oldest + second < chain.to) chain = newChain(oldest + second);
    else if (oldest < chain.to) chain = newChain(oldest);
    else {
      const part = intersect(range, { from: oldest, to: oldest + second });
      if (part) give(message('More events happened in one second than the server hands out at once.'), part);
      top = Math.min(top, oldest);
      if (top <= range.from) return gaps;
      chain = newChain(oldest - second);
    }
  }
}

/** Why a chain ends early. */
interface Problem {
  readonly reason: Message;
  readonly failure?: RequestFailure;
  /** Whether only the marker is at fault: a new chain may go on from the oldest time. */
  readonly isLostPlace?: boolean;
}

/** Follows the markers until all of the range below `top` is stored, or to a problem; returns the new `top`. */
async function followChain(
  task: GapTask,
  chain: Chain,
  from: number,
  top: number,
  onStored: (page: StoredPage) => void,
): Promise<{ top: number; problem?: Problem | undefined }> {
  const fetch = (marker: string | undefined): Promise<DecodedPage> => {
    const component = task.stream === '' ? undefined : task.stream;
    const page = task.requests.fetch({ component, from, to: chain.to, marker });
    page.catch(() => undefined); // awaited once the page before it is stored
    return page;
  };
  let marker: string | undefined;
  let fetching: Promise<DecodedPage> | undefined = fetch(marker);
  try {
    while (fetching) {
      let page: DecodedPage;
      try {
        page = await fetching;
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        const isLostPlace = marker !== undefined && isFailure(error, 'badRequest', 'notFound');
        return { top, problem: { reason: error.text, failure: error.failure, isLostPlace } };
      }
      const isRepeated = advance(chain, page);
      const reached = isRepeated ? top : reachedBy(chain, page, task.range, top);
      const problem = reached > task.range.from ? findProblem(chain, page) : undefined;
      ({ marker } = page);
      fetching = marker === undefined || reached <= task.range.from || problem ? undefined : fetch(marker);
      const stored = await storePage(task, page, { from: reached, to: top });
      onStored(stored);
      top = reached;
      if (isRepeated && (stored.newEvents === 0 || !fetching)) {
        return { top, problem: { reason: message('The server sent the same page again.'), isLostPlace: true } };
      }
      if (isRepeated) chain.ordered = false;
      if (problem) return { top, problem };
    }
    return { top };
  } finally {
    // A page that is no longer wanted is let go.
    fetching?.then(
      ({ ticket }) => task.history.dropPage(ticket).catch(() => undefined),
      () => undefined,
    );
  }
}

/** Takes note of a page. Returns whether it seems to be an earlier one again: then what belongs here is still to come. */
function advance(chain: Chain, { oldest, newest, ordered, records }: DecodedPage): boolean {
  chain.pages++;
  chain.emptyPages = records > 0 ? 0 : chain.emptyPages + 1;
  if (!ordered) chain.ordered = false;
  if (oldest === undefined || newest === undefined) return false;
  const before = chain.oldest;
  chain.oldest = Math.min(oldest, before ?? Infinity);
  return chain.ordered && before !== undefined && newest > before && oldest >= before;
}

/** Why the chain cannot be followed beyond this page. */
function findProblem(chain: Chain, { marker }: DecodedPage): Problem | undefined {
  if (marker === undefined) return undefined;
  if (chain.markers.has(marker)) {
    return { reason: message('The server handed out the same marker twice, so the rest cannot be reached.') };
  }
  chain.markers.add(marker);
  if (chain.pages >= maxPages) {
    return { reason: message('The server sent {0} pages without coming to an end.', maxPages) };
  }
  if (chain.emptyPages < maxEmptyPages) return undefined;
  return { reason: message('The server sent {0} empty pages one after another.', maxEmptyPages) };
}

/** From where on, up to `top`, the range is complete with this page. The page may end in the middle of a second. */
function reachedBy(chain: Chain, page: DecodedPage, range: Range, top: number): number {
  if (page.marker === undefined) return range.from;
  if (!chain.ordered || chain.oldest === undefined) return top;
  return Math.min(top, Math.max(range.from, floorSecond(chain.oldest) + second));
}

async function storePage(task: GapTask, page: DecodedPage, complete: Range): Promise<StoredPage> {
  const { stream, settled, history, log } = task;
  const { records, unreadable, oldest } = page;
  const sure = intersect(complete, { from: complete.from, to: settled });
  const newEvents = await history.storePage(page.ticket, stream, sure);
  for (const { reason, text } of unreadable.slice(0, maxLogged)) log.warn(`${reason}: ${text}`);
  if (unreadable.length > maxLogged) log.warn(`${unreadable.length - maxLogged} more records could not be read`);
  return { events: records, newEvents, unreadable: unreadable.length, oldest };
}

function newChain(to: number): Chain {
  return { to, markers: new Set(), pages: 0, emptyPages: 0, oldest: undefined, ordered: true };
}

function floorSecond(time: number): number {
  return Math.floor(time / second) * second;
}

function ceilSecond(time: number): number {
  return Math.ceil(time / second) * second;
}
