import type { DatabaseSync } from 'node:sqlite';
import { eventKey } from '../../core/event/decode';
import { fieldChanges, type FieldChange } from '../../core/event/fieldChanges';
import type { ActivityEvent, EventSummary } from '../../core/event/event';
import { narrateEvent, type EventStory } from '../../core/narrative/eventStory';
import { completeStory, flavorStated, nameStated, type StatedElsewhere } from '../../core/narrative/resourceName';
import { summaryOf } from '../../core/event/summaryOf';
import type { List, ListQuery, Neighbours } from '../history';
import type { Parts } from './parts';
import { Scan, writeCursor, type Row } from './scan';
import { noTime } from '../db/schema';

/** Events that are asked for the name of a resource, and how many are looked at for that. */
const maxAsked = 30;
const maxFirst = 5;
const maxLooked = 2_000;

/** A list of records ends early (bytes of JSON), so that large ones do not pile up in memory. */
const maxList = 4_000_000;

/** Earlier events of a resource in which the values before a change are looked for. */
const earlierRead = 10;

interface NamedRow extends Row {
  /** Where the event's own is another one's, too. */
  readonly key: string | null;
}

/** A stored event that was looked up: whatever else is asked about it takes no second look-up. */
export interface FoundEvent {
  readonly row: NamedRow;
  readonly summary: EventSummary;
  readonly record: ActivityEvent;
}

