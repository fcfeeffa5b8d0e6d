import type { DatabaseSync } from 'node:sqlite';
import type { ActivityEvent, EventSummary } from '../core/event';
import type { List, ListQuery, Neighbours } from './history';
import type { Kinds } from './kinds';
import { hashOfKey, hashOfResource, type Lookups } from './lookups';
import { baseOf, readCursor, spansOf, windows, writeCursor } from './places';
import { readRecord, readSummary, recordColumns, summaryColumns, type RecordRow, type SummaryRow } from './rows';
import { noTime } from './schema';
import { compileSearch } from './searchSql';

const withBodies = 'JOIN bodies b ON b.id = e.id';

/** A list of records ends early (UTF-16 units of bodies), so that large ones do not pile up in memory. */
const longestList = 4_000_000;

/** Answers questions about single events and lists of them. */
export class Reader {
  readonly #database: DatabaseSync;
  readonly #kinds: Kinds;
  readonly #lookups: Lookups;

  constructor(database: DatabaseSync, kinds: Kinds, lookups: Lookups) {
    this.#database = database;
    this.#kinds = kinds;
    this.#lookups = lookups;
  }

  async list(query: ListQuery, signal: AbortSignal): Promise<List<EventSummary>> {
    const { rows, next } = await this.#rows(query, summaryColumns, '', signal);
    return { items: rows.map((row) => readSummary(row, this.#kinds)), next };
  }

  async records(query: ListQuery, signal: AbortSignal): Promise<List<ActivityEvent>> {
    const { rows, next } = await this.#rows(query, recordColumns, withBodies, signal);
    return { items: rows.map((row) => readRecord(row, this.#kinds)), next };
  }

  summary(key: string): EventSummary | undefined {
    const row = this.#find(key, summaryColumns, '') as SummaryRow | undefined;
    return row && readSummary(row, this.#kinds);
  }

  event(key: string): { summary: EventSummary; record: ActivityEvent } | undefined {
    const row = this.#find(key, recordColumns, withBodies) as RecordRow | undefined;
    return row && { summary: readSummary(row, this.#kinds), record: readRecord(row, this.#kinds) };
  }

  async neighbours(key: string, resourceId: string | undefined, limit: number): Promise<Neighbours> {
    await this.#lookups.merge();
    const row = this.#find(key, summaryColumns, '') as SummaryRow | undefined;
    const resource = resourceId ?? row?.resource;
    if (!row || !resource || row.time === noTime) return { previous: [], next: [] };
    const { time, id } = row;
    const find = (condition: string, order: string): EventSummary[] => {
      const found = this.#database
        .prepare(
          `SELECT ${summaryColumns} FROM lookups l CROSS JOIN events e ON e.id = l.event AND e.time = l.time
           WHERE l.hash = ? AND ${condition} ORDER BY ${order} LIMIT ?`,
        )
        .all(hashOfResource(resource), time, time, id, limit) as unknown as SummaryRow[];
      return found.map((each) => readSummary(each, this.#kinds));
    };
    return {
      previous: find(`l.time <= ? AND (l.time < ? OR l.event > ?) AND l.time <> ${noTime}`, 'l.time DESC, l.event ASC'),
      next: find('l.time >= ? AND (l.time > ? OR l.event < ?)', 'l.time ASC, l.event DESC'),
    };
  }

  #find(key: string, columns: string, join: string): unknown {
    const find = this.#database.prepare(
      `SELECT ${columns} FROM events e ${join} WHERE e.id = ? AND coalesce(e.key, e.event_id) = ?`,
    );
    const rows = this.#lookups.find(hashOfKey(key)).map((id) => find.get(id, key));
    return rows.find((row) => row !== undefined);
  }

  async #rows(
    { view, source, within, after, limit }: ListQuery,
    columns: string,
    join: string,
    signal: AbortSignal,
  ): Promise<{ rows: RecordRow[]; next: string | undefined }> {
    const base = baseOf(view.resourceId);
    const search = view.search && compileSearch(view.search);
    const rows: RecordRow[] = [];
    let length = 0;
    if (view.resourceId !== undefined) await this.#lookups.merge();
    const spans = spansOf({ view, within });
    const place = after === undefined ? undefined : readCursor(after);
    for await (const window of windows(this.#database, base, spans, place, signal)) {
      const found = this.#database
        .prepare(
          `SELECT ${columns} FROM ${base.from} ${join} WHERE ${window.sql}
           ${source === undefined ? '' : 'AND e.kind IN (SELECT id FROM kinds WHERE source = ?)'}
           ${search ? `AND ${search.sql}` : ''}
           ORDER BY ${base.time} DESC, ${base.id} LIMIT ?`,
        )
        .iterate(
          ...window.parameters,
          ...(source === undefined ? [] : [source]),
          ...(search?.parameters ?? []),
          limit + 1 - rows.length,
        );
      for (const row of found as Iterable<unknown> as Iterable<RecordRow>) {
        if (rows.length === limit || length > longestList) return { rows, next: writeCursor(rows.at(-1) ?? row) };
        rows.push(row);
        if (join !== '') length += row.request_body.length + row.response_body.length;
      }
    }
    return { rows, next: undefined };
  }
}
