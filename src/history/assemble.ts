import type { DatabaseSync } from 'node:sqlite';
import { Bodies } from './query/bodies';
import { Chunks } from './store/chunks';
import { Counter } from './query/counter';
import { Kinds } from './store/kinds';
import { Lookups } from './store/lookups';
import { PageStore, separateKeys } from './store/pageStore';
import type { Parts, Readers } from './query/parts';
import { Reader } from './query/reader';
import { ResourceEvents } from './query/resourceEvents';
import type { SecondThread } from './query/secondThread';

/** All that works on an open database. */
export interface AllParts extends Parts, Readers {
  readonly store: PageStore;
  readonly bodies: Bodies;
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
