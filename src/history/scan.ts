import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Range } from '../core/range';
import { intersect } from '../core/ranges';
import { demanded, Finder } from './finder';
import type { Cursor, ListQuery, View } from './history';
import type { Parts } from './parts';
import { noTime } from './schema';

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

export function readCursor(cursor: Cursor): Place {
  const [time = NaN, id = NaN] = cursor.split(':').map(Number);
  if (!Number.isSafeInteger(time) || !Number.isSafeInteger(id)) throw new RangeError('Not a cursor of this history');
  return { time, id };
}

export const undated: Range = { from: noTime, to: noTime + 1 };

/** The times a list is about, newest first; {@link undated} is last. */
export function spansOf({ view, within }: Pick<ListQuery, 'view' | 'within'>): Range[] {
  if (within === 'none') return [undated];
  const dated = within ? intersect(view.range, within) : view.range;
  const range = dated && intersect(dated, { from: undated.to, to: Number.MAX_SAFE_INTEGER });
  return [...(range ? [range] : []), ...(within ? [] : [undated])];
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
  readonly #spans: readonly Range[];
  readonly #after: Place | undefined;
  readonly #finder: Finder | undefined;
  /** Only these events. */
  readonly #only: ReadonlySet<number> | undefined;
  readonly #base: Condition;
  readonly #kinds: Condition;
  #place: Cursor | undefined;

  constructor(query: Pick<ListQuery, 'view' | 'source' | 'within' | 'after'>, parts: Parts) {
    const { view, source, after } = query;
    this.#database = parts.database;
    this.#spans = spansOf(query);
    this.#after = after === undefined ? undefined : readCursor(after);
    this.#finder = view.search && new Finder(view.search, parts.chunks, parts.kinds);
    this.#only = eventsOf(view, parts);
    const few = this.#only && this.#only.size <= maxLookedUp;
    this.#base = few
      ? { sql: 'json_each(?) j CROSS JOIN events e ON e.id = j.value', parameters: [JSON.stringify([...this.#only])] }
      : { sql: 'events e INDEXED BY events_order', parameters: [] };
    this.#kinds = conditionOn(source, this.#finder);
  }

  /** Whether SQL alone tells which events belong here. */
  get #isDecided(): boolean {
    return this.#only === undefined && (this.#finder?.kinds('some').length ?? 0) === 0;
  }

  /** Where another scan of the same query goes on; undefined at the end of a span. */
  get place(): Cursor | undefined {
    return this.#place;
  }

  /** The next rows in their order, a step at a time; no more than `wanted` are needed. @throws the reason of `signal` */
  async *rows(wanted: number, signal: AbortSignal): AsyncGenerator<Row[], undefined> {
    const limit = this.#isDecided ? wanted : -1;
    const select = `SELECT e.id, e.time, e.kind FROM ${this.#base.sql}`;
    for await (const { sql, parameters } of this.#windows(signal)) {
      const rows = this.#database
        .prepare(`${select} WHERE ${sql} AND ${this.#kinds.sql} ORDER BY e.time DESC, e.id LIMIT ${limit}`)
        .all(...this.#base.parameters, ...parameters, ...this.#kinds.parameters) as unknown as Row[];
      yield this.#isDecided ? rows : rows.filter((row) => this.#finds(row));
    }
  }

  /** How many events there are of each kind in each `bucket` (an SQL expression of `e.time`), with their times. */
  async *sums(bucket: string, signal: AbortSignal): AsyncGenerator<KindSum[], undefined> {
    if (!this.#isDecided) {
      for await (const rows of this.rows(Infinity, signal))
        yield rows.map(({ time, kind }) => ({ kind, events: 1, oldest: time, newest: time }));
      return;
    }
    for await (const { sql, parameters } of this.#windows(signal)) {
      yield this.#database
        .prepare(
          `SELECT e.kind, count(*) AS events, min(e.time) AS oldest, max(e.time) AS newest
           FROM ${this.#base.sql} WHERE ${sql} AND ${this.#kinds.sql} GROUP BY ${bucket}, e.kind ORDER BY newest DESC`,
        )
        .all(...this.#base.parameters, ...parameters, ...this.#kinds.parameters) as unknown as KindSum[];
    }
  }

  #finds({ id, kind }: Row): boolean {
    return (this.#only?.has(id) ?? true) && (this.#finder?.finds(id, kind) ?? true);
  }

  /** Cuts the spans into conditions of bounded work each, in the order of the lists, and lets others in between. */
  async *#windows(signal: AbortSignal): AsyncGenerator<Condition, undefined> {
    const beyond = 'e.time <= ? AND (e.time < ? OR e.id > ?) AND e.time >= ?';
    const findEnd = this.#database.prepare(
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
        const began = performance.now();
        const parameters = [start.time, start.time, start.id, span.from];
        const end = findEnd.get(...this.#base.parameters, ...parameters, size - 1) as unknown as Place | undefined;
        this.#place = end && writeCursor(end);
        yield end
          ? {
              sql: `${beyond} AND (e.time > ? OR e.id <= ?)`,
              parameters: [...parameters.slice(0, -1), end.time, end.time, end.id],
            }
          : { sql: beyond, parameters };
        const took = performance.now() - began;
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
    ...(search ? demanded(search, 'event_id').map((id) => lookups.find('key', id)) : []),
  ];
  const [first, ...others] = found.map((events) => new Set(events));
  return first && others.reduce((left, right) => new Set([...left].filter((event) => right.has(event))), first);
}

/** The component, and the kinds of which the search may find some. */
function conditionOn(source: string | undefined, finder: Finder | undefined): Condition {
  const ofSource: Condition =
    source === undefined
      ? everything
      : { sql: 'e.kind IN (SELECT id FROM kinds WHERE source = ?)', parameters: [source] };
  const excluded = finder?.kinds('none') ?? [];
  if (!finder || excluded.length === 0) return ofSource;
  const kinds = [...finder.kinds('all'), ...finder.kinds('some')];
  if (kinds.length === 0) return nothing;
  const list = (kinds: readonly number[], not: string): Condition => ({
    sql: `${ofSource.sql} AND e.kind ${not} IN (SELECT value FROM json_each(?))`,
    parameters: [...ofSource.parameters, JSON.stringify(kinds)],
  });
  return kinds.length < excluded.length ? list(kinds, '') : list(excluded, 'NOT');
}
