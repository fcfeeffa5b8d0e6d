import type { Message } from '../core/base/message';

/** What the worker is told when it starts. */
export interface HistoryLocation {
  /** Full path of the database file; its folder is made when it is missing. `:memory:` keeps nothing. */
  readonly file: string;
}

/** How opening went. */
export interface HistoryOpened {
  /** What a person should know: a damaged file was set aside, nothing can be written there. */
  readonly notices: readonly Message[];
  /** Whether this history is gone when it is closed. */
  readonly inMemory: boolean;
}

/** What the worker tells by itself. */
export interface HistoryListener {
  /**
   * Stored events are gone, because the file was damaged, in this window or another one: they are to be loaded again.
   * `notice` is for a person.
   */
  lost(notice: Message | undefined): void;
}
