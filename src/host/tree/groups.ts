import { dayRange, type Zone } from '../../core/time/days';
import { hoursOf } from '../../core/time/hours';
import { presenceOf, reachedRange, type Missing, type Presence } from '../../core/time/missing';
import { documentedComponents } from '../../core/event/event';
import type { Range } from '../../core/time/range';
import type { Activity, DayCount, QuarterCount } from '../../history/history';
import type { CodeBlock } from '../session/choices';
import type { BlockNode, ComponentNode, DayNode, HourNode } from './nodes';

/** What the rows are made of. */
export interface Totals {
  readonly days: readonly DayCount[];
  /** The chosen range, and what of it is missing. */
  readonly range: Range;
  readonly missing: readonly Missing[];
  readonly loading: boolean;
  readonly zone: Zone;
}

const documented: readonly string[] = documentedComponents;

/** Components in a fixed order, so that no row jumps while counts grow: the documented ones, others by name, none last. */
function compareSources(left: string, right: string): number {
  return rank(left) - rank(right) || (left < right ? -1 : left > right ? 1 : 0);
}

/** The component rows of all events, or of one day. */
export function componentRows(totals: Totals, parent?: DayNode): ComponentNode[] {
  const day = parent?.day;
  const counts = day === undefined ? totals.days : totals.days.filter((count) => dayKey(count) === day);
  return [...sum(counts, (count) => count.source)]
    .sort(([left], [right]) => compareSources(left, right))
    .map(([source, total]) => ({
      kind: 'component',
      id: day === undefined ? componentId(source) : `d:${day}/${componentId(source)}`,
      source,
      day,
      parent,
      presence: presence(totals, source, spanOf(day, totals.zone)),
      ...total,
    }));
}

/** The rows of blocks that have events, as their groups were counted. */
export function blockRows(
  blocks: readonly CodeBlock[],
  counted: readonly Activity[],
  incomplete: boolean,
): BlockNode[] {
  let next = 0;
  return blocks.flatMap(({ name, groups }, index) => {
    const own = counted.slice(next, (next += groups.length));
    const events = own.reduce((sum, activity) => sum + activity.events, 0);
    const failures = own.reduce((sum, activity) => sum + activity.failures, 0);
    const presence = { parts: undefined, incomplete };
    const none = { source: undefined, day: undefined, parent: undefined };
    return events === 0
      ? []
      : [{ kind: 'block', id: `b:${index}:${name}`, name, groups, events, failures, presence, ...none }];
  });
}

/** The day rows of all events, or of one component, newest first, unreadable timestamps last. */
export function dayRows(totals: Totals, parent?: ComponentNode): DayNode[] {
  const source = parent?.source;
  const counts = source === undefined ? totals.days : totals.days.filter((count) => count.source === source);
  return [...sum(counts, dayKey)]
    .sort(([left], [right]) => (left === 'none' ? 1 : right === 'none' ? -1 : left < right ? 1 : -1))
    .map(([day, total]) => ({
      kind: 'day',
      id: source === undefined ? `d:${day}` : `${componentId(source)}/d:${day}`,
      day,
      source,
      parent,
      presence: presence(totals, source, spanOf(day, totals.zone)),
      ...total,
    }));
}

/** The hour rows of a full day that have events, newest first. */
export function hourRows(
  totals: Totals,
  parent: ComponentNode | DayNode,
  place: { readonly source: string; readonly day: string },
  quarters: readonly QuarterCount[],
): HourNode[] {
  return hoursOf(place.day, totals.zone).flatMap(({ label, from, to }) => {
    const inside = quarters.filter(({ time }) => time >= from && time < to);
    if (inside.length === 0) return [];
    const range = { from, to };
    const total = { events: 0, failures: 0 };
    for (const { events, failures } of inside) {
      total.events += events;
      total.failures += failures;
    }
    const id = `${parent.id}/h:${from}`;
    return {
      kind: 'hour',
      id,
      label,
      range,
      parent,
      presence: presence(totals, place.source, range),
      ...place,
      ...total,
    };
  });
}

/** Of one component, or of all (undefined). */
function presence({ range, missing, loading }: Totals, source: string | undefined, span: Range | undefined): Presence {
  const ranges = missing
    .filter(({ stream }) => source === undefined || stream === '' || stream === source)
    .map((part) => part.range);
  return presenceOf(span, loading ? reachedRange(range, ranges) : range, ranges);
}

function spanOf(day: string | undefined, zone: Zone): Range | undefined {
  return day === undefined || day === 'none' ? undefined : dayRange(day, zone);
}

/** No component may look like the day of another, whatever its name. */
function componentId(source: string): string {
  return `c:${source.replaceAll('/', '//')}`;
}

function dayKey(count: DayCount): string {
  return count.day ?? 'none';
}

function rank(source: string): number {
  if (source === '') return documented.length + 1;
  const index = documented.indexOf(source);
  return index < 0 ? documented.length : index;
}

function sum(counts: readonly DayCount[], key: (count: DayCount) => string) {
  const groups = new Map<string, { events: number; failures: number }>();
  for (const count of counts) {
    const total = groups.get(key(count)) ?? { events: 0, failures: 0 };
    total.events += count.events;
    total.failures += count.failures;
    groups.set(key(count), total);
  }
  return groups;
}
