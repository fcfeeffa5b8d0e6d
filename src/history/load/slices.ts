import type { Range } from '../../core/time/range';
import { total, union } from '../../core/time/ranges';

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
  /** Whether it was begun after a page had not answered its question: nothing else runs meanwhile. */
  readonly isAlone: boolean;
}

/** Missing times that hang together, and what is known of how dense events are there. */
interface Stretch {
  readonly stream: string;
  /** What no slice has taken, oldest first. */
  rest: Range[];
  /** What must be asked for as it is. */
  readonly parts: Range[];
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
  /** UTC milliseconds of its oldest event. */
  readonly oldest: number;
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
  /** Whether the records of this load came newest first so far. */
  isOrdered = true;
  /** Whether they were newer at first: those of one time alone show no order. */
  hasFallen = false;
  #running = 0;
  #indivisible: boolean;
  #isAlone = false;

  constructor(concurrency: number, indivisible: boolean) {
    this.#concurrency = concurrency;
    this.#indivisible = indivisible;
  }

  get running(): number {
    return this.#running;
  }

  add(stream: string, range: Range): void {
    const unknown = { pageSpan: Infinity, pageRecords: Infinity, longest: Infinity };
    this.#stretches.push({ stream, rest: [range], parts: [], ...unknown, failures: 0 });
  }

  /** The newest slice to be begun, unless as many run as may. Each must be ended. */
  take(): Slice | undefined {
    if (this.#running >= (this.#isAlone ? 1 : this.#concurrency)) return undefined;
    let newest: Stretch | undefined;
    for (const stretch of this.#stretches) if (topOf(stretch) > topOf(newest)) newest = stretch;
    if (!newest) return undefined;
    const range = newest.parts.pop() ?? this.#cutOff(newest);
    if (!range) return undefined;
    this.#running++;
    return { stream: newest.stream, range, stretch: newest, isAlone: this.#isAlone };
  }

  /** Gives a slice back after a full page where it is better loaded in shorter ones. Whether it did. */
  split({ stretch, range }: Slice, page: FullPage): boolean {
    stretch.failures = 0;
    const pagesLeft = (page.oldest - range.from) / page.span;
    const isDeep = pagesLeft > 2 * manyPages || page.pages >= 2 * manyPages;
    const isFirst = page.pages === 1 && pagesLeft >= fewPages;
    const isWanted = isFirst && this.#running < this.#concurrency && !this.#isAnyLeft();
    if (this.#indivisible || !(isDeep || isWanted)) return false;
    const density = { pageSpan: page.span, pageRecords: page.records, longest: Infinity };
    const length = this.#lengthOf({ ...stretch, ...density }, { from: range.from, to: page.oldest });
    const from = Math.floor((page.oldest - Math.max(length - page.span, shortest)) / second) * second;
    if (from <= range.from) return false;
    Object.assign(stretch, density);
    stretch.parts.push({ from, to: range.to });
    stretch.rest = union([...stretch.rest, { from: range.from, to: from }]);
    return true;
  }

  /** Ends a slice that is to be asked for in two. */
  cut({ stretch, range }: Slice, time: number, top: number): void {
    this.#running--;
    stretch.parts.push({ from: range.from, to: time }, { from: time, to: top });
  }

  /** Ends a slice that a page did not answer. From now on one runs at a time, with all that is left of its stretch. */
  distrust({ stretch, range: { from } }: Slice, top: number): void {
    this.#running--;
    this.#indivisible = true;
    this.#isAlone = true;
    stretch.rest = union([...stretch.rest, { from, to: top }]);
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

  /** Ends a slice that failed, apart from `part` of it. Returns what is not worth trying any more because too many did. */
  fail({ stretch }: Slice, part: Range): Range[] {
    this.#running--;
    if (part.from < part.to) stretch.parts.push(part);
    if (++stretch.failures < this.#concurrency) return [];
    return stretch.rest.splice(0);
  }

  /** Takes a slice off the newest that is left of a stretch. */
  #cutOff(stretch: Stretch): Range | undefined {
    const whole = stretch.rest.pop();
    if (!whole) return undefined;
    const length = this.#lengthOf(stretch, whole);
    const from = Math.floor((whole.to - length) / second) * second;
    const left = from - whole.from;
    if (!(left > length / 2)) return whole;
    stretch.rest.push({ from: whole.from, to: from });
    return { from, to: whole.to };
  }

  #lengthOf(stretch: Stretch, whole: Range): number {
    if (this.#indivisible) return whole.to - whole.from;
    const left = total(stretch.rest) + (whole.to - whole.from);
    const share = left / stretch.pageSpan / this.#concurrency;
    const wanted = Math.min(Math.max(share, fewPages), manyPages) * stretch.pageSpan;
    return Math.max(shortest, Math.min(wanted, stretch.longest));
  }

  #isAnyLeft(): boolean {
    return this.#stretches.some(({ rest, parts }) => rest.length > 0 || parts.length > 0);
  }
}

function topOf(stretch: Stretch | undefined): number {
  return Math.max(stretch?.parts.at(-1)?.to ?? -Infinity, stretch?.rest.at(-1)?.to ?? -Infinity);
}
