import { documentedComponents } from '../../core/event';
import type { DayCount } from '../../history/history';
import type { ComponentNode, DayNode } from './nodes';

const documented: readonly string[] = documentedComponents;

/** Components in a fixed order, so that no row jumps while counts grow: the documented ones, others by name, none last. */
export function compareSources(left: string, right: string): number {
  return rank(left) - rank(right) || (left < right ? -1 : left > right ? 1 : 0);
}

/** The component rows of all events, or of one day. */
export function componentRows(counts: readonly DayCount[], day?: string): ComponentNode[] {
  const groups = sum(
    counts.filter((count) => day === undefined || dayKey(count) === day),
    (count) => count.source,
  );
  return [...groups]
    .sort(([left], [right]) => compareSources(left, right))
    .map(([source, total]) => ({
      kind: 'component',
      id: day === undefined ? componentId(source) : `d:${day}/${componentId(source)}`,
      source,
      day,
      ...total,
    }));
}

/** The day rows of all events, or of one component, newest first, unreadable timestamps last. */
export function dayRows(counts: readonly DayCount[], source?: string): DayNode[] {
  const groups = sum(
    counts.filter((count) => source === undefined || count.source === source),
    dayKey,
  );
  return [...groups]
    .sort(([left], [right]) => (left === 'none' ? 1 : right === 'none' ? -1 : left < right ? 1 : -1))
    .map(([day, total]) => ({
      kind: 'day',
      id: source === undefined ? `d:${day}` : `${componentId(source)}/d:${day}`,
      day,
      source,
      ...total,
    }));
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