/** Answers questions about single events and lists of them. */
export class Reader {
  readonly #parts: Parts;
  readonly #database: DatabaseSync;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#database = parts.database;
  }

  list(query: ListQuery, signal: AbortSignal): Promise<List<EventSummary>> {
    return this.listOf(query, ({ summary }) => summary, signal);
  }

  /** A list of what `take` takes of each event. */
  async listOf<T>(query: ListQuery, take: (event: FoundEvent) => T, signal: AbortSignal): Promise<List<T>> {
    const { rows, next } = await this.#rows(query, signal);
    return { items: this.#name(rows).map((row) => take(this.#read(row))), next };
  }

  async records(query: ListQuery, signal: AbortSignal): Promise<List<ActivityEvent>> {
    const { chunks } = this.#parts;
    const { rows, next } = await this.#rows(query, signal);
    const items: ActivityEvent[] = [];
    let length = 0;
    for (const row of rows) {
      items.push(chunks.record(row.id));
      length += chunks.of(row.id).json(row.id).length;
      if (length > maxList && row !== rows.at(-1)) return { items, next: writeCursor(row) };
    }
    return { items, next };
  }

  /** Undefined where there is no such event. */
  find(key: string): FoundEvent | undefined {
    const row = this.#find(key);
    return row && this.#read(row);
  }

  /** The nearest events before and after one in the life of a resource; `resourceId` undefined: of the one it is about. */
  around(found: FoundEvent, resourceId: string | undefined, limit: number): Neighbours {
    const { previous, next } = this.#around(found, resourceId, limit);
    return {
      previous: previous.map((row) => this.#read(row).summary),
      next: next.map((row) => this.#read(row).summary),
    };
  }

  /** The events before one in the life of the resource it is about, the nearest first, each read when it is its turn. */
  *earlier(found: FoundEvent, limit: number): Generator<FoundEvent, undefined> {
    for (const row of this.#around(found, undefined, limit).previous) yield this.#read(row);
  }

  /** The event in words. */
  story(found: FoundEvent): EventStory {
    return completeStory(narrateEvent(found.record), found.record, this.#statedAround(found));
  }

  /** What earlier events state of the resources of one; of a time when nothing is known yet, what the first ones do. */
  #statedAround(found: FoundEvent): StatedElsewhere {
    const ask = (
      rows: readonly Row[],
      read: (record: ActivityEvent, resource: string) => string | undefined,
      resource: string,
    ): string | undefined => {
      for (const { id } of rows) {
        const found = read(this.#parts.chunks.record(id), resource);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return {
      flavor: (server) => ask(this.#around(found, server, maxAsked).previous, flavorStated, server),
      name: (resource) => {
        const { previous } = this.#around(found, resource, maxLooked);
        // Far back only what changes a resource as a whole, and its creation, can tell.
        const changes = previous
          .slice(maxAsked)
          .filter(({ kind }) => /^P[UA]T/i.test(this.#parts.kinds.get(kind).method));
        const first = this.#first(resource, maxFirst);
        const rows = [found.row, ...previous.slice(0, maxAsked), ...changes.slice(0, maxAsked), ...first];
        return ask(rows, nameStated, resource);
      },
    };
  }

  /** The oldest events of a resource. */
  #first(resource: string, limit: number): Row[] {
    return this.#database
      .prepare(
        `SELECT e.id, e.time, e.kind FROM json_each(?) j CROSS JOIN events e ON e.id = j.value
         WHERE e.time <> ${noTime} ORDER BY e.time ASC, e.id DESC LIMIT ?`,
      )
      .all(JSON.stringify(this.#parts.lookups.find('resource', resource)), limit) as unknown as Row[];
  }

  #around(
    { row: { time, id }, summary }: FoundEvent,
    resourceId: string | undefined,
    limit: number,
  ): { readonly previous: readonly NamedRow[]; readonly next: readonly NamedRow[] } {
    const resource = resourceId ?? summary.resourceId;
    if (resource === undefined || time === noTime) return { previous: [], next: [] };
    const events = JSON.stringify(this.#parts.lookups.find('resource', resource));
    const find = (condition: string, order: string): NamedRow[] =>
      this.#database
        .prepare(
          `SELECT e.id, e.time, e.kind, r.key FROM json_each(?) j CROSS JOIN events e ON e.id = j.value
           LEFT JOIN renamed r ON r.id = e.id WHERE ${condition} ORDER BY ${order} LIMIT ?`,
        )
        .all(events, time, time, id, limit) as unknown as NamedRow[];
    return {
      previous: find(`e.time <= ? AND (e.time < ? OR e.id > ?) AND e.time <> ${noTime}`, 'e.time DESC, e.id ASC'),
      next: find('e.time >= ? AND (e.time > ? OR e.id < ?)', 'e.time ASC, e.id DESC'),
    };
  }

  /** What the request of an event changed. */
  changes(found: FoundEvent): FieldChange[] {
    return fieldChanges(
      found.record,
      [...this.earlier(found, earlierRead)].map(({ record }) => record),
    );
  }

  #find(key: string): NamedRow | undefined {
    const renamed = this.#database.prepare('SELECT id FROM renamed WHERE key = ?').all(key);
    const ids = [...this.#parts.lookups.find('key', key), ...renamed.map((row) => Number(row['id']))];
    const read = this.#database.prepare(
      'SELECT e.id, e.time, e.kind, r.key FROM events e LEFT JOIN renamed r ON r.id = e.id WHERE e.id = ?',
    );
    for (const id of ids) {
      const row = read.get(id) as unknown as NamedRow | undefined;
      if (row && (row.key ?? eventKey(this.#parts.chunks.record(row.id))) === key) return row;
    }
    return undefined;
  }

  async #rows(query: ListQuery, signal: AbortSignal): Promise<{ rows: Row[]; next: string | undefined }> {
    const { limit } = query;
    const rows: Row[] = [];
    for await (const found of new Scan(query, this.#parts).rows(limit + 1, signal)) {
      rows.push(...found.slice(0, limit + 1 - rows.length));
      const last = rows[limit - 1];
      if (rows.length > limit && last) return { rows: rows.slice(0, limit), next: writeCursor(last) };
    }
    return { rows, next: undefined };
  }

  /** Looks up the keys of the few events that have another one than their own. */
  #name(rows: readonly Row[]): NamedRow[] {
    const ids = JSON.stringify(rows.map(({ id }) => id));
    const renamed = this.#database.prepare('SELECT id, key FROM renamed WHERE id IN (SELECT value FROM json_each(?))');
    const keys = new Map(renamed.all(ids).map((row) => [Number(row['id']), String(row['key'])]));
    return rows.map((row) => ({ ...row, key: keys.get(row.id) ?? null }));
  }

  #read(row: NamedRow): FoundEvent {
    const record = this.#parts.chunks.record(row.id);
    return { row, record, summary: summarize(row, record) };
  }
}

function summarize({ time, key }: NamedRow, record: ActivityEvent): EventSummary {
  return summaryOf(record, time === noTime ? undefined : time, key ?? undefined);
}
