import type { Agent } from '../core/event/agent';
import type { BodyPart, BodyUpTo } from '../core/event/body';
import type { Outcome } from '../core/event/event';
import type { Message } from '../core/base/message';
import type { NamedResource } from '../core/event/namedResources';
import type { HeaderField } from './headerFields';
import type { ActionId, MenuCommand } from './panelActions';

export const panelTabs = ['request', 'response', 'changes', 'raw'] as const;

export type PanelTab = (typeof panelTabs)[number];

export const bodyParts: readonly BodyPart[] = ['request', 'response', 'event'];

/** The body that a tab shows; undefined where it shows none. */
export function bodyOf(tab: PanelTab): BodyPart | undefined {
  return tab === 'changes' ? undefined : tab === 'raw' ? 'event' : tab;
}

/** In UTF-16 units: longer bodies open as documents; of one longer than `beginning` the page gets that first. */
export const bodyLimits = { longest: 16_000_000, beginning: 100_000 } as const;

/** What an event's body is compared with. `parts`: its own request (left) against its response (right). */
export type Baseline =
  { readonly type: 'previous' } | { readonly type: 'parts' } | { readonly type: 'event'; readonly key: string };

/** Another event, as far as the page names it. */
export interface Neighbour {
  readonly key: string;
  readonly action: string;
  readonly outcome: Outcome;
  /** `yyyy-MM-dd HH:mm:ss` in the chosen zone; the timestamp as received where it cannot be read. */
  readonly moment: string;
  /** UTC milliseconds. */
  readonly time: number | undefined;
}

/** An event in the life of a resource, or beside it. */
export interface TimelineEvent extends Neighbour {
  readonly source: string;
  /** '' where the record names none. */
  readonly user: string;
}

/** A window of the life of a resource. */
export interface Timeline {
  /** Oldest first. */
  readonly events: readonly TimelineEvent[];
  /** Whether there are stored events before and after these. */
  readonly earlier: boolean;
  readonly later: boolean;
  /** How many stored events name the resource. */
  readonly total: number;
}

/**
 * Other events that belong to one: of the same request; of the same user at that time; the same call tried again after
 * a failure.
 */
export interface RelatedGroup {
  readonly kind: 'request' | 'user' | 'retry';
  readonly events: readonly TimelineEvent[];
  /** More than `events` where there are too many to show. */
  readonly total: number;
}

/** A resource that the event names, with its address where a Terraform state of the workspace knows one. */
export type PanelResource = NamedResource & { readonly address?: string | undefined };

export interface Related {
  /** Only those that have events. */
  readonly groups: readonly RelatedGroup[];
  readonly resources: readonly PanelResource[];
}

/** The event in the panel, without its bodies. */
export interface PanelEvent extends Neighbour {
  /** Texts as received, secrets masked, cut to a length fit for a header; '' where the record has none. */
  readonly fields: Readonly<Record<HeaderField, string>>;
  /** The zone `moment` is in: "UTC", "UTC+03:00". */
  readonly zone: string;
  readonly agent: Agent;
  /** The resource whose life is shown: the one the event is about, or another one that it names. */
  readonly resourceId: string | undefined;
  /** What a Terraform state of the workspace calls that resource: `vkcs_compute_instance.web[0]`. */
  readonly address?: string | undefined;
  /** What was asked for, and whether it was done, in one sentence. */
  readonly sentence: Message;
  /** What the service says went wrong: its own words, in one line. */
  readonly failure: string | undefined;
  /** The neighbours among the stored events of that resource. */
  readonly previous: Neighbour | undefined;
  readonly next: Neighbour | undefined;
}

/** A body that comes along with its event, so that the page need not ask for it. */
export interface FirstBody {
  readonly part: BodyPart;
  readonly pretty: boolean;
  readonly body: PanelBody;
}

/** All the page needs to draw itself, but for the bodies. */
export interface PanelState {
  /** Rises when bodies may have changed: what was asked for before is out of date. */
  readonly version: number;
  /** The connection that the event belongs to. */
  readonly connection: string;
  readonly key: string;
  /** Undefined while there is nothing to show; `notice` says why. */
  readonly event: PanelEvent | undefined;
  readonly notice: Message | undefined;
  /** What to open at once, when the command asked for it. */
  readonly show: { readonly tab: PanelTab; readonly baseline?: Baseline | undefined } | undefined;
  /** What the open tab shows, where that is small; once. */
  readonly first?: FirstBody | undefined;
}

/** A body fit for the page; larger ones open as documents. */
export type PanelBody = BodyUpTo;

/** An event that another is compared with. */
export interface ComparedEvent extends Neighbour {
  /** '' where the record names none. */
  readonly user: string;
}

