import { dayRange } from '../../core/time/days';
import type { EventSummary } from '../../core/event/event';
import type { QuarterCount } from '../../history/history';
import { isFailed } from '../session/completeness';
import type { Session } from '../session/session';
import { setting } from '../ui/settings';
import { EventRows } from './eventRows';
import { gapRows, gapsOf } from './gaps';
import { blockRows, componentRows, dayRows, hourRows, type Totals } from './groups';
import type { BlockNode, ComponentNode, DayNode, EventNode, GroupNode, MoreNode, Node } from './nodes';
import type { Step } from './treeMemory';

/** A day with more events of a component than this is shown by the hour. */
const fullDay = 2_000;

const minute = 60_000;

/** The rows of the tree as the session has them now. */
export class TreeRows {
  readonly #events: EventRows;
  /** Lists that are shown by the hour; they stay so while the same is looked at, whatever the count. */
  readonly #hourly = new Set<string>();
  /**
   * The rows of groups by id. VS Code knows a row by its object only: one that were made anew with each refresh could not
   * be refreshed by whoever holds the one before, and the change would not be shown.
   */
  readonly #known = new Map<string, GroupNode>();
  readonly #quarters = new Map<string, { readonly total: string; readonly counts: readonly QuarterCount[] }>();

  constructor(
    private readonly session: Session,
    wanted: Map<string, number>,
  ) {
    this.#events = new EventRows(wanted);
  }

  /** How many rows of events are open or were lately. */
  get size(): number {
    return this.#events.size;
  }

  /** The lists that were read with the row of this event. */
  listsWith(key: string): GroupNode[] {
    return this.#events.listsWith(key);
  }

  roots(): Node[] {
    const totals = this.#totals();
    const { choice, complete, counts } = this.session;
    const groups: GroupNode[] = choice.code?.blocks
      ? blockRows(choice.code.blocks, counts.groups ?? [], !complete)
      : choice.grouping === 'component'
        ? componentRows(totals)
        : dayRows(totals);
    if (groups.length === 0) return [];
    // What is being loaded just now is no gap yet.
    const { load, missing } = this.session;
    return [...gapRows(load.running ? missing.filter(isFailed) : missing, this.session.streams), ...this.#same(groups)];
  }

  /** All that can be seen of a root and what stands under it, as text. */
  content(root: Node): string {
    const below = root.kind === 'component' || root.kind === 'day' ? this.#groups(root) : [];
    return JSON.stringify([root, below], (name, value: unknown) =>
      name === 'parent'
        ? undefined
        : (name === 'from' || name === 'to') && typeof value === 'number'
          ? Math.floor(value / minute)
          : value,
    );
  }

  async children(node: Node, signal: AbortSignal): Promise<Node[]> {
    if (node.kind === 'gaps') return gapsOf(node);
    if (node.kind === 'block') return this.#changesIn(node, signal);
    if (node.kind !== 'component' && node.kind !== 'day' && node.kind !== 'hour') return [];
    const groups = node.kind === 'hour' ? undefined : this.#groups(node);
    if (groups) return groups;
    const hours = node.kind === 'hour' ? undefined : await this.#hours(node, signal);
    return hours ?? this.#list(node, signal);
  }

  /** Reads one more page of the list that `node` closes; the first row of it. */
  async showMore({ parent }: MoreNode, signal: AbortSignal): Promise<EventNode | undefined> {
    const before = await this.#list(parent, signal);
    this.#events.showMore(parent);
    const row = (await this.#list(parent, signal))[before.length - 1];
    return row?.kind === 'event' ? row : undefined;
  }

  /** Brings back a row that was remembered. */
  async restore(steps: readonly Step[]): Promise<Node | undefined> {
    let node: GroupNode | undefined;
    for (const step of steps) {
      if (step.kind === 'event') {
        const summary: EventSummary | undefined = await this.session.history?.summary(step.key);
        return summary && node && { kind: 'event', id: step.id, summary, parent: node };
      }
      // VS Code asks for the row itself by its id.
      node = {
        ...step,
        events: 0,
        failures: 0,
        presence: { parts: undefined, incomplete: false },
        parent: node,
      } as GroupNode;
    }
    return node;
  }

  /** The rows of the second level; undefined for a row of that level. */
  #groups(node: ComponentNode | DayNode): GroupNode[] | undefined {
    if (node.kind === 'component')
      return node.day === undefined ? this.#same(dayRows(this.#totals(), node)) : undefined;
    return node.source === undefined ? this.#same(componentRows(this.#totals(), node)) : undefined;
  }

  /** The objects that these rows are already, brought up to date. */
  #same<T extends GroupNode>(rows: readonly T[]): T[] {
    return rows.map((fresh) => {
      const known = this.#known.get(fresh.id) as T | undefined;
      if (known) return Object.assign(known, fresh);
      this.#known.set(fresh.id, fresh);
      return fresh;
    });
  }

  async #hours(list: ComponentNode | DayNode, signal: AbortSignal): Promise<GroupNode[] | undefined> {
    const { history, view } = this.session;
    const { day, source } = list;
    if (!history || day === undefined || day === 'none' || source === undefined) return undefined;
    if (list.events > fullDay) this.#hourly.add(list.id);
    if (!this.#hourly.has(list.id)) return undefined;
    const totals = this.#totals();
    const total = `${list.events} ${list.failures} ${view.range.from}`;
    let known = this.#quarters.get(list.id);
    if (known?.total !== total) {
      const within = dayRange(day, totals.zone);
      known = { total, counts: await history.quarters(view, source, within, signal) };
      this.#quarters.set(list.id, known);
    }
    return this.#same(hourRows(totals, list, { day, source }, known.counts));
  }

  /** The events of a block with what they changed. */
  async #changesIn(block: BlockNode, signal: AbortSignal): Promise<(EventNode | MoreNode)[]> {
    const { history } = this.session;
    const rows = await this.#list(block, signal);
    for (const row of rows) {
      signal.throwIfAborted();
      if (row.kind !== 'event' || row.changes || !history) continue;
      Object.assign(row, { changes: await history.changes(row.summary.key) });
    }
    return rows;
  }

  async #list(list: GroupNode, signal: AbortSignal): Promise<(EventNode | MoreNode)[]> {
    const { history } = this.session;
    const view = list.kind === 'block' ? { ...this.session.view, resources: list.groups } : this.session.view;
    return history ? this.#events.read(list, history, view, setting('timeZone'), signal) : [];
  }

  #totals(): Totals {
    const { counts, load, missing, range } = this.session;
    return { days: counts.days, range, missing, loading: load.running, zone: setting('timeZone') };
  }
}
