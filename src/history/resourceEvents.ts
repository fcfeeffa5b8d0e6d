import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fieldText, outcomeOf } from '../core/event';
import { isChangeOutside } from '../core/outsideChange';
import type { Range } from '../core/range';
import { resourceOf } from '../core/resources';
import type { Chunks } from './chunks';
import type { Activity, LastEvent, ResourceGroup } from './history';
import type { Kinds } from './kinds';
import type { Lookups } from './lookups';
import { noTime } from './schema';

interface Row {
  readonly id: number;
  readonly time: number;
  readonly kind: number;
}

/** Milliseconds of work before others get their turn. */
const portion = 20;

/** Events whose resource is remembered. */
const maxRemembered = 100_000;

/** Finds the events of groups of resources. */
export class ResourceEvents {
  readonly #chunks: Chunks;
  readonly #kinds: Kinds;
  readonly #lookups: Lookups;
  readonly #within: StatementSync;
  readonly #since: StatementSync;
  /** The resource an event is about: its record must be unpacked to tell. */
  readonly #about = new Map<number, string | undefined>();

  constructor(parts: { database: DatabaseSync; chunks: Chunks; kinds: Kinds; lookups: Lookups }) {
    const read = 'SELECT e.id, e.time, e.kind FROM json_each(?) j CROSS JOIN events e ON e.id = j.value WHERE';
    this.#within = parts.database.prepare(`${read} (e.time >= ? AND e.time < ? OR e.time = ${noTime})`);
    this.#since = parts.database.prepare(`${read} e.time > ?`);
    this.#chunks = parts.chunks;
    this.#kinds = parts.kinds;
    this.#lookups = parts.lookups;
  }

  /** Numbers of events may be given again. */
  forget(): void {
    this.#about.clear();
  }

  /** The events of each group. */
  find(groups: readonly ResourceGroup[]): ReadonlySet<number>[] {
    const texts = [...new Set(groups.flatMap(({ resources }) => resources.flat()))];
    const found = this.#lookups.findAll('resource', texts);
    const events = new Map(texts.map((text, index) => [text, found[index] ?? []]));
    return groups.map((group) => {
      const named = new Set(group.resources.flatMap((ids) => inAll(ids.map((id) => events.get(id) ?? []))));
      return group.outsideSince === undefined ? named : this.#changedOutside(named, group, group.outsideSince);
    });
  }

  /** What happened to each group within `range`. */
  async activity(groups: readonly ResourceGroup[], range: Range, signal: AbortSignal): Promise<Activity[]> {
    const result: Activity[] = [];
    let began = performance.now();
    for (const events of this.find(groups)) {
      const rows = this.#rows(events, this.#within, range.from, range.to);
      let failures = 0;
      let last: Row | undefined;
      for (const row of rows) {
        if (this.#kinds.get(row.kind).success === 'no') failures++;
        if (!last || row.time > last.time || (row.time === last.time && row.id < last.id)) last = row;
      }
      result.push({ events: rows.length, failures, last: last && this.#describe(last) });
      if (performance.now() - began < portion) continue;
      await nextTurn();
      signal.throwIfAborted();
      began = performance.now();
    }
    return result;
  }

  #describe({ id, time, kind: number }: Row): LastEvent {
    const kind = this.#kinds.get(number);
    const asked = vague.test(kind.action) ? fieldText(this.#chunks.record(id), 'request_body') : '';
    return {
      time: time === noTime ? undefined : time,
      source: kind.source,
      action: /^\s*\{\s*"([\w:.-]{1,60})"/.exec(asked)?.[1] ?? kind.action,
      outcome: outcomeOf({ success: kind.success }),
      method: kind.method,
      userEmail: kind.user_email,
      userId: kind.user_id,
      userAgent: kind.user_agent,
    };
  }

  #rows(events: ReadonlySet<number>, statement: StatementSync, ...parameters: number[]): Row[] {
    return events.size === 0 ? [] : (statement.all(JSON.stringify([...events]), ...parameters) as unknown as Row[]);
  }

  #changedOutside(events: ReadonlySet<number>, { resources }: ResourceGroup, since: number): Set<number> {
    const own = new Set(resources.flat());
    const outside = new Set<number>();
    for (const { id, kind } of this.#rows(events, this.#since, since)) {
      const { method, action, success, user_agent: userAgent } = this.#kinds.get(kind);
      if (!isChangeOutside({ method, action, outcome: outcomeOf({ success }), userAgent })) continue;
      const about = this.#resourceOf(id);
      if (about !== undefined && own.has(about)) outside.add(id);
    }
    return outside;
  }

  #resourceOf(event: number): string | undefined {
    if (!this.#about.has(event)) {
      if (this.#about.size >= maxRemembered) this.#about.clear();
      this.#about.set(event, resourceOf(this.#chunks.record(event)).primary);
    }
    return this.#about.get(event);
  }
}

/** What all of the lists hold. */
function inAll(lists: readonly (readonly number[])[]): number[] {
  const [first = [], ...others] = lists;
  const sets = others.map((list) => new Set(list));
  return first.filter((event) => sets.every((set) => set.has(event)));
}

/** Says only that there was an action, not which. */
const vague = /(?:^|[-_ ])actions?(?:$|[-_ ])|^unknown$|^$/i;
