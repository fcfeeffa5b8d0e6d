import type { DatabaseSync } from 'node:sqlite';
import { eventKey } from '../../core/event/decode';
import { fieldChanges, type FieldChange } from '../../core/event/fieldChanges';
import type { ActivityEvent, EventSummary } from '../../core/event/event';
import { flavorStated, nameStated, type StatedElsewhere } from '../../core/narrative/resourceName';
import { redactSummary } from '../../core/event/redactEvent';
import { resourceOf } from '../../core/event/resources';
import { summaryOf } from '../../core/event/summaryOf';
import type { List, ListQuery, Neighbours } from '../history';
import type { Parts } from './parts';
import { Scan, writeCursor, type Row } from './scan';
import { noTime } from '../db/schema';

/** Events that are asked for the name of a resource, and how many are looked at for that. */
const mostAsked = 30;
const mostFirst = 5;
const mostLooked = 2_000;

/** A list of records ends early (bytes of JSON), so that large ones do not pile up in memory. */
const longestList = 4_000_000;

/** Earlier events of a resource in which the values before a change are looked for. */
const earlierRead = 10;

interface NamedRow extends Row {
  /** Where the event's own is another one's, too. */
  readonly key: string | null;
}

/** Answers questions about single events and lists of them. */
export class Reader {
  readonly #parts: Parts;
  readonly #database: DatabaseSync;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#database = parts.database;
  }

  async list(query: ListQuery, signal: AbortSignal): Promise<List<EventSummary>> {
    const { rows, next } = await this.#rows(query, signal);
    return { items: this.#name(rows).map((row) => this.#summary(row)), next };
  }

  async records(query: ListQuery, signal: AbortSignal): Promise<List<ActivityEvent>> {
    const { chunks } = this.#parts;
    const { rows, next } = await this.#rows(query, signal);
    const items: ActivityEvent[] = [];
    let length = 0;
    for (const row of rows) {
      items.push(chunks.record(row.id));
      length += chunks.of(row.id).json(row.id).length;
      if (length > longestList && row !== rows.at(-1)) return { items, next: writeCursor(row) };
    }
    return { items, next };
  }

  summary(key: string, redact = false): EventSummary | undefined {
    const row = this.#find(key);
    const summary = row && this.#summary(row);
    return summary && redact ? redactSummary(summary, this.#parts.chunks.record(row.id)) : summary;
  }

  event(key: string): { summary: EventSummary; record: ActivityEvent } | undefined {
    const row = this.#find(key);
    return row && { summary: this.#summary(row), record: this.#parts.chunks.record(row.id) };
  }

  neighbours(key: string, resourceId: string | undefined, limit: number): Neighbours {
    const { previous, next } = this.#around(this.#find(key), resourceId, limit);
    return {
      previous: previous.map((row) => this.#summary(row)),
      next: next.map((row) => this.#summary(row)),
    };
  }

  /** What earlier events state of the resources of one; of a time when nothing is known yet, what the first ones do. */
  statedAround(key: string): StatedElsewhere {
    const row = this.#find(key);
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
      flavor: (server) => ask(this.#around(row, server, mostAsked).previous, flavorStated, server),
      name: (resource) => {
        const { previous } = this.#around(row, resource, mostLooked);
        // Far back only what changes a resource as a whole, and its creation, can tell.
        const changes = previous
          .slice(mostAsked)
          .filter(({ kind }) => /^P[UA]T/i.test(this.#parts.kinds.get(kind).method));
        const first = this.#first(resource, mostFirst);
        const rows = [...(row ? [row] : []), ...previous.slice(0, mostAsked), ...changes.slice(0, mostAsked), ...first];
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

  /** The nearest events before and after one in the life of a resource. */
  #around(
    row: NamedRow | undefined,
    resourceId: string | undefined,
    limit: number,
  ): { readonly previous: readonly NamedRow[]; readonly next: readonly NamedRow[] } {
    const resource = resourceId ?? (row && resourceOf(this.#parts.chunks.record(row.id)).primary);
    if (!row || resource === undefined || row.time === noTime) return { previous: [], next: [] };
    const events = JSON.stringify(this.#parts.lookups.find('resource', resource));
    const { time, id } = row;
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
  changes(key: string): FieldChange[] {
    const found = this.event(key);
    if (!found) return [];
    const { previous } = this.neighbours(key, undefined, earlierRead);
    const earlier = previous.map((event) => this.event(event.key)?.record).filter((record) => record !== undefined);
    return fieldChanges(found.record, earlier);
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

  #summary({ id, time, key }: NamedRow): EventSummary {
    return summaryOf(this.#parts.chunks.record(id), time === noTime ? undefined : time, key ?? undefined);
  }
}
