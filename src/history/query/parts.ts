import type { DatabaseSync } from 'node:sqlite';
import type { Chunks } from '../db/chunks';
import type { Kinds } from '../db/kinds';
import type { Lookups } from '../db/lookups';
import type { SecondThread } from './secondThread';
import type { ResourceEvents } from './resourceEvents';

/** The tables of an open history that questions are answered from. */
export interface Parts {
  readonly database: DatabaseSync;
  readonly chunks: Chunks;
  readonly kinds: Kinds;
  readonly lookups: Lookups;
  /** Shares the work of looking through texts; undefined where there is none. */
  readonly secondThread?: SecondThread | undefined;
  readonly resources: ResourceEvents;
}
