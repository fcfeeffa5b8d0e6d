import type { DatabaseSync } from 'node:sqlite';
import type { Chunks } from './chunks';
import type { Kinds } from './kinds';
import type { Lookups } from './lookups';

/** The tables of an open history. */
export interface Tables {
  readonly database: DatabaseSync;
  readonly chunks: Chunks;
  readonly kinds: Kinds;
  readonly lookups: Lookups;
}
