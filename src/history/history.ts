import type { MessagePort } from 'node:worker_threads';
import type { ActivityEvent, EventSummary } from '../core/event/event';
import type { Body, BodyOptions, BodyPart, BodyUpTo } from '../core/event/body';
import type { FieldChange } from '../core/event/fieldChanges';
import type { EventStory } from '../core/narrative/eventStory';
import type { Zone } from '../core/time/days';
import type { Range } from '../core/time/range';
import type { Requester } from '../core/openstack/requester';
import type { Search } from '../core/search/search';
import type { HistoryLocation, HistoryOpened } from '../protocol/history';
import type { Baseline, Comparison, FirstBody, PanelEvent, Related, Timeline } from '../protocol/panel';
import type { Batch } from './store/batch';

/** Which events a question is about. Events whose timestamp cannot be read belong to every range. */
export interface View {
  readonly range: Range;
  readonly search?: Search | undefined;
  /** Only events that name this resource. */
  readonly resourceId?: string | undefined;
  /** Only events of at least one of these groups. */
  readonly resources?: readonly ResourceGroup[] | undefined;
}

/** Resources that belong together, as those of one block of code do: the events that name any of them. */
export interface ResourceGroup {
  /** The ids of each: it is named by events that name all of them. */
  readonly resources: readonly (readonly string[])[];
  /**
   * Only what was changed outside Terraform later than this (UTC milliseconds): calls about the resources themselves that did
   * not fail, made by another program as far as its user agent tells.
   */
  readonly outsideSince?: number | undefined;
}

/** What happened to a group of resources within some times. */
export interface Activity {
  readonly events: number;
  readonly failures: number;
  readonly last: LastEvent | undefined;
}

/** The last event in short. Where `action` only says that there was one (`vm-action`), it is the action itself (`resize`). */
export type LastEvent = Pick<
  EventSummary,
  'time' | 'source' | 'action' | 'outcome' | 'method' | 'userEmail' | 'userId' | 'userAgent'
>;

/** How many events one component has on one day. */
export interface DayCount {
  readonly source: string;
  /** `yyyy-MM-dd` in the asked zone; undefined for unreadable timestamps. */
  readonly day: string | undefined;
  readonly events: number;
  readonly failures: number;
}

export interface Counts {
  readonly days: readonly DayCount[];
  /** UTC milliseconds of the oldest and newest event with a readable time. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
}

/** Counts of the newest events of a view. */
export interface CountsPart extends Counts {
  /** Where counting goes on; undefined when all is counted. */
  readonly next: Cursor | undefined;
}

/** How many events happened in one quarter of an hour. */
export interface QuarterCount {
  /** UTC milliseconds of its beginning. */
  readonly time: number;
  readonly events: number;
  readonly failures: number;
}

/** Where the next page of a list begins. Opaque, JSON-safe. */
export type Cursor = string;

export interface ListQuery {
  readonly view: View;
  /** Only this component ('' = events that name none). */
  readonly source?: string | undefined;
  /** Only these times; 'none' = only events with an unreadable timestamp. */
  readonly within?: Range | 'none' | undefined;
  readonly after?: Cursor | undefined;
  readonly limit: number;
}

export interface List<T> {
  readonly items: readonly T[];
  /** Undefined at the end. */
  readonly next: Cursor | undefined;
}

/** Events before and after one. */
export interface Neighbours {
  readonly previous: readonly EventSummary[];
  readonly next: readonly EventSummary[];
}

/** How texts of events are shown. */
export interface Shown {
  /** Whether secrets are masked. */
  readonly redact: boolean;
  readonly zone: Zone;
}

/** What a panel asks of an event. */
export interface PanelQuestion {
  readonly key: string;
  /** The resource in focus; undefined: the one the event is about. */
  readonly focused?: string | undefined;
  /** The body that is seen first: it comes along where it is small. */
  readonly first?: { readonly part: BodyPart; readonly pretty: boolean } | undefined;
  readonly shown: Shown;
}

/** All that a panel shows of an event at first, but for what the code of the workspace calls its resource. */
export interface PanelAnswer {
  readonly event: PanelEvent;
  readonly first: FirstBody | undefined;
}

/** Two bodies to be made comparable. */
export interface CompareQuestion {
  readonly key: string;
  readonly baseline: Baseline;
  /** Undefined: chosen, for a picked event as by {@link History.comparedPart}. For the baseline `parts` it does not matter. */
  readonly part?: BodyPart | undefined;
  readonly shown: Shown;
  /** Of a longer body (UTF-16 units) there is only its length. */
  readonly longest: number;
}

/** In UTF-16 units: of a body longer than `longest` there is only its length, of one longer than `beginning` that. */
export interface BodyLimits {
  readonly longest: number;
  readonly beginning: number;
}

/** The stored events of one connection, newest first. All work happens off this thread. */
export interface History {
  /**
   * Stores a batch of a page (taken over, not copied) and the times of `stream` that are complete with it, in one transaction.
   * Returns how many events were new. Pages of one `chain` follow one another: events of a second that two of them share stay
   * in the server's order.
   */
  store(batch: Batch, stream: string, complete: Range | undefined, chain?: number): Promise<number>;
  /**
   * Whose requests bring the pages that are stored from now on, and who {@link coverage} is for. Undefined, as at first: that
   * is not known.
   */
  setRequester(requester: Requester | undefined): Promise<void>;
  /**
   * The times of `stream` that are completely stored as far as the requester may see, sorted and disjoint. Stream '' = all
   * components. Where it is not known who that is, and with `byAnyone`, all that anybody loaded counts.
   */
  coverage(stream: string, byAnyone?: boolean): Promise<readonly Range[]>;
  /** What was received after the event with the number `after`; the oldest within `range` of it. */
  arrivals(after: number, range: Range): Promise<Arrivals>;
  /**
   * Where times later than `now` count as complete, that was claimed while the clock was ahead, nobody knows since when:
   * nothing from the newest stored event on counts any more.
   */
  forgetFuture(now: number): Promise<void>;
  /** Makes this window the one that loads, or returns the claim of another that does; see claim.ts for these three. */
  acquireLease(expired: string | undefined): Promise<string | undefined>;
  renewLease(): Promise<boolean>;
  releaseLease(): Promise<void>;

