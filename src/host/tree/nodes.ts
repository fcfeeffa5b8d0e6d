import type { EventSummary } from '../../core/event';
import type { Gap } from '../../history/loader';

/** A row of the tree, without its looks. `id` stays the same for the same thing across refreshes and reloads. */
export type Node = ComponentNode | DayNode | EventNode | MoreNode | GapNode;

interface Counted {
  readonly id: string;
  readonly events: number;
  readonly failures: number;
}

export interface ComponentNode extends Counted {
  readonly kind: 'component';
  /** As the API gives it; '' = events that name none. */
  readonly source: string;
  /** The day it stands under, when grouped by day first; 'none' for unreadable timestamps. */
  readonly day: string | undefined;
}

export interface DayNode extends Counted {
  readonly kind: 'day';
  /** `yyyy-MM-dd`, or 'none' for unreadable timestamps. */
  readonly day: string;
  /** The component it stands under, when grouped by component first. */
  readonly source: string | undefined;
}

export interface EventNode {
  readonly kind: 'event';
  readonly id: string;
  readonly summary: EventSummary;
  /** The row of the list it stands in. */
  readonly parent: ComponentNode | DayNode;
}

export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly rest: number;
  /** The row whose list goes on. */
  readonly parent: ComponentNode | DayNode;
}

export interface GapNode {
  readonly kind: 'gap';
  readonly id: string;
  readonly gap: Gap;
}
