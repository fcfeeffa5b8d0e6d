import { dayRange } from '../../core/days';
import type { EventSummary } from '../../core/event';
import type { Cursor, History, ListQuery, View } from '../../history/history';
import { setting } from '../settings';
import type { ComponentNode, DayNode, EventNode, MoreNode } from './nodes';

/** Rows of a list that are shown before "Show more" is asked for, and added each time it is. */
export const pageSize = 500;

interface Loaded {
  /** The count of the list when it was read: while it stays the same, so do the rows. */
  readonly events: number;
  readonly rows: readonly EventSummary[];
  readonly next: Cursor | undefined;
}

/** The event rows of the open lists, read page by page and kept until the list changes. */
export class EventRows {
  #loaded = new Map<string, Loaded>();
  readonly #wanted = new Map<string, number>();

  /** Forgets the rows (not how many were asked for), those on their way too: the view looks at something else now. */
  clear(): void {
    this.#loaded = new Map();
  }

  /** One more page of this list from now on. */
  showMore(list: ComponentNode | DayNode): void {
    this.#wanted.set(list.id, (this.#wanted.get(list.id) ?? pageSize) + pageSize);
  }

  async read(
    list: ComponentNode | DayNode,
    history: History,
    view: View,
    signal: AbortSignal,
  ): Promise<(EventNode | MoreNode)[]> {
    const wanted = this.#wanted.get(list.id) ?? pageSize;
    const lists = this.#loaded;
    const kept = lists.get(list.id);
    const base = kept?.events === list.events ? kept : { events: list.events, rows: [], next: undefined };
    const loaded = base === kept && (kept.rows.length >= wanted || !kept.next) ? kept : await extend(base);
    lists.set(list.id, loaded);
    const rows = loaded.rows.map((summary): EventNode => ({
      kind: 'event',
      id: `e:${summary.key}`,
      summary,
      parent: list,
    }));
    if (!loaded.next) return rows;
    return [...rows, { kind: 'more', id: `${list.id}/more`, rest: list.events - rows.length, parent: list }];

    async function extend(from: Loaded): Promise<Loaded> {
      const rows = [...from.rows];
      let next = from.next;
      do {
        const query: ListQuery = { view, ...place(list), after: next, limit: Math.min(wanted - rows.length, pageSize) };
        const page = await history.list(query, signal);
        rows.push(...page.items);
        next = page.next;
      } while (next && rows.length < wanted);
      return { events: from.events, rows, next };
    }
  }
}

function place(list: ComponentNode | DayNode): Pick<ListQuery, 'source' | 'within'> {
  const within =
    list.day === undefined ? undefined : list.day === 'none' ? 'none' : dayRange(list.day, setting('timeZone'));
  return { source: list.source, within };
}