  counts(view: View, zone: 'local' | 'utc', signal: AbortSignal): Promise<Counts>;
  /** Like {@link counts}, of what can be counted in a fraction of a second, newest first, from `after` on. */
  countPart(view: View, zone: 'local' | 'utc', after: Cursor | undefined, signal: AbortSignal): Promise<CountsPart>;
  /**
   * Events per quarter of an hour, newest first, of one component within some times: the hours of every time zone are
   * made of whole ones.
   */
  quarters(view: View, source: string, within: Range, signal: AbortSignal): Promise<readonly QuarterCount[]>;
  list(query: ListQuery, signal: AbortSignal): Promise<List<EventSummary>>;
  /** Whole records as received, for exports; same order as {@link list}. */
  records(query: ListQuery, options: { readonly redact: boolean }, signal: AbortSignal): Promise<List<ActivityEvent>>;
  /** What happened to each of the groups, in their order; all of them are looked up at once. */
  activity(groups: readonly ResourceGroup[], range: Range, signal: AbortSignal): Promise<readonly Activity[]>;
  /** What the request of an event changed, as far as earlier events of the resource tell; nothing where there is no such event. */
  changes(key: string): Promise<readonly FieldChange[]>;
  /** With `redact` its texts are for showing: secrets are masked, those too that only a body tells. */
  summary(key: string, redact?: boolean): Promise<EventSummary | undefined>;
  event(key: string): Promise<{ readonly summary: EventSummary; readonly record: ActivityEvent } | undefined>;
  /** The event in words. Undefined where there is no such event. */
  story(key: string): Promise<EventStory | undefined>;
  /** A body made ready for reading: pretty, secrets masked unless told otherwise. Undefined where there is no such event. */
  body(key: string, part: BodyPart, options: BodyOptions): Promise<Body | undefined>;
  /** Like {@link body}, but of a body of more than `longest` UTF-16 units only its length. */
  bodyUpTo(key: string, part: BodyPart, options: BodyOptions, longest: number): Promise<BodyUpTo | undefined>;
  /** Like {@link bodyUpTo}, but of a long body only the beginning; asking for the whole next takes no second work. */
  bodyBeginning(key: string, part: BodyPart, options: BodyOptions, limits: BodyLimits): Promise<BodyUpTo | undefined>;
  /** A text that is no event's, the answer of a service, made ready like a body. */
  presentText(text: string, options: BodyOptions): Promise<string>;
  /** The secret that `body` with the same options masked as `secrets[index]`. */
  reveal(key: string, part: BodyPart, options: BodyOptions, index: number): Promise<string | undefined>;
  /**
   * The neighbours of an event among the events that name a resource, across components, the nearest first.
   * `resourceId` undefined: the resource the event is about.
   */
  neighbours(key: string, resourceId: string | undefined, limit: number): Promise<Neighbours>;
  /** Undefined where there is no such event. Where the first body is large, its beginning is made ready for who asks next. */
  panelEvent(question: PanelQuestion): Promise<PanelAnswer | undefined>;
  /** The events around one in the life of a resource. @throws UserError where there is no such event, as the next three do */
  timeline(key: string, resourceId: string, shown: Shown, signal: AbortSignal): Promise<Timeline>;
  /** The events that belong together with one, beyond its resource, and the resources that it names. */
  related(key: string, shown: Shown, signal: AbortSignal): Promise<Related>;
  compare(question: CompareQuestion, signal: AbortSignal): Promise<Comparison>;
  /** What two events are compared by: what was sent where either sent something, else what came back, else the records. */
  comparedPart(left: string, right: string): Promise<BodyPart>;
  /** Field names received beyond the documented ones; they can be searched too. */
  extraFields(): Promise<readonly string[]>;

  /** Small metadata about the connection that live with its history ('streams' -> 'per-component', ...). */
  metadata(name: string): Promise<string | undefined>;
  setMetadata(name: string, value: string): Promise<void>;

  /** Deletes events older than `time` in small steps, until closed, and forgets that they were loaded; returns how many went. */
  trim(time: number): Promise<number>;
  /** Bytes on disk. */
  size(): Promise<number>;
  /** Deletes all events and frees the disk. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** What the worker offers: a history that is opened first. @throws UserError when a newer version wrote the file */
export interface OpenableHistory extends History {
  open(location: HistoryLocation): Promise<HistoryOpened>;
  /** Offers the {@link LoaderHistory} at the other end of `port` until that is closed. */
  serveLoader(port: MessagePort): Promise<void>;
}

/** What a loader needs of a history; it runs in another thread. */
export const loaderMethods = [
  'store',
  'coverage',
  'forgetFuture',
  'acquireLease',
  'renewLease',
  'releaseLease',
  'counts',
  'metadata',
  'setMetadata',
] as const satisfies readonly (keyof History)[];

export type LoaderHistory = Pick<History, (typeof loaderMethods)[number]>;

/** Events may arrive late: the last minutes never count as complete, so that every load asks for them again. */
export const settlingTime = 120_000;

/** What was received after some event. */
export interface Arrivals {
  /** The number of the last event received; 0 where there is none. Numbers rise in the order of receipt. */
  readonly last: number;
  /** UTC milliseconds of the oldest of them within the range. */
  readonly oldest: number | undefined;
}
