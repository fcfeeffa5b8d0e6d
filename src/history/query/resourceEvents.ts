import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fieldText, outcomeOf } from '../../core/event/event';
import { isChangeOutside } from '../../core/event/outsideChange';
import type { Range } from '../../core/time/range';
import { resourceOf } from '../../core/event/resources';
import type { Chunks } from '../store/chunks';
import type { Activity, LastEvent, ResourceGroup } from '../history';
import type { Kinds } from '../store/kinds';
import type { Lookups } from '../store/lookups';
import { noTime } from '../db/schema';

/** Milliseconds of work before others get their turn. */
const portion = 20;

/** Rows read at once. */
const most = 10_000;

/** Events whose resource is remembered. */
const maxRemembered = 100_000;

/** Finds the events of groups of resources. */
export class ResourceEvents {
  readonly #chunks: Chunks;
  readonly #kinds: Kinds;
  readonly #lookups: Lookups;
  readonly #read: StatementSync;
  /** The resource an event is about: its record must be unpacked to tell. */
  readonly #about = new Map<number, string | undefined>();

  constructor(parts: { database: DatabaseSync; chunks: Chunks; kinds: Kinds; lookups: Lookups }) {
    const read = 'SELECT e.id, e.time, e.kind FROM json_each(?) j CROSS JOIN events e ON e.id = j.value';
    this.#read = parts.database.prepare(read);
    // An object for each takes twice as long.
    this.#read.setReturnArrays(true);
    this.#chunks = parts.chunks;
    this.#kinds = parts.kinds;
    this.#lookups = parts.lookups;
  }

  /** Numbers of events may be given again. */
  forget(): void {
    this.#about.clear();
    this.#lookups.forget();
  }

  /** The events of each group. */
  find(groups: readonly ResourceGroup[]): ReadonlySet<number>[] {
    const named = this.#named(groups);
    const rows = new Rows(named.filter((_, index) => groups[index]?.outsideSince !== undefined));
    for (const ids of rows.portions()) rows.add(this.#read.all(ids));
    return groups.map((group, index) => {
      const events = named[index] ?? new Set();
      return group.outsideSince === undefined ? events : new Set([...events].filter(this.#isOutside(group, rows)));
    });
  }

  /** What happened to each group within `range`. */
  async activity(groups: readonly ResourceGroup[], range: Range, signal: AbortSignal): Promise<Activity[]> {
    let began = performance.now();
    const rest = async (): Promise<void> => {
      if (performance.now() - began < portion) return;
      await nextTurn();
      signal.throwIfAborted();
      began = performance.now();
    };
    const named = this.#named(groups);
    // Of all groups in one go: each page of the table is read once.
    const rows = new Rows(named);
    for (const ids of rows.portions()) {
      await rest();
      rows.add(this.#read.all(ids));
    }
    const result: Activity[] = [];
    for (const [index, group] of groups.entries()) {
      await rest();
      const isMeant = group.outsideSince === undefined ? () => true : this.#isOutside(group, rows);
      let [events, failures] = [0, 0];
      let last: number | undefined;
      let latest = -Infinity;
      for (const id of named[index] ?? []) {
        const row = rows.of(id);
        if (!row || !isIn(row.time, range) || !isMeant(id)) continue;
        events++;
        if (this.#kinds.get(row.kind).success === 'no') failures++;
        if (last !== undefined && (row.time < latest || (row.time === latest && id > last))) continue;
        [last, latest] = [id, row.time];
      }
      result.push({ events, failures, last: last === undefined ? undefined : this.#describe(last, rows) });
    }
    return result;
  }

  /** The events that name what is in each group. */
  #named(groups: readonly ResourceGroup[]): ReadonlySet<number>[] {
    const texts = [...new Set(groups.flatMap(({ resources }) => resources.flat()))];
    const found = this.#lookups.findAll('resource', texts);
    const events = new Map(texts.map((text, index) => [text, found[index] ?? []]));
    return groups.map(
      ({ resources }) => new Set(resources.flatMap((ids) => inAll(ids.map((id) => events.get(id) ?? [])))),
    );
  }

  #describe(id: number, rows: Rows): LastEvent | undefined {
    const row = rows.of(id);
    if (!row) return undefined;
    const { time } = row;
    const kind = this.#kinds.get(row.kind);
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

  /** Whether an event is a change of the group's own resources outside Terraform. */
  #isOutside({ resources, outsideSince = Infinity }: ResourceGroup, rows: Rows): (event: number) => boolean {
    const own = new Set(resources.flat());
    return (event) => {
      const row = rows.of(event);
      if (!row || row.time <= outsideSince) return false;
      const { method, action, success, user_agent: userAgent } = this.#kinds.get(row.kind);
      if (!isChangeOutside({ method, action, outcome: outcomeOf({ success }), userAgent })) return false;
      const about = this.#resourceOf(event);
      return about !== undefined && own.has(about);
    };
  }

  #resourceOf(event: number): string | undefined {
    if (!this.#about.has(event)) {
      if (this.#about.size >= maxRemembered) this.#about.clear();
      this.#about.set(event, resourceOf(this.#chunks.record(event)).primary);
    }
    return this.#about.get(event);
  }
}

/** Times and kinds of events, in little room: there may be as many as there are events. */
class Rows {
  readonly #ids: Float64Array;
  readonly #times: Float64Array;
  /** Counted from 1; 0 where the event is gone. */
  readonly #kinds: Int32Array;

  constructor(events: readonly ReadonlySet<number>[]) {
    const all = new Set<number>();
    for (const some of events) for (const event of some) all.add(event);
    this.#ids = Float64Array.from(all).sort();
    this.#times = new Float64Array(all.size);
    this.#kinds = new Int32Array(all.size);
  }

  /** The events as JSON, some at a time, in the order in which they are stored. */
  *portions(): Iterable<string> {
    for (let from = 0; from < this.#ids.length; from += most)
      yield JSON.stringify([...this.#ids.subarray(from, from + most)]);
  }

  add(rows: readonly unknown[]): void {
    for (const [id, time, kind] of rows as readonly (readonly [number, number, number])[]) {
      const at = this.#find(id);
      this.#times[at] = time;
      this.#kinds[at] = kind + 1;
    }
  }

  /** Undefined where the event is gone. */
  of(event: number): { readonly time: number; readonly kind: number } | undefined {
    const at = this.#find(event);
    const kind = this.#kinds[at] ?? 0;
    return kind === 0 ? undefined : { time: this.#times[at] ?? noTime, kind: kind - 1 };
  }

  #find(event: number): number {
    let from = 0;
    let to = this.#ids.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#ids[middle] ?? Infinity) < event) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function isIn(time: number, { from, to }: Range): boolean {
  return (time >= from && time < to) || time === noTime;
}

/** What all of the lists hold. */
function inAll(lists: readonly (readonly number[])[]): number[] {
  const [first = [], ...others] = lists;
  const sets = others.map((list) => new Set(list));
  return first.filter((event) => sets.every((set) => set.has(event)));
}

/** Says only that there was an action, not which. */
const vague = /(?:^|[-_ ])actions?(?:$|[-_ ])|^unknown$|^$/i;
