import { RequestError, type RequestFailure } from '../core/errors';
import type { Log } from '../core/log';
import { message, type Message } from '../core/message';
import type { Range } from '../core/range';
import { intersect } from '../core/ranges';
import { settlingTime } from './coverage';
import type { Gap } from './gaps';
import type { DecodedPage, History } from './history';
import { isFailure, type PageRequests } from './pageRequests';
import type { Slice, Slices } from './slices';

const second = 1000;
const maxPages = 10_000;
const maxEmptyPages = 100;
const maxLogged = 5;

export interface SliceTask {
  readonly slice: Slice;
  readonly slices: Slices;
  /** When the load began: nothing later is asked for. */
  readonly now: number;
  readonly requests: PageRequests;
  readonly history: History;
  readonly log: Log;
  /** A page was stored. */
  onStored(page: StoredPage): void;
  /** A part of the slice was given back. */
  onSplit(): void;
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
  readonly id: number;
  /** UTC milliseconds, a whole second; asked for inclusively. */
  readonly to: number;
  readonly markers: Set<string>;
  pages: number;
  emptyPages: number;
  /** The oldest time received; undefined at first. */
  oldest: number | undefined;
  /** The key of the first record of the last page. */
  first: string | undefined;
  /** Whether the records came newest first. Else nothing follows from where the chain stands. */
  ordered: boolean;
  /** Whether a part of the second `to` was received before: the chain begins with all of it if the server takes it in. */
  readonly isCut: boolean;
  /** The server did not. */
  isCutOff: boolean;
}

