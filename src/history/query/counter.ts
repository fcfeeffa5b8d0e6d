import type { DatabaseSync } from 'node:sqlite';
import { dayOf, dayRange, type Zone } from '../../core/time/days';
import type { Range } from '../../core/time/range';
import type { Counts, CountsPart, Cursor, DayCount, ListQuery, QuarterCount, View } from '../history';
import type { Parts } from './parts';
import { Scan, spansOf, undated, type KindSum } from './scan';
import { bucketLength, noTime } from '../db/schema';

/** How long counting a part takes, in milliseconds. */
const partMs = 200;

/** Counts events by component and day: whole quarters of an hour from the rollups, all else from the events. */
export class Counter {
  readonly #parts: Parts;
  readonly #database: DatabaseSync;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#database = parts.database;
  }

  /** How many events a view has. */
  async total(view: View, signal: AbortSignal): Promise<number> {
    const { days } = await this.count(view, 'utc', signal);
    return days.reduce((sum, { events }) => sum + events, 0);
  }

  async count(view: View, zone: Zone, signal: AbortSignal): Promise<Counts> {
    const sum = new DaySum(zone);
    await this.#add(sum, { view }, signal);
    if (isWhole(view)) {
      const end = (order: string): number | undefined => {
        const row = this.#database
          .prepare(`SELECT time FROM events WHERE time >= ? AND time < ? ORDER BY time ${order} LIMIT 1`)
          .get(Math.max(view.range.from, undated.to), view.range.to);
        return row && Number(row['time']);
      };
      return { days: sum.days(), oldest: end('ASC'), newest: end('DESC') };
    }
    return { days: sum.days(), oldest: sum.oldest, newest: sum.newest };
  }

  async countPart(view: View, zone: Zone, after: Cursor | undefined, signal: AbortSignal): Promise<CountsPart> {
    if (isWhole(view)) return { ...(await this.count(view, zone, signal)), next: undefined };
    const sum = new DaySum(zone);
    const scan = new Scan({ view, after }, this.#parts);
    const end = performance.now() + partMs;
    let next: Cursor | undefined;
    for await (const sums of scan.sums(bucket, signal)) {
      this.#addSums(sum, sums);
      if (performance.now() < end || scan.place === undefined) continue;
      next = scan.place;
      break;
    }
    return { days: sum.days(), oldest: sum.oldest, newest: sum.newest, next };
  }

  async countQuarters(view: View, source: string, within: Range, signal: AbortSignal): Promise<QuarterCount[]> {
    const sum = new QuarterSum(source);
    await this.#add(sum, { view, source, within }, signal);
    return sum.quarters();
  }

  async #add(sum: Sum, query: CountQuery, signal: AbortSignal): Promise<void> {
    if (!isWhole(query.view)) return this.#addEvents(sum, query, signal);
    for (const span of spansOf(query)) await this.#addTallied(sum, span, signal);
  }

  async #addTallied(sum: Sum, span: Range, signal: AbortSignal): Promise<void> {
    const first = Math.ceil(span.from / bucketLength);
    const end = Math.floor(span.to / bucketLength);
    if (span === undated) this.#addTallies(sum, first, first + 1);
    else if (first >= end) await this.#addEdge(sum, span, signal);
    else {
      await this.#addEdge(sum, { from: span.from, to: first * bucketLength }, signal);
      this.#addTallies(sum, first, end);
      await this.#addEdge(sum, { from: end * bucketLength, to: span.to }, signal);
    }
  }

  /** Sums up as coarsely as `sum` allows, so that not every quarter of an hour has to become a row here. */
  #addTallies(sum: Sum, first: number, end: number): void {
    const findNewest = this.#database.prepare(
      'SELECT max(bucket) AS bucket FROM rollups WHERE bucket >= ? AND bucket < ?',
    );
    const total = this.#database.prepare(
      'SELECT source, failed, sum(events) AS events FROM rollups WHERE bucket >= ? AND bucket < ? GROUP BY 1, 2',
    );
    for (let rest = end; ;) {
      const bucket = findNewest.get(first, rest)?.['bucket'];
      if (typeof bucket !== 'number') return;
      const from = Math.max(first, Math.ceil(sum.startOf(bucket * bucketLength) / bucketLength));
      for (const row of total.all(from, rest)) {
        sum.add(bucket * bucketLength, String(row['source']), row['failed'] === 1, Number(row['events']));
      }
      rest = from;
    }
  }

  async #addEdge(sum: Sum, span: Range, signal: AbortSignal): Promise<void> {
    if (span.from < span.to) await this.#addEvents(sum, { view: { range: span }, within: span }, signal);
  }

  async #addEvents(sum: Sum, query: CountQuery, signal: AbortSignal): Promise<void> {
    for await (const sums of new Scan(query, this.#parts).sums(bucket, signal)) this.#addSums(sum, sums);
  }

  #addSums(sum: Sum, sums: readonly KindSum[]): void {
    for (const { kind, events, oldest, newest } of sums) {
      const { source, success } = this.#parts.kinds.get(kind);
      sum.add(Math.floor(newest / bucketLength) * bucketLength, source, success === 'no', events);
      if (oldest !== noTime) sum.span(oldest, newest);
    }
  }
}