/** Two bodies: keys sorted, JSON in strings opened. */
export interface Comparison {
  readonly part: BodyPart;
  /** Undefined where there is no baseline. */
  readonly left: PanelBody | undefined;
  readonly right: PanelBody;
  /** A number for each mask of either side: equal ones hide equal secrets. Empty where one side has none. */
  readonly masked: { readonly left: readonly number[]; readonly right: readonly number[] };
  /** Where `left` comes from; undefined for `parts`, and where no event was found. */
  readonly baseline: ComparedEvent | undefined;
  /** Earlier events of the resource that were passed over because they carry no such body. */
  readonly skipped: number;
  /** Not all times between both events are loaded: `previous` may not be the previous one. */
  readonly gap: boolean;
}

/** How bodies and changes are shown: chosen by the user, kept for all events and windows. */
export interface PanelOptions {
  readonly pretty: boolean;
  readonly wrap: boolean;
  readonly layout: DiffLayout;
  /** Whether unchanged stretches are unfolded. */
  readonly unchanged: boolean;
  /** Whether elements of lists are matched by id or name, not by their place. */
  readonly match: boolean;
}

/** What a new page begins with. */
export interface PanelStart {
  readonly panel: PanelState | undefined;
  /** What the page was like when it was left. */
  readonly memory: PanelMemory | undefined;
  readonly options: PanelOptions;
  /** BCP 47. */
  readonly language: string;
  /** English template -> translation. */
  readonly bundle: Readonly<Record<string, string>>;
}

/** What the page asks of the host. `key` names the event the page shows, in case the host has moved on. */
export interface PanelHost {
  /** Asked first by every new page. */
  ready(): Promise<PanelStart>;
  /** Keeps what the next page of this panel starts with. */
  remember(memory: PanelMemory): void;
  /** Keeps what every new page starts with. */
  rememberOptions(options: PanelOptions): void;
  /** Of a long body the beginning, which is there much sooner, unless `whole`. */
  body(key: string, part: BodyPart, pretty: boolean, whole: boolean, signal: AbortSignal): Promise<PanelBody>;
  /** The text behind one mask of the body asked for with the same arguments. */
  reveal(key: string, part: BodyPart, pretty: boolean, index: number): Promise<string>;
  /** `part` undefined: the request where it has a body, else the response. For `parts` it does not matter. */
  compare(key: string, baseline: Baseline, part: BodyPart | undefined, signal: AbortSignal): Promise<Comparison>;
  /** Lets the user pick an event to compare with: its key; undefined when nothing was picked. */
  pickBaseline(key: string): Promise<string | undefined>;
  /** The events around `key` in the life of a resource. */
  timeline(key: string, resourceId: string, signal: AbortSignal): Promise<Timeline>;
  related(key: string, signal: AbortSignal): Promise<Related>;
  /** Shows another event in this panel, or in one beside it. */
  openEvent(key: string, aside: boolean): Promise<void>;
  /** Shows the life of another resource that the event names. */
  walk(resourceId: string): Promise<void>;
  /** The event shown before, or after going back. */
  go(direction: 'back' | 'forward'): Promise<void>;
  /** Does what has a command, too. Whatever comes from the page is checked: see readArgument. */
  run(id: ActionId, argument: unknown): Promise<void>;
}

/** What the host asks of the page. */
export interface PanelPage {
  show(state: PanelState): void;
  /** Does what was chosen in the context menu, at the place it was opened on. */
  runMenu(command: MenuCommand): void;
}

/** What is kept of the page while it is hidden and over a reload of the window. */
export interface PanelMemory {
  readonly connection: string;
  readonly key: string;
  /** The resource in focus, where it is not the one the event is about; known to the host. */
  readonly focused?: string | undefined;
  readonly tab: PanelTab;
  readonly baseline: Baseline;
  readonly part: BodyPart | undefined;
}

/** `auto`: side by side where there is room. */
type DiffLayout = 'auto' | 'split' | 'unified';

/** Reads a {@link PanelMemory} written by any version of the page; undefined where it names no event. */
export function readMemory(value: unknown): PanelMemory | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const memory = value as Partial<Record<keyof PanelMemory, unknown>>;
  if (typeof memory.key !== 'string' || typeof memory.connection !== 'string') return undefined;
  return {
    connection: memory.connection,
    key: memory.key,
    focused: typeof memory.focused === 'string' ? memory.focused : undefined,
    tab: panelTabs.find((tab) => tab === memory.tab) ?? 'request',
    baseline: readBaseline(memory.baseline),
    part: bodyParts.find((part) => part === memory.part),
  };
}

/** Reads {@link PanelOptions} written by any version of the page. */
export function readOptions(value: unknown): PanelOptions {
  const options = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof PanelOptions, unknown>
  >;
  return {
    pretty: options.pretty !== false,
    wrap: options.wrap !== false,
    layout: options.layout === 'split' || options.layout === 'unified' ? options.layout : 'auto',
    unchanged: options.unchanged === true,
    match: options.match !== false,
  };
}

function readBaseline(value: unknown): Baseline {
  const { type, key } = (value ?? {}) as { readonly type?: unknown; readonly key?: unknown };
  if (type === 'parts') return { type };
  return type === 'event' && typeof key === 'string' ? { type, key } : { type: 'previous' };
}
