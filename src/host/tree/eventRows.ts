import { dayRange, type Zone } from '../../core/time/days';
import type { EventSummary } from '../../core/event/event';
import type { Cursor, History, ListQuery, View } from '../../history/history';
import type { EventNode, GroupNode, MoreNode } from './nodes';

/** Rows of a list that are shown before "Show more" is asked for, and added each time it is. */
export const pageSize = 500;

/** Rows kept of all lists together; those of lists not looked at for longest are read again when they are wanted. */
const keptRows = 20_000;

interface Loaded {
  /** The count of the list, and where it ends, when it was read: while they stay the same, so do the rows. */
  readonly events: number;
  readonly from: number | undefined;
  readonly rows: readonly EventNode[];
  readonly next: Cursor | undefined;
}

/** The event rows of the open lists, read page by page and kept until the list changes. */
export class EventRows {
  /** The list that was read last is last. */
  #loaded = new Map<string, Loaded>();

  constructor(
    /** How many rows were asked for of lists that go beyond the first page; remembered by whoever gives it. */
    private readonly wanted: Map<string, number>,
  ) {}

  /** Forgets the rows (not how many were asked for), those on their way too: the view looks at something else now. */
  clear(): void {
    this.#loaded = new Map();
  }

  /** How many rows are kept. */
  get size(): number {
    let size = 0;
    for (const { rows } of this.#loaded.values()) size += rows.length;
    return size;
  }

  /** The lists that hold this event. */
  listsWith(key: string): GroupNode[] {
    return [...this.#loaded.values()].flatMap(({ rows }) => {
      const row = rows.find(({ summary }) => summary.key === key);
      return row ? [row.parent] : [];
    });
  }

  /** One more page of this list from now on. */
  showMore(list: GroupNode): void {
    this.wanted.set(
      list.id,
      Math.max(this.wanted.get(list.id) ?? pageSize, this.#loaded.get(list.id)?.rows.length ?? 0) + pageSize,
    );
  }

  async read(
    list: GroupNode,
    history: Pick<History, 'list'>,
    view: View,
    zone: Zone,
    signal: AbortSignal,
  ): Promise<(EventNode | MoreNode)[]> {
    const wanted = this.wanted.get(list.id) ?? pageSize;
    const lists = this.#loaded;
    const place = placeOf(list, zone);
    const from = typeof place.within === 'object' && place.within.from < view.range.from ? view.range.from : undefined;
    const kept = lists.get(list.id);
    const read = (after: Cursor | undefined, limit: number) =>
      history.list({ view, ...place, after, limit: Math.min(limit, pageSize) }, signal);

    let loaded: Loaded;
    if (kept?.events === list.events && kept.from === from) loaded = kept;
    // Rows that came while the list was followed may not add up for ever.
    else if (kept && kept.from === from && kept.rows.length <= wanted + pageSize) loaded = await renew(kept);
    else loaded = { events: list.events, from, rows: [], next: undefined };
    if (loaded.rows.length < wanted && (loaded.next !== undefined || loaded.rows.length === 0))
      loaded = await extend(loaded);
    if (lists === this.#loaded) this.#keep(list.id, loaded);
    const { rows, next } = loaded;
    if (!next) return [...rows];
    return [...rows, { kind: 'more', id: `${list.id}/more`, rest: list.events - rows.length, parent: list }];

    async function extend(loaded: Loaded): Promise<Loaded> {
      const rows = [...loaded.rows];
      let { next } = loaded;
      do {
        const page = await read(next, wanted - rows.length);
        rows.push(...page.items.map((summary) => rowOf(summary, list)));
        next = page.next;
      } while (next && rows.length < wanted);
      return { ...loaded, rows, next };
    }

    /** Reads from the top until all that came is found; below that, the rows are those from before. */
    async function renew(before: Loaded): Promise<Loaded> {
      const places = new Map(before.rows.map((row, index) => [row.summary.key, index]));
      let arrivals = list.events - before.events;
      const rows: EventNode[] = [];
      let next: Cursor | undefined;
      do {
        const page = await read(next, pageSize);
        for (const summary of page.items) {
          const at = places.get(summary.key);
          if (at === undefined) arrivals--;
          rows.push((at === undefined ? undefined : before.rows[at]) ?? rowOf(summary, list));
        }
        next = page.next;
        const last = places.get(page.items.at(-1)?.key ?? '');
        if (arrivals === 0 && last !== undefined && last === rows.length - 1 - (list.events - before.events)) {
          return { events: list.events, from, rows: [...rows, ...before.rows.slice(last + 1)], next: before.next };
        }
      } while (next && rows.length < Math.max(wanted, before.rows.length));
      return { events: list.events, from, rows, next };
    }
  }

  #keep(id: string, loaded: Loaded): void {
    this.#loaded.delete(id);
    this.#loaded.set(id, loaded);
    for (const oldest of this.#loaded.keys()) {
      if (oldest === id || this.size <= keptRows) return;
      this.#loaded.delete(oldest);
    }
  }
}

function rowOf(summary: EventSummary, parent: GroupNode): EventNode {
  return { kind: 'event', id: `e:${summary.key}`, summary, parent };
}

function placeOf(list: GroupNode, zone: Zone): Pick<ListQuery, 'source' | 'within'> {
  const { day, source } = list;
  if (list.kind === 'hour') return { source, within: list.range };
  return { source, within: day === undefined ? undefined : day === 'none' ? 'none' : dayRange(day, zone) };
}
