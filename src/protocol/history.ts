import type { Message } from '../core/message';

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
