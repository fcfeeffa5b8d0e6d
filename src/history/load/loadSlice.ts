import { RequestError, type RequestFailure } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import { message, type Message } from '../../core/base/message';
import type { Range } from '../../core/time/range';
import { intersect } from '../../core/time/ranges';
import { Chain } from './chain';
import { settlingTime, type LoaderHistory } from '../history';
import type { DecodedPage } from '../ingest/preparePage';
import type { Gap } from './gaps';
import { isFailure, type PageRequests } from './pageRequests';
import type { Question } from './provePage';
import type { ReadPage } from './readPage';
import type { Slice, Slices } from './slices';
import { storePage } from './storePage';

const second = 1000;
const maxLogged = 5;

const floodedSecond = message('More events happened in one second than the server hands out at once.');

export interface SliceTask {
  readonly slice: Slice;
  readonly slices: Slices;
  /** When the load began: nothing later is asked for. */
  readonly now: number;
  readonly requests: PageRequests;
  readonly history: LoaderHistory;
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

/**
 * Loads a slice, newest first, and ends it. No page alone makes anything complete: that it answers what was asked, and that
 * nothing was left out, is proven by those behind it, or by the end of its chain. Returns what could not be loaded; what was given back is not its concern.
 */
export async function loadSlice(task: SliceTask): Promise<Gap[]> {
  const { slice, slices, now, log } = task;
  const { stream, range } = slice;
  // A second more on each side: whether the server takes bounds inclusively is not known.
  const from = floorSecond(range.from) - second;
  const gaps: Gap[] = [];
  /** All of the range from here on is stored or said to be a gap. */
  let top = range.to;
  let records = 0;
  let chain = new Chain(Math.min(ceilSecond(range.to) + second, ceilSecond(now)), top);
  const give = (reason: Message, part: Range, failure?: RequestFailure): void => {
    gaps.push({ stream, range: part, reason, failure });
  };

  /** Gives up what is left of the second at `time`: the rest was stored on an earlier visit. Whether anything lies below. */
  const giveSecond = (time: number): boolean => {
    const part = intersect({ from: range.from, to: top }, { from: time, to: time + second });
    if (part) give(floodedSecond, part);
    top = Math.min(top, time);
    return top > range.from;
  };

  for (;;) {
    const end = await followChain(task, chain, from, top);
    const { outcome, problem } = end;
    top = end.top;
    records += end.records;
    if (outcome === 'distrusted')
      log.warn('A page does not answer what was asked; asking again, one request at a time');
    if (outcome === 'distrusted') slices.distrust(slice, top);
    if (outcome === 'cut') slices.cut(slice, end.at, top);
    if (outcome === 'complete') slices.end(slice, records);
    if (outcome === 'split') slices.end(slice, undefined);
    if (outcome !== 'stuck') return gaps;
    const { oldest: reached = Infinity } = chain;
    // Records of one time do not show their order, and so not whether they are the newest.
    const isLost = problem.isLostPlace && chain.isFalling && slices.isOrdered;
    const ends = { newest: chain.newest, oldest: chain.oldest, ordered: true };
    const at = isLost && !slices.hasFallen ? placeToCut(chain, ends, range.from, top) : undefined;
    if (at !== undefined) {
      slices.cut(slice, at, top);
      return gaps;
    }
    // A server that does not keep to `to` would only begin from its newest event again.
    if (!isLost || !slices.hasFallen || reached >= chain.to + second) {
      const low = problem.isFinal ? top : lowOf(chain, range, top);
      for (const part of [{ from: range.from, to: low }, ...slices.fail(slice, { from: low, to: top })])
        give(problem.reason, part, problem.failure);
      return gaps;
    }
    // On from the oldest second received, which a page may have cut in two.
    const oldest = floorSecond(reached);
    log.info('A marker was refused or led astray; going on from the oldest time received');
    const unreached = chain.isCutOff || oldest >= chain.to ? chain.to : undefined;
    if (unreached === undefined)
      chain = new Chain(Math.min(oldest + second, chain.to - second), oldest + second, oldest + second >= chain.to);
    else if (giveSecond(unreached)) chain = new Chain(chain.isCutOff ? unreached : unreached - second, top);
    else {
      slices.end(slice, records);
      return gaps;
    }
  }
}

type Ends = Pick<DecodedPage, 'newest' | 'oldest' | 'ordered'>;

/** Why a chain ends early. */
interface Problem {
  readonly reason: Message;
  readonly failure?: RequestFailure;
  /** Whether only the marker is at fault: a new chain may go on from the oldest time. */
  readonly isLostPlace?: boolean;
  /** Whether asking for a part of it leads nowhere either. */
  readonly isFinal?: boolean;
}

/** What becomes of a chain with a page: undefined where it goes on. */
type Verdict =
  | { readonly outcome: 'complete' | 'split' | 'distrusted' | 'shorter'; readonly problem?: undefined }
  /** The slice is to be asked for in two, which meet at `at`. */
  | { readonly outcome: 'cut'; readonly at: number; readonly problem?: undefined }
  | { readonly outcome: 'stuck'; readonly problem: Problem };

type ChainEnd = Verdict & { readonly top: number; readonly records: number };

/** Follows the markers until all of the range below `top` is stored or given back, or to a problem. */
async function followChain(task: SliceTask, chain: Chain, from: number, top: number): Promise<ChainEnd> {
  const { slice, slices } = task;
  const question = { component: slice.stream === '' ? undefined : slice.stream, from, to: chain.to };
  const fetch = (marker: string | undefined): Promise<ReadPage> => {
    const page = task.requests.fetch({ ...question, marker, limit: chain.limit });
    page.catch(() => undefined); // awaited once the page before it is stored
    return page;
  };
  let marker: string | undefined;
  let records = 0;
  let fetching: Promise<ReadPage> | undefined = fetch(marker);
  try {
    for (;;) {
      let page: ReadPage;
      try {
        page = await (fetching ?? fetch(marker));
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        const isLostPlace = marker !== undefined && isFailure(error, 'badRequest', 'notFound');
        const problem = { reason: error.text, failure: error.failure, isLostPlace };
        return { outcome: 'stuck', problem, top, records };
      }
      fetching = undefined;
      const verdict = judge(task, chain, question, page, Math.min(top, chain.sure));
      if (verdict?.outcome === 'split') task.onSplit();
      const isAgain = verdict?.outcome === 'shorter';
      if (isAgain) chain.limit = page.records - 1;
      else ({ marker } = page);
      // While others run, their pages fill the time in which this one is stored.
      if (!verdict && slices.running === 1) fetching = fetch(marker);
      // Where a chain goes on from another, that all above was received shows with its first page.
      const isSure = chain.pages > 0;
      const reached = verdict?.outcome === 'complete' ? slice.range.from : isSure ? Math.min(top, chain.sure) : top;
      const stored = await store(task, page, chain, { from: reached, to: top });
      task.onStored(stored);
      records += stored.events;
      top = reached;
      if (verdict && !isAgain) return { ...verdict, top, records };
    }
  } finally {
    // A page that is no longer wanted is let go.
    fetching?.then(
      (page) => page.release(),
      () => undefined,
    );
  }
}

/** Takes note of a page, unless that has no place in the chain, and says what becomes of the chain. */
function judge(task: SliceTask, chain: Chain, question: Question, page: DecodedPage, top: number): Verdict | undefined {
  const { slice, slices, requests } = task;
  const { range } = slice;
  const { newest = -Infinity, oldest = Infinity, records, marker } = page;
  const doubts = requests.doubts(question, page, chain);
  // Alone, a chain is followed beyond its times, but not in circles.
  const doubt = slice.isAlone ? doubts.at(-1) : doubts[0];
  if (doubt) {
    const middle = floorSecond((newest + oldest) / 2);
    // Parts of a question that is not answered in order may well be answered by the same page.
    if (doubt.kind === 'repeated' && !slices.isOrdered && isWithin(middle, range.from, top))
      return { outcome: 'cut', at: middle };
    if (doubt.kind === 'repeated') return stuck({ reason: doubt.reason, isLostPlace: true });
    if (!slice.isAlone) return { outcome: 'distrusted' };
    // A server that does not keep to times may be followed, from above them to below, as long as it goes on falling.
    const isStray = doubt.kind === 'times' && page.ordered && newest <= (chain.oldest ?? Infinity);
    if (!isStray || (newest < question.from && !chain.stray))
      return stuck({ reason: doubt.reason, isLostPlace: true, isFinal: chain.stray !== undefined });
    chain.stray ??= doubt.reason;
  }
  const isEnd = marker === undefined;
  const isFull = isEnd && requests.isFull(page, chain.limit);
  const place = placeToCut(chain, page, range.from, top);
  // As much as a page holds. Where one record fewer is asked for, a marker leads on to it.
  const isRest = (chain.pages > 0 && chain.isFalling) || place === undefined;
  if (isFull && isRest && records > 1 && chain.limit === undefined && !chain.stray) return { outcome: 'shorter' };
  const stood = floorSecond(chain.oldest ?? Infinity) + second;
  const isRising = chain.add(page);
  if (chain.isCutOff) return stuck({ reason: floodedSecond, isLostPlace: true });
  if (!page.ordered) slices.isOrdered = false;
  if (chain.hasFallen) slices.hasFallen = true;
  if (isRising) {
    // Either it came late, or the page belongs elsewhere. Within a second events may have any order.
    const places = [floorSecond(newest) + second, ...(newest >= stood ? [stood] : [])];
    const at = places.find((time) => isWithin(time, range.from, top));
    if (at !== undefined) return { outcome: 'cut', at };
    slices.isOrdered = false;
  }
  const isThrough = oldest < question.from && newest >= question.from;
  if (chain.stray && chain.isFalling && isThrough) return { outcome: 'complete' };
  if (isEnd) {
    if (chain.stray) return stuck({ reason: chain.stray, isFinal: true });
    if (!isFull) return { outcome: 'complete' };
    if (chain.pages > 1 && chain.isFalling) return stuck({ reason: floodedSecond, isLostPlace: true });
    // The larger part shows whether it was cut short.
    return place === undefined ? stuck({ reason: floodedSecond, isFinal: true }) : { outcome: 'cut', at: place };
  }
  const reason = chain.follow(marker);
  if (reason) return stuck({ reason, isFinal: true });
  // A page all of one second does not show that the records come newest first.
  if (!chain.isFalling || !(newest > oldest) || top < range.to) return undefined;
  const full = { records, span: newest - oldest + second, oldest, pages: chain.pages };
  return slices.split(slice, full) ? { outcome: 'split' } : undefined;
}

/** Where within times a slice is best asked for in two with what came so far; undefined where it cannot be. */
function placeToCut(chain: Chain, page: Ends, from: number, top: number): number | undefined {
  const { newest = 0, oldest = 0 } = page;
  const low = floorSecond(Math.min(oldest, chain.oldest ?? Infinity));
  const middle = floorSecond((newest + oldest) / 2);
  // Beyond what is asked for on each side, so that the larger part has fewer records.
  const places = chain.isFalling && page.ordered ? [low + 2 * second, low + second, low, middle] : [middle];
  return places.find((time) => isWithin(time, from, top));
}

function stuck(problem: Problem): Verdict {
  return { outcome: 'stuck', problem };
}

/** From where on a slice that failed is better asked for once more, as what the chain received of it. */
function lowOf(chain: Chain, { from }: Range, top: number): number {
  if (!chain.isFalling) return top;
  const low = chain.oldest === undefined ? chain.sure : floorSecond(chain.oldest) + second;
  return isWithin(low, from, top) ? low : top;
}

function isWithin(time: number, from: number, to: number): boolean {
  return from < time && time < to;
}

async function store(task: SliceTask, page: ReadPage, chain: Chain, complete: Range): Promise<StoredPage> {
  const { slice, requests, history, log } = task;
  const { records, unreadable, oldest } = page;
  const settled = intersect(complete, { from: complete.from, to: requests.servedAt - settlingTime });
  const newEvents = await storePage(history, page, slice.stream, settled, chain.id);
  for (const { reason, text } of unreadable.slice(0, maxLogged)) log.warn(`${reason}: ${text}`);
  if (unreadable.length > maxLogged) log.warn(`${unreadable.length - maxLogged} more records could not be read`);
  return { events: records, newEvents, unreadable: unreadable.length, oldest };
}

function floorSecond(time: number): number {
  return Math.floor(time / second) * second;
}

function ceilSecond(time: number): number {
  return Math.ceil(time / second) * second;
}
