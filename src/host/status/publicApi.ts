import type { ActivityEvent } from '../../core/event/event';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { inclusiveRange } from '../../core/time/range';
import { readTime } from '../../core/time/time';
import type { Visibility } from '../../core/openstack/visibility';
import type { View } from '../../history/history';
import { parseFilter } from '../session/parseFilter';
import type { Session } from '../session/session';
import { toOutward, translate } from '../ui/translate';
import { visibleTo } from '../session/visibleTo';

/** A query of {@link ActivityLogApi.events}; what is left out is as in the current view. */
interface EventQuery {
  /** In the search language; '' = no filter. */
  readonly filter?: string;
  /** RFC 3339, or a Date, or UTC milliseconds; inclusive. */
  readonly from?: string | number | Date;
  /** Like `from`; inclusive to the second. */
  readonly to?: string | number | Date;
  /** How many events at most; all where left out. */
  readonly limit?: number;
  /** False gives secrets as received; they are masked otherwise. */
  readonly redact?: boolean;
}

/** A time range in RFC 3339, UTC. `to` is exclusive. */
interface ApiRange {
  readonly from: string;
  readonly to: string;
}

/** What the current view is and how much of it is there. */
export interface ActivityLogState {
  readonly connection: { readonly name: string; readonly kind: 'http' | 'sample' | 'file' } | undefined;
  readonly range: ApiRange;
  /** The filter in the search language; '' = none. */
  readonly filter: string;
  /** Only events that name this resource are shown. */
  readonly resource: string | undefined;
  /** Only events of this code are shown: the address of a block, the name of a file. */
  readonly code: string | undefined;
  /** Events in the range that the filter lets through. */
  readonly loaded: number;
  /** Whether all of the range is proven to be loaded: there are no `gaps`. */
  readonly complete: boolean;
  /** What of the range is not loaded, or not yet, and why; newest first. '' = all components. */
  readonly gaps: readonly { readonly component: string; readonly range: ApiRange; readonly reason: string }[];
  /**
   * How much of the project's log the user may see whom the view is complete for. The API answers with what the user's roles
   * show and does not say that there is more. A saved log and the sample are `all` that they hold.
   */
  readonly visibility: Visibility;
  /** The names of that user's roles, where they are known. */
  readonly roles?: readonly string[];
}

/** What the activated extension exports to other extensions. */
export interface ActivityLogApi {
  readonly version: 1;
  /**
   * The events of the current view, newest first, each a record exactly as received.
   * @throws an Error with the text that people get
   */
  events(query?: EventQuery): Promise<ActivityEvent[]>;
  state(): ActivityLogState;
}

/** Few enough that taking over a page of large bodies holds nobody up. */
const pageSize = 200;

export function createPublicApi(session: Session): ActivityLogApi {
  return {
    version: 1,
    async events(query = {}) {
      try {
        return await readEvents(session, query);
      } catch (error) {
        throw toOutward(error);
      }
    },
    state() {
      const { choice, complete, connection, counts, missing, range, requester } = session;
      return {
        connection: connection && { name: connection.name, kind: connection.kind },
        range: apiRange(range),
        filter: choice.query,
        resource: choice.resourceId,
        code: choice.code?.name,
        loaded: counts.days.reduce((sum, day) => sum + day.events, 0),
        complete,
        gaps: missing.map(({ stream, range, reason }) => ({
          component: stream,
          range: apiRange(range),
          reason: translate(reason),
        })),
        visibility: visibleTo(session),
        ...(requester && { roles: requester.roles }),
      };
    },
  };
}

async function readEvents(session: Session, query: EventQuery): Promise<ActivityEvent[]> {
  const history = await session.requireHistory();
  const view = await viewOf(session, query);
  const limit = query.limit ?? Infinity;
  const events: ActivityEvent[] = [];
  let after: string | undefined;
  while (events.length < limit) {
    const page = await history.records(
      { view, after, limit: Math.min(pageSize, limit - events.length) },
      { redact: query.redact ?? true },
      new AbortController().signal,
    );
    events.push(...page.items);
    after = page.next;
    if (after === undefined) break;
  }
  return events;
}

async function viewOf(session: Session, query: EventQuery): Promise<View> {
  const { view } = session;
  const from = query.from === undefined ? view.range.from : moment('from', query.from);
  const to = query.to === undefined ? view.range.to : inclusiveRange(from, moment('to', query.to)).to;
  const search =
    query.filter === undefined ? view.search : await parseFilter(query.filter, await session.requireHistory());
  return { ...view, range: { from, to }, search };
}

function moment(name: string, value: string | number | Date): number {
  const time = typeof value === 'string' ? readTime(value) : Number(value);
  if (time !== undefined && Number.isFinite(time)) return time;
  throw new UserError(message('"{0}" must be a time as in RFC 3339, for example 2021-07-16T13:13:20Z.', name));
}

function apiRange(range: { readonly from: number; readonly to: number }): ApiRange {
  return { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
}
