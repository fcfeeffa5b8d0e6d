import type { DatabaseSync } from 'node:sqlite';
import type { Chunks } from './chunks';
import type { Kinds } from './kinds';
import type { Lookups } from './lookups';
import type { ResourceEvents } from './resourceEvents';

/** The tables of an open history that questions are answered from. */
export interface Parts {
  readonly database: DatabaseSync;
  readonly chunks: Chunks;
  readonly kinds: Kinds;
  readonly lookups: Lookups;
  readonly resources: ResourceEvents;
}
