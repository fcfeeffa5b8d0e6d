import type { ActivityEvent } from '../../core/event/event';
import type { Message } from '../../core/base/message';

/** Events in the order in which they are to be written. */
export type Batches = AsyncIterable<readonly ActivityEvent[]>;

/** A file beside the target that lives as long as the export: what cannot be written in its final place yet. */
export interface Scratch {
  append(bytes: Uint8Array): Promise<void>;
  /** The bytes from `start` to before `end`; all of them by default. */
  read(start?: number, end?: number): AsyncIterable<Uint8Array>;
}

export interface WriteContext {
  /** Whether csv and tsv disarm texts that a spreadsheet would take for a formula. */
  readonly formulaGuard: boolean;
  /** The address that opens an event in the editor; undefined where there is none. */
  readonly link?: ((event: ActivityEvent) => string | undefined) | undefined;
  /** How much of the log the events can be at most, for formats with a head. */
  readonly note?: Message | undefined;
  readonly signal: AbortSignal;
  createScratch(): Promise<Scratch>;
}

/** Turns events into the bytes of a file. Holds a bounded part of them in memory and never works on for long without giving way. */
export type Writer = (batches: Batches, context: WriteContext) => AsyncIterable<Uint8Array>;
