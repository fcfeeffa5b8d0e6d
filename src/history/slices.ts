import type { Range } from '../core/range';
import { total, union } from '../core/ranges';

const second = 1000;

/** How many pages a slice is meant to have. More make deep offsets, fewer many pages that are not full. */
const fewPages = 2;
const manyPages = 16;
const shortest = 10 * second;
/** How much longer than the last one a slice may be: few events there say little about what lies below. */
const growth = 8;

/** A part of what is missing of a stream, to be loaded by itself. */
export interface Slice {
  /** The component; '' = all. */
  readonly stream: string;
  readonly range: Range;
  readonly stretch: Stretch;
}

/** Missing times that hang together, and what is known of how dense events are there. */
interface Stretch {
  readonly stream: string;
  /** What no slice has taken, oldest first. */
  rest: Range[];
  /** Milliseconds that one page reaches, where was looked last. */
  pageSpan: number;
  /** How many records a full page has. */
  pageRecords: number;
  longest: number;
  /** Slices that failed since one went well. */
  failures: number;
}

/** What a page that is not the last says of the times around it. */
export interface FullPage {
  readonly records: number;
  /** From its newest event to its oldest, in milliseconds. */
  readonly span: number;
  /** How many pages the chain has brought with this one. */
  readonly pages: number;
}

/**
 * Divides what is missing into slices, newest first. A stretch is one slice until a page of it comes full; the rest is then
 * cut up by what pages and slices tell of its density, again and again.
 */
export class Slices {
  readonly #concurrency: number;
  readonly #stretches: Stretch[] = [];
  #running = 0;
  #indivisible: boolean;

  constructor(concurrency: number, indivisible: boolean) {
    this.#concurrency = concurrency;
    this.#indivisible = indivisible;
  }

  get running(): number {
    return this.#running;
  }

  add(stream: string, range: Range): void {
    const unknown = { pageSpan: Infinity, pageRecords: Infinity, longest: Infinity };
    this.#stretches.push({ stream, rest: [range], ...unknown, failures: 0 });
  }

  /** The newest slice to be begun, unless as many run as may. Each must be ended. */
  take(): Slice | undefined {
    if (this.#running >= this.#concurrency) return undefined;
    let newest: Stretch | undefined;
    for (const stretch of this.#stretches) if (topOf(stretch) > topOf(newest)) newest = stretch;
    const whole = newest?.rest.pop();
    if (!newest || !whole) return undefined;
    this.#running++;
    const length = this.#lengthOf(newest, whole);
    const from = Math.floor((whole.to - length) / second) * second;
    const left = from - whole.from;
    if (!(left > length / 2)) return { stream: newest.stream, range: whole, stretch: newest };
    newest.rest.push({ from: whole.from, to: from });
    return { stream: newest.stream, range: { from, to: whole.to }, stretch: newest };
  }

  /** Gives back the `rest` of a slice after a full page where it is better loaded in slices of its own. Whether it did. */
  split({ stretch, range }: Slice, rest: Range, page: FullPage): boolean {
    stretch.failures = 0;
    // What is given back must have become less, or the same slice would be begun for ever.
    if (this.#indivisible || rest.to >= range.to) return false;
    const length = rest.to - rest.from;
    const pagesLeft = length / page.span;
    const isDeep = pagesLeft > 2 * manyPages || page.pages >= 2 * manyPages;
    const isWanted = this.#running < this.#concurrency && !this.#isAnyLeft() && pagesLeft >= fewPages;
    if (length < 2 * shortest || !(isDeep || isWanted)) return false;
    Object.assign(stretch, { pageSpan: page.span, pageRecords: page.records, longest: Infinity });
    stretch.rest = union([...stretch.rest, rest]);
    return true;
  }

  /**
   * The server does not keep to the times asked for: from now on, all that is left of a stretch is one slice. Gives `rest`
   * back where there is more to join it with. Whether it did.
   */
  join({ stretch }: Slice, rest: Range): boolean {
    if (this.#indivisible) return false;
    this.#indivisible = true;
    if (stretch.rest.length === 0) return false;
    stretch.rest = union([...stretch.rest, rest]);
    return true;
  }

  /** Ends a slice that was loaded to its end and brought so many records, or was split (undefined). */
  end({ stretch, range }: Slice, records: number | undefined): void {
    this.#running--;
    if (records === undefined) return;
    const length = range.to - range.from;
    stretch.failures = 0;
    stretch.pageSpan = (length * stretch.pageRecords) / records;
    stretch.longest = growth * length;
  }

  /** Ends a slice that failed. Returns what is not worth trying any more because too many did. */
  fail({ stretch }: Slice): Range[] {
    this.#running--;
    if (++stretch.failures < this.#concurrency) return [];
    return stretch.rest.splice(0);
  }

  #lengthOf(stretch: Stretch, whole: Range): number {
    if (this.#indivisible) return whole.to - whole.from;
    const left = total(stretch.rest) + (whole.to - whole.from);
    const share = left / stretch.pageSpan / this.#concurrency;
    const wanted = Math.min(Math.max(share, fewPages), manyPages) * stretch.pageSpan;
    return Math.max(shortest, Math.min(wanted, stretch.longest));
  }

  #isAnyLeft(): boolean {
    return this.#stretches.some((stretch) => stretch.rest.length > 0);
  }
}

function topOf(stretch: Stretch | undefined): number {
  return stretch?.rest.at(-1)?.to ?? -Infinity;
}
