import type { Disposable } from '../../core/base/lifecycle';
import type { Message } from '../../core/base/message';
import type { StreamCoverage } from '../../core/time/missing';
import type { Range } from '../../core/time/range';
import type { Requester } from '../../core/openstack/requester';
import type { History } from '../../history/history';
import type { Connection } from '../connections/connections';
import type { Load } from './loading';

/** What is proven to be there. */
export interface Covered {
  /** Each stream that the connection is loaded in. */
  readonly streams: readonly StreamCoverage[];
  /** The key of whom it is complete for. */
  readonly requester: string;
}

type LoadRest = Parameters<Load> extends [unknown, ...infer Rest] ? Rest : never;

/** A connection with its history and its source open. */
export interface Opened extends Disposable {
  readonly history: History;
  /** Loads what is missing of a range, and the times `again` in any case; what they leave out is as in the range. */
  load(range: Range, again: Partial<Range> | undefined, ...rest: LoadRest): ReturnType<Load>;
  /** Who the requests were last sent as; undefined: that is not known. */
  readonly requester: Requester | undefined;
  /** What is proven to be stored. */
  coverage(signal: AbortSignal): Promise<Covered>;
  /** Whether its events are gone when it is closed. */
  readonly inMemory: boolean;
  /** The times that a saved log holds. */
  readonly range?: Range | undefined;
}

/** What the session needs of the world. */
export interface SessionPorts {
  /**
   * Opens history and source of a connection. Events in `kept` are never too old. `waitForToken` resolves when requests
   * may go on with a new token.
   */
  open(connection: Connection, kept: Range, waitForToken: (signal: AbortSignal) => Promise<void>): Promise<Opened>;
  /** Whether requests of this connection need a token that is not there. */
  tokenMissing(connection: Connection): boolean;
  /** Asks once for a new token and resolves when there is one. */
  askForToken(connection: Connection, signal: AbortSignal): Promise<void>;
  /** Tells a person something that did not stop the work. */
  say(notice: Message): void;
}