/** Loads a slice, newest first, and ends it. Returns what could not be loaded; what it gave back is not its concern. */
export async function loadSlice(task: SliceTask): Promise<Gap[]> {
  const { slice, slices, now } = task;
  const { stream, range } = slice;
  // A second more on each side: whether the server takes bounds inclusively is not known.
  const from = floorSecond(range.from) - second;
  const gaps: Gap[] = [];
  /** All of the range from here on is stored or said to be a gap. */
  let top = range.to;
  let records = 0;
  let chain = newChain(Math.min(ceilSecond(range.to) + second, ceilSecond(now)));
  const give = (reason: Message, part: Range, failure?: RequestFailure): void => {
    gaps.push({ stream, range: part, reason, failure });
  };

  /** Of the second at `time`, what is below `end`: the rest was stored on an earlier visit. */
  const giveSecond = (time: number, end: number): void => {
    const part = intersect({ from: range.from, to: end }, { from: time, to: time + second });
    if (part) give(message('More events happened in one second than the server hands out at once.'), part);
  };

  for (;;) {
    const { problem, ...end } = await followChain(task, chain, from, top);
    if (chain.isCutOff) giveSecond(chain.to, top);
    top = end.top;
    records += end.records;
    if (end.isSplit) {
      slices.end(slice, undefined);
      return gaps;
    }
    if (problem === undefined) {
      slices.end(slice, records);
      return gaps;
    }
    const { oldest: reached = Infinity } = chain;
    // A server that does not keep to `to` would only begin from its newest event again.
    if (!problem.isLostPlace || !chain.ordered || reached >= chain.to + second) {
      for (const part of [{ from: range.from, to: top }, ...slices.fail(slice)])
        give(problem.reason, part, problem.failure);
      return gaps;
    }
    // On from the oldest second received, which a page may have cut in two.
    const oldest = floorSecond(reached);
    task.log.info('A marker was refused or led astray; going on from the oldest time received');
    if (oldest + second < chain.to) chain = newChain(oldest + second);
    else if (oldest < chain.to) chain = newChain(oldest, true);
    else {
      giveSecond(oldest, top);
      top = Math.min(top, oldest);
      if (top <= range.from) {
        slices.end(slice, records);
        return gaps;
      }
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

interface ChainEnd {
  readonly top: number;
  readonly records: number;
  readonly problem?: Problem | undefined;
  /** What lies below was given back. */
  readonly isSplit?: boolean;
}

/** Follows the markers until all of the range below `top` is stored or given back, or to a problem. */
async function followChain(task: SliceTask, chain: Chain, from: number, top: number): Promise<ChainEnd> {
  const { slice, slices } = task;
  const fetch = (marker: string | undefined): Promise<DecodedPage> => {
    const component = slice.stream === '' ? undefined : slice.stream;
    const page = task.requests.fetch({ component, from, to: chain.to, marker });
    page.catch(() => undefined); // awaited once the page before it is stored
    return page;
  };
  let marker: string | undefined;
  let records = 0;
  let fetching: Promise<DecodedPage> | undefined = fetch(marker);
  try {
    for (;;) {
      let page: DecodedPage;
      try {
        page = await (fetching ?? fetch(marker));
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        const isLostPlace = marker !== undefined && isFailure(error, 'badRequest', 'notFound');
        return { top, records, problem: { reason: error.text, failure: error.failure, isLostPlace } };
      }
      fetching = undefined;
      const isRepeated = advance(chain, page);
      if (chain.isCutOff) top = Math.min(top, chain.to);
      const reached = isRepeated ? top : reachedBy(chain, page, slice.range, top);
      const isEnd = page.marker === undefined || reached <= slice.range.from;
      const problem = isEnd ? undefined : findProblem(chain, page);
      const isSplit = !isEnd && !problem && !isRepeated && isLeft(task, chain, page, reached);
      if (isSplit) task.onSplit();
      ({ marker } = page);
      const isOver = isEnd || isSplit || problem !== undefined;
      // While others run, their pages fill the time in which this one is stored.
      if (!isOver && slices.running === 1) fetching = fetch(marker);
      const stored = await storePage(task, page, chain, { from: reached, to: top });
      task.onStored(stored);
      records += stored.events;
      top = reached;
      if (isRepeated && (stored.newEvents === 0 || isOver)) {
        const reason = message('The server sent the same page again.');
        return { top, records, problem: { reason, isLostPlace: true } };
      }
      if (isRepeated) chain.ordered = false;
      if (isOver) return { top, records, problem, isSplit };
    }
  } finally {
    // A page that is no longer wanted is let go.
    fetching?.then(
      (page) => {
        task.requests.done(page);
        return task.history.dropPage(page.ticket).catch(() => undefined);
      },
      () => undefined,
    );
  }
}

/** Whether what lies below `reached` was given back, to be loaded in other slices. */
function isLeft({ slice, slices }: SliceTask, chain: Chain, page: DecodedPage, reached: number): boolean {
  const { newest, oldest, records } = page;
  if (newest === undefined || oldest === undefined) return false;
  const rest = { from: slice.range.from, to: reached };
  if (newest > chain.to + second && chain.pages === 1) return slices.join(slice, rest);
  // A page all of one second does not show that the records come newest first.
  if (!chain.ordered || newest === oldest) return false;
  return slices.split(slice, rest, { records, span: newest - oldest + second, pages: chain.pages });
}

/** Takes note of a page. Returns whether it seems to be an earlier one again: then what belongs here is still to come. */
function advance(chain: Chain, { first, oldest, newest, ordered, records }: DecodedPage): boolean {
  if (chain.pages++ === 0) chain.isCutOff = chain.isCut && !(newest !== undefined && newest >= chain.to);
  chain.emptyPages = records > 0 ? 0 : chain.emptyPages + 1;
  const isSame = first !== undefined && first === chain.first;
  chain.first = first ?? chain.first;
  if (!ordered) chain.ordered = false;
  if (oldest === undefined || newest === undefined) return isSame;
  const before = chain.oldest;
  chain.oldest = Math.min(oldest, before ?? Infinity);
  return isSame || (chain.ordered && before !== undefined && newest > before && oldest >= before);
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

async function storePage(task: SliceTask, page: DecodedPage, chain: Chain, complete: Range): Promise<StoredPage> {
  const { slice, requests, history, log } = task;
  const { records, unreadable, oldest } = page;
  const settled = intersect(complete, { from: complete.from, to: requests.servedAt - settlingTime });
  const newEvents = await history
    .storePage(page.ticket, slice.stream, settled, chain.id)
    .finally(() => requests.done(page));
  for (const { reason, text } of unreadable.slice(0, maxLogged)) log.warn(`${reason}: ${text}`);
  if (unreadable.length > maxLogged) log.warn(`${unreadable.length - maxLogged} more records could not be read`);
  return { events: records, newEvents, unreadable: unreadable.length, oldest };
}

let chains = 0;

function newChain(to: number, isCut = false): Chain {
  const nothing = { pages: 0, emptyPages: 0, oldest: undefined, first: undefined };
  return { id: ++chains, to, markers: new Set(), ...nothing, ordered: true, isCut, isCutOff: false };
}

function floorSecond(time: number): number {
  return Math.floor(time / second) * second;
}

function ceilSecond(time: number): number {
  return Math.ceil(time / second) * second;
}
