import type { ActivityEvent } from '../core/event/event';
import type { Recorded } from './tape';
import { apiServer } from './stories/apiServer';
import { autoscaling } from './stories/autoscaling';
import { backups } from './stories/backups';
import { continuousIntegration } from './stories/continuousIntegration';
import { dataServices } from './stories/dataServices';
import { deployments } from './stories/deployments';
import { foundation } from './stories/foundation';
import { images } from './stories/images';
import { oddities } from './stories/oddities';
import { people } from './stories/people';
import { platform } from './stories/platform';
import { webServer } from './stories/webServer';

const stories = [
  foundation,
  platform,
  webServer,
  apiServer,
  autoscaling,
  continuousIntegration,
  backups,
  deployments,
  images,
  dataServices,
  people,
  oddities,
];

/**
 * The built-in sample: some 2,000 made-up events of the 30 days before `now` (UTC milliseconds), newest first.
 * The same `now` gives the same events; another `now` the same with other timestamps.
 */
export function sampleEvents(now: number): ActivityEvent[] {
  return dateEvents([...tellStories()].flat(), now);
}

/** The stories one by one: each takes a few milliseconds, all of them longer than an editor may be held up. */
export function* tellStories(): Generator<Recorded[]> {
  for (const story of stories) yield story().recorded;
}

/** The events of all stories, newest first, dated back from `now` (UTC milliseconds). */
export function dateEvents(recorded: readonly Recorded[], now: number): ActivityEvent[] {
  return recorded
    .toSorted((a, b) => a.ago - b.ago)
    .map(({ ago, event }) => ({ ...event, timestamp: rfc3339(now - ago * 1000) }));
}

/** Whole seconds, as the API writes them. */
function rfc3339(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
