import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Range } from '../../core/time/range';
import { intersect } from '../../core/time/ranges';
import type { Chunk, Chunks } from '../store/chunks';
import { demanded, Matcher } from './matcher';
import type { Cursor, ListQuery, View } from '../history';
import type { Parts } from './parts';
import { noTime } from '../db/schema';
import type { SecondThread } from './secondThread';

/** An event in the order of all lists: newest first, within one time in the order of receipt. */
export interface Row {
  readonly id: number;
  readonly time: number;
  readonly kind: number;
}

type Place = Pick<Row, 'time' | 'id'>;

export function writeCursor({ time, id }: Place): Cursor {
  return `${time}:${id}`;
}

function readCursor(cursor: Cursor): Place {
  const [time = NaN, id = NaN] = cursor.split(':').map(Number);
  if (!Number.isSafeInteger(time) || !Number.isSafeInteger(id)) throw new RangeError('Not a cursor of this history');
  return { time, id };
}

export const always: Range = { from: -8.64e15, to: 8.64e15 };

export const undated: Range = { from: noTime, to: noTime + 1 };

/** The times a list is about, newest first; {@link undated} is last. */
export function spansOf({ view, within }: Pick<ListQuery, 'view' | 'within'>): Range[] {
  if (within === 'none') return [undated];
  const dated = within ? intersect(view.range, within) : view.range;
  const range = dated && intersect(dated, { from: undated.to, to: Number.MAX_SAFE_INTEGER });
  return [...(range ? [range] : []), ...(within ? [] : [undated])];
}

/** What a scan looks for; can be sent to another thread. */
export type ScanQuery = Pick<ListQuery, 'view' | 'source' | 'within' | 'after'>;

/** A stretch of a scan that is looked through at once. */
export interface Window extends Condition {
  /** Where the next one begins; undefined for the last of a span. */
  readonly place: Cursor | undefined;
}

/** A condition on the row `e` of `events`; its values are bound, never part of the text. */
interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** Few enough to be looked up one by one; of more, all events are looked through. */
const maxLookedUp = 20_000;

/** Events looked through before other work gets its turn: at first, at most, and how long that should take. */
const firstWindow = 2_000;
const maxWindow = 200_000;
const slowMs = 20;

/** The events of a view, found step by step. */
export class Scan {
  readonly #database: DatabaseSync;
  readonly #chunks: Chunks;
  readonly #spans: readonly Range[];
  readonly #after: Place | undefined;
  readonly #matcher: Matcher | undefined;
  /** Only these events. */
  readonly #only: ReadonlySet<number> | undefined;
  readonly #base: Condition;
  readonly #kinds: Condition;
  readonly #query: ScanQuery;
  readonly #secondThread: SecondThread | undefined;
  #place: Cursor | undefined;
  /** How long the last window took on this thread, in milliseconds. */
  #took = NaN;

