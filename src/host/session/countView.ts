import type { Activity, Counts, DayCount, History, View } from '../../history/history';

/** Counts of a view, and what happened to each of the groups of resources that it is about. */
export type ViewCounts = Counts & { readonly groups?: readonly Activity[] | undefined };

/** Counts a view part by part; `onPart` is told what is counted so far. */
export async function countView(
  history: History,
  view: View,
  zone: 'local' | 'utc',
  onPart: (counts: Counts) => void,
  signal: AbortSignal,
): Promise<ViewCounts> {
  let { next, ...counts } = await history.countPart(view, zone, undefined, signal);
  while (next !== undefined) {
    onPart(counts);
    const part = await history.countPart(view, zone, next, signal);
    counts = addCounts(counts, part);
    ({ next } = part);
  }
  if (!view.resources) return counts;
  return { ...counts, groups: await history.activity(view.resources, view.range, signal) };
}

/** What two parts count together; the second is of older events. */
function addCounts(left: Counts, right: Counts): Counts {
  const days = new Map<string, DayCount>();
  for (const count of [...left.days, ...right.days]) {
    const key = `${count.day ?? ''} ${count.source}`;
    const { events = 0, failures = 0 } = days.get(key) ?? {};
    days.set(key, { ...count, events: count.events + events, failures: count.failures + failures });
  }
  return { days: [...days.values()], oldest: right.oldest ?? left.oldest, newest: left.newest ?? right.newest };
}