type CountQuery = Pick<ListQuery, 'view' | 'source' | 'within'>;

/** Whether no event of the range is left out. */
function isWhole({ search, resourceId, resources }: View): boolean {
  return search === undefined && resourceId === undefined && resources === undefined;
}

/** Division in SQL cuts towards zero; buckets before 1970 need the one below. */
const bucket = `e.time / ${bucketLength} - (e.time % ${bucketLength} < 0)`;

interface Sum {
  /** From where on all up to `time` is counted as one. */
  startOf(time: number): number;
  /** `time` is the beginning of the quarter of an hour, or `noTime`'s. */
  add(time: number, source: string, failed: boolean, events: number): void;
  span(oldest: number, newest: number): void;
}

class DaySum implements Sum {
  oldest: number | undefined;
  newest: number | undefined;
  readonly #counts = new Map<string, { -readonly [K in keyof DayCount]: DayCount[K] }>();
  readonly #zone: Zone;
  #day = '';
  /** Of the day looked up last: times come in order, so most fall on it. */
  #range: Range = { from: 0, to: 0 };

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  startOf(time: number): number {
    if (time === noTime) return time;
    this.#find(time);
    return this.#range.from;
  }

  add(time: number, source: string, failed: boolean, events: number): void {
    const day = time === noTime ? undefined : this.#find(time);
    const key = `${day ?? ''} ${source}`;
    let count = this.#counts.get(key);
    if (!count) this.#counts.set(key, (count = { source, day, events: 0, failures: 0 }));
    count.events += events;
    if (failed) count.failures += events;
  }

  span(oldest: number, newest: number): void {
    this.oldest = Math.min(oldest, this.oldest ?? Infinity);
    this.newest = Math.max(newest, this.newest ?? -Infinity);
  }

  /** Newest first. */
  days(): DayCount[] {
    return [...this.#counts.values()].sort((a, b) =>
      (a.day ?? '') < (b.day ?? '') ? 1 : (a.day ?? '') > (b.day ?? '') ? -1 : a.source < b.source ? -1 : 1,
    );
  }

  #find(time: number): string {
    if (time < this.#range.from || time >= this.#range.to) {
      this.#day = dayOf(time, this.#zone);
      this.#range = dayRange(this.#day, this.#zone);
    }
    return this.#day;
  }
}

class QuarterSum implements Sum {
  readonly #source: string;
  readonly #counts = new Map<number, { -readonly [K in keyof QuarterCount]: QuarterCount[K] }>();

  constructor(source: string) {
    this.#source = source;
  }

  startOf(time: number): number {
    return time;
  }

  add(time: number, source: string, failed: boolean, events: number): void {
    if (source !== this.#source) return;
    let count = this.#counts.get(time);
    if (!count) this.#counts.set(time, (count = { time, events: 0, failures: 0 }));
    count.events += events;
    if (failed) count.failures += events;
  }

  span(): void {
    // Nobody asks for it.
  }

  quarters(): QuarterCount[] {
    return [...this.#counts.values()].sort((a, b) => b.time - a.time);
  }
}