  constructor(query: ScanQuery, parts: Parts) {
    this.#query = query;
    this.#secondThread = parts.secondThread;
    const { view, source, after } = query;
    this.#database = parts.database;
    this.#chunks = parts.chunks;
    this.#spans = spansOf(query);
    this.#after = after === undefined ? undefined : readCursor(after);
    this.#matcher = view.search && new Matcher(view.search, parts.chunks, parts.kinds);
    this.#only = eventsOf(view, parts);
    this.#base = this.#isFew
      ? {
          sql: 'json_each(?) j CROSS JOIN events e ON e.id = j.value',
          parameters: [JSON.stringify([...(this.#only ?? [])])],
        }
      : { sql: 'events e INDEXED BY events_order', parameters: [] };
    this.#kinds = conditionOn(source, this.#matcher);
  }

  /** Whether SQL alone tells which events belong here. */
  get #isDecided(): boolean {
    return (this.#only === undefined || this.#isFew) && (this.#matcher?.kinds('some').length ?? 0) === 0;
  }

  get #isFew(): boolean {
    return this.#only !== undefined && this.#only.size <= maxLookedUp;
  }

  /** Where another scan of the same query goes on; undefined at the end of a span. */
  get place(): Cursor | undefined {
    return this.#place;
  }

  /** The next rows in their order, a step at a time; no more than `wanted` are needed. @throws the reason of `signal` */
  async *rows(wanted: number, signal: AbortSignal): AsyncGenerator<Row[], undefined> {
    if (this.#isDecided) yield* this.#decided(wanted, signal);
    else yield* this.#undecided(signal);
  }

  /** The rows of a window whose texts must be looked through. */
  rowsOf(window: Window): Row[] {
    return this.#candidates(window).filter((row) => this.#finds(row));
  }

  /** The rows of a window, without those whose chunk does not hold what is looked for: mostly it is in few. */
  #candidates(window: Window): Row[] {
    const matcher = this.#matcher;
    if (!matcher || this.#only || matcher.kinds('all').length > 0) return this.#select(window, -1);
    const { ids } = this.#database
      .prepare(`SELECT json_group_array(e.id) AS ids FROM ${this.#base.sql} WHERE ${window.sql} AND ${this.#kinds.sql}`)
      .get(...window.parameters, ...this.#kinds.parameters) as unknown as { ids: string };
    const candidates: number[] = [];
    let chunk: Chunk | undefined;
    let isCandidate = false;
    for (const id of Float64Array.from(JSON.parse(ids) as number[]).sort()) {
      if (!chunk || id >= chunk.first + chunk.count) {
        chunk = this.#chunks.of(id);
        isCandidate = matcher.mayBeIn(chunk);
      }
      if (isCandidate) candidates.push(id);
    }
    if (candidates.length === 0) return [];
    return this.#database
      .prepare(
        `SELECT e.id, e.time, e.kind FROM json_each(?) j CROSS JOIN events e ON e.id = j.value
         ORDER BY e.time DESC, e.id`,
      )
      .all(JSON.stringify(candidates)) as unknown as Row[];
  }

  async *#decided(wanted: number, signal: AbortSignal): AsyncGenerator<Row[], undefined> {
    for await (const window of this.#windows(signal)) {
      const began = performance.now();
      this.#place = window.place;
      yield this.#select(window, wanted);
      this.#took = performance.now() - began;
    }
  }

  /** On this thread and a second one in turn: reading texts takes all that one can do. */
  async *#undecided(signal: AbortSignal): AsyncGenerator<Row[], undefined> {
    const away: { readonly window: Window; readonly rows: Promise<Row[] | undefined> }[] = [];
    const here = (window: Window): Row[] => {
      const began = performance.now();
      const rows = this.rowsOf(window);
      this.#took = performance.now() - began;
      return rows;
    };
    for await (const window of this.#windows(signal)) {
      const there = this.#secondThread?.find(this.#query, window);
      if (there) away.push({ window, rows: there });
      if (there && window.place !== undefined) continue;
      const rows = there ? undefined : here(window);
      for (const earlier of away.splice(0)) {
        const found = await earlier.rows;
        signal.throwIfAborted();
        this.#place = earlier.window.place;
        yield found ?? here(earlier.window);
      }
      this.#place = window.place;
      if (rows) yield rows;
    }
  }

  #select({ sql, parameters }: Condition, limit: number): Row[] {
    return this.#database
      .prepare(
        `SELECT e.id, e.time, e.kind FROM ${this.#base.sql} WHERE ${sql} AND ${this.#kinds.sql}
         ORDER BY e.time DESC, e.id LIMIT ${limit}`,
      )
      .all(...this.#base.parameters, ...parameters, ...this.#kinds.parameters) as unknown as Row[];
  }

  /** How many events there are of each kind in each `bucket` (an SQL expression of `e.time`), with their times. */
  async *sums(bucket: string, signal: AbortSignal): AsyncGenerator<KindSum[], undefined> {
    if (!this.#isDecided) {
      for await (const rows of this.rows(Infinity, signal))
        yield rows.map(({ time, kind }) => ({ kind, events: 1, oldest: time, newest: time }));
      return;
    }
    for await (const { sql, parameters, place } of this.#windows(signal)) {
      const began = performance.now();
      this.#place = place;
      yield this.#database
        .prepare(
          `SELECT e.kind, count(*) AS events, min(e.time) AS oldest, max(e.time) AS newest
           FROM ${this.#base.sql} WHERE ${sql} AND ${this.#kinds.sql} GROUP BY ${bucket}, e.kind ORDER BY newest DESC`,
        )
        .all(...this.#base.parameters, ...parameters, ...this.#kinds.parameters) as unknown as KindSum[];
      this.#took = performance.now() - began;
    }
  }

  #finds({ id, kind }: Row): boolean {
    return (this.#only?.has(id) ?? true) && (this.#matcher?.finds(id, kind) ?? true);
  }

  /** Cuts the spans into conditions of bounded work each, in the order of the lists, and lets others in between. */
  async *#windows(signal: AbortSignal): AsyncGenerator<Window, undefined> {
    const beyond = 'e.time <= ? AND (e.time < ? OR e.id > ?) AND e.time >= ?';
    // To sort a few takes as long as to find where the first of them end.
    const findEnd =
      this.#isFew && this.#isDecided
        ? undefined
        : this.#database.prepare(
            `SELECT e.time, e.id FROM ${this.#base.sql} WHERE ${beyond} ORDER BY e.time DESC, e.id LIMIT 1 OFFSET ?`,
          );
    const after = this.#after;
    let size = firstWindow;
    if (this.#kinds === nothing) return;
    for (const span of this.#spans) {
      if (after && after.time < span.from) continue;
      let start: Place | undefined = after && after.time < span.to ? after : { time: span.to - 1, id: -1 };
      while (start) {
        signal.throwIfAborted();
        const parameters = [start.time, start.time, start.id, span.from];
        const end = findEnd?.get(...this.#base.parameters, ...parameters, size - 1) as unknown as Place | undefined;
        this.#took = NaN;
        yield end
          ? {
              sql: `${beyond} AND (e.time > ? OR e.id <= ?)`,
              parameters: [...parameters.slice(0, -1), end.time, end.time, end.id],
              place: writeCursor(end),
            }
          : { sql: beyond, parameters, place: undefined };
        const took = this.#took;
        if (took > slowMs) size = Math.max(firstWindow >> 3, size >> 1);
        else if (took < slowMs / 2) size = Math.min(maxWindow, size << 1);
        start = end;
        await nextTurn();
      }
    }
  }
}

export interface KindSum {
  readonly kind: number;
  readonly events: number;
  readonly oldest: number;
  readonly newest: number;
}

const everything: Condition = { sql: '1', parameters: [] };
const nothing: Condition = { sql: '0', parameters: [] };

/** The events that resources, or an id that the search demands, lead to; undefined where it may be any. */
function eventsOf({ resourceId, resources, search }: View, parts: Parts): ReadonlySet<number> | undefined {
  const { lookups } = parts;
  const found = [
    ...(resources ? [parts.resources.find(resources).flatMap((events) => [...events])] : []),
    ...(resourceId === undefined ? [] : [lookups.find('resource', resourceId)]),
    ...(search ? demanded(search, 'request_id').map((id) => lookups.find('request', id)) : []),
    ...(search
      ? demanded(search, 'event_id').map((id) => [...lookups.find('key', id), ...lookups.find('id', id)])
      : []),
  ];
  const [first, ...others] = found.map((events) => new Set(events));
  return first && others.reduce((left, right) => new Set([...left].filter((event) => right.has(event))), first);
}

/** The component, and the kinds of which the search may find some. */
function conditionOn(source: string | undefined, matcher: Matcher | undefined): Condition {
  const ofSource: Condition =
    source === undefined
      ? everything
      : { sql: 'e.kind IN (SELECT id FROM kinds WHERE source = ?)', parameters: [source] };
  const excluded = matcher?.kinds('none') ?? [];
  if (!matcher || excluded.length === 0) return ofSource;
  const kinds = [...matcher.kinds('all'), ...matcher.kinds('some')];
  if (kinds.length === 0) return nothing;
  const list = (kinds: readonly number[], not: string): Condition => ({
    sql: `${ofSource.sql} AND e.kind ${not} IN (SELECT value FROM json_each(?))`,
    parameters: [...ofSource.parameters, JSON.stringify(kinds)],
  });
  return kinds.length < excluded.length ? list(kinds, '') : list(excluded, 'NOT');
}
