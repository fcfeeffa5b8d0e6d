import type { DatabaseSync } from 'node:sqlite';
import { Bodies } from './bodies';
import { Chunks } from './chunks';
import { Counter } from './counter';
import { Kinds } from './kinds';
import { Lookups } from './lookups';
import { PageStore, separateKeys } from './pageStore';
import type { Parts } from './parts';
import { Reader } from './reader';
import { ResourceEvents } from './resourceEvents';
import type { SecondThread } from './secondThread';

/** All that works on an open database. */
export interface AllParts extends Parts {
  readonly store: PageStore;
  readonly reader: Reader;
  readonly bodies: Bodies;
  readonly counter: Counter;
}

/** Pages whose lookups may wait to be merged. */
const maxWaiting = 64;

/** See PageStore.store. */
export function storeBatch({ store, lookups }: AllParts, ...batch: Parameters<PageStore['store']>): number {
  const added = store.store(...batch);
  if (lookups.waiting() >= maxWaiting) lookups.merge();
  return added;
}

export function assemble(database: DatabaseSync, secondThread?: SecondThread): AllParts {
  const chunks = new Chunks(database);
  const kinds = new Kinds(database);
  const lookups = new Lookups(database, (events) => separateKeys(database, chunks, events));
  const resources = new ResourceEvents({ database, chunks, kinds, lookups });
  const parts = { database, chunks, kinds, lookups, resources, secondThread };
  const reader = new Reader(parts);
  return { ...parts, store: new PageStore(parts), reader, bodies: new Bodies(reader), counter: new Counter(parts) };
}
