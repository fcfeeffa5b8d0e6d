import type { EventSummary } from '../../core/event/event';
import type { FieldChange } from '../../core/event/fieldChanges';
import type { Message } from '../../core/base/message';
import type { Presence } from '../../core/time/missing';
import type { Range } from '../../core/time/range';
import type { ResourceGroup } from '../../history/history';

/** A row of the tree, without its looks. `id` stays the same for the same thing across refreshes and reloads. */
export type Node = BlockNode | ComponentNode | DayNode | HourNode | EventNode | MoreNode | GapNode | GapsNode;

/** A row that events are counted for. */
export type GroupNode = BlockNode | ComponentNode | DayNode | HourNode;

interface Counted {
  readonly id: string;
  readonly events: number;
  readonly failures: number;
  /** How much of its time is there. */
  readonly presence: Presence;
}

export interface ComponentNode extends Counted {
  readonly kind: 'component';
  /** As the API gives it; '' = events that name none. */
  readonly source: string;
  /** The day it stands under, when grouped by day first; 'none' for unreadable timestamps. */
  readonly day: string | undefined;
  readonly parent: DayNode | undefined;
}

export interface DayNode extends Counted {
  readonly kind: 'day';
  /** `yyyy-MM-dd`, or 'none' for unreadable timestamps. */
  readonly day: string;
  /** The component it stands under, when grouped by component first. */
  readonly source: string | undefined;
  readonly parent: ComponentNode | undefined;
}

/** An hour of a day too full to list. */
export interface HourNode extends Counted {
  readonly kind: 'hour';
  /** As clocks show its beginning. */
  readonly label: string;
  readonly range: Range;
  readonly source: string;
  readonly day: string;
  readonly parent: ComponentNode | DayNode;
}

/** A block of code, where events are listed by the code they belong to. */
export interface BlockNode extends Counted {
  readonly kind: 'block';
  readonly name: string;
  /** Its resources, as the chosen code has them. */
  readonly groups: readonly ResourceGroup[];
  readonly source: undefined;
  readonly day: undefined;
  readonly parent: undefined;
}

export interface EventNode {
  readonly kind: 'event';
  readonly id: string;
  readonly summary: EventSummary;
  /** What it changed; in lists of blocks only. */
  readonly changes?: readonly FieldChange[];
  /** The row of the list it stands in. */
  readonly parent: GroupNode;
}

export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly rest: number;
  /** The row whose list goes on. */
  readonly parent: GroupNode;
}

/** Times that are missing. */
export interface GapNode {
  readonly kind: 'gap';
  readonly id: string;
  /** The components it is about; none = all of them. */
  readonly streams: readonly string[];
  readonly range: Range;
  readonly reason: Message;
  readonly parent: GapsNode | undefined;
}

/** Holds the gaps where there are too many for the top of the tree. */
export interface GapsNode {
  readonly kind: 'gaps';
  readonly id: string;
  readonly gaps: readonly Omit<GapNode, 'parent'>[];
}
