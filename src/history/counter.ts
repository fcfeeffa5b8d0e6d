import type { DatabaseSync } from 'node:sqlite';
import { dayOf, dayRange, type Zone } from '../core/days';
import type { Range } from '../core/range';
import type { Counts, DayCount, View } from './history';
import type { Names } from './names';
import { baseOf, spansOf, undated, windows, type Base } from './places';
import { bucketLength, noTime, successId } from './schema';
import { compileSearch, type Condition } from './searchSql';

interface Group {
  readonly bucket: number;
  readonly source: number;
  readonly success: number;
  readonly events: number;
}

const undatedBucket = noTime / bucketLength;

/** Division in SQL cuts towards zero; buckets before 1970 need the one below. */
const bucket = `e.time / ${bucketLength} - (e.time % ${bucketLength} < 0)`;

/** Counts events by component and day: whole quarters of an hour from the tallies, all else from the events. */
export class Counter {
  readonly #database: DatabaseSync;
  readonly #names: Names;

  constructor(database: DatabaseSync, names: Names) {
    this.#database = database;
    this.#names = names;
  }

  async count(view: View, zone: Zone, signal: AbortSignal): Promise<Counts> {
    if (view.search === undefined && view.resourceId === undefined) {
      const groups = spansOf({ view }).flatMap((span) => this.#tallied(span));
      const end = (order: string): number | undefined => {
        const row = this.#database
          .prepare(`SELECT time FROM events WHERE time >= ? AND time < ? ORDER BY time ${order} LIMIT 1`)
          .get(Math.max(view.range.from, undated.to), view.range.to);
        return row && Number(row['time']);
      };
      return { days: this.#byDay(groups, zone), oldest: end('ASC'), newest: end('DESC') };
    }
    const base = baseOf(view.resourceId);
    const search = view.search ? compileSearch(view.search) : { sql: '1', parameters: [] };
    const groups: (Group & { readonly oldest: number; readonly newest: number })[] = [];
    for await (const window of windows(this.#database, base, spansOf({ view }), undefined, signal)) {
      groups.push(...(this.#groups(base, window, search) as typeof groups));
    }
    const dated = groups.filter((group) => group.bucket !== undatedBucket);
    return {
      days: this.#byDay(groups, zone),
      oldest: dated.reduce<number | undefined>(
        (oldest, group) => Math.min(oldest ?? Infinity, group.oldest),
        undefined,
      ),
      newest: dated.reduce<number | undefined>(
        (newest, group) => Math.max(newest ?? -Infinity, group.newest),
        undefined,
      ),
    };
  }

  #tallied(span: Range): Group[] {
    if (span === undated) return this.#tallies(undatedBucket, undatedBucket + 1);
    const first = Math.ceil(span.from / bucketLength);
    const end = Math.floor(span.to / bucketLength);
    if (first >= end) return this.#edge(span.from, span.to);
    return [
      ...this.#edge(span.from, first * bucketLength),
      ...this.#tallies(first, end),
      ...this.#edge(end * bucketLength, span.to),
    ];
  }

  #tallies(from: number, to: number): Group[] {
    return this.#database
      .prepare('SELECT bucket, source, success, events FROM tallies WHERE bucket >= ? AND bucket < ?')
      .all(from, to) as unknown as Group[];
  }

  #edge(from: number, to: number): Group[] {
    if (from >= to) return [];
    const span = { sql: 'e.time >= ? AND e.time < ?', parameters: [from, to] };
    return this.#groups(baseOf(undefined), span, { sql: '1', parameters: [] });
  }

  #groups(base: Base, window: Condition, search: Condition): Group[] {
    return this.#database
      .prepare(
        `SELECT ${bucket} AS bucket, e.source, e.success, count(*) AS events, min(e.time) AS oldest, max(e.time) AS newest
         FROM ${base.from} WHERE ${window.sql} AND ${search.sql} GROUP BY 1, 2, 3`,
      )
      .all(...window.parameters, ...search.parameters) as unknown as Group[];
  }

  #byDay(groups: readonly Group[], zone: Zone): DayCount[] {
    const days = new Map<string, { source: string; day: string | undefined; events: number; failures: number }>();
    const dayOfBucket = dayFinder(zone);
    for (const { bucket, source, success, events } of groups.toSorted((a, b) => b.bucket - a.bucket)) {
      const day = bucket === undatedBucket ? undefined : dayOfBucket(bucket * bucketLength);
      const key = `${source} ${day ?? ''}`;
      let count = days.get(key);
      if (!count) days.set(key, (count = { source: this.#names.value(source), day, events: 0, failures: 0 }));
      count.events += events;
      if (success === successId.no) count.failures += events;
    }
    return [...days.values()];
  }
}

/** Looks a day up once for all times that fall on it, as long as they come in order. */
function dayFinder(zone: Zone): (time: number) => string {
  let day = '';
  let range: Range = { from: 0, to: 0 };
  return (time) => {
    if (time < range.from || time >= range.to) {
      day = dayOf(time, zone);
      range = dayRange(day, zone);
    }
    return day;
  };
}
