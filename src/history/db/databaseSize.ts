import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** Bytes on disk; of a database that lives in memory (`place` undefined) its pages. */
export function databaseSize(database: DatabaseSync, place: string | undefined): number {
  const read = (pragma: string): number => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  if (place === undefined) return read('page_count') * read('page_size');
  const sizeOf = (suffix: string): number => statSync(place + suffix, { throwIfNoEntry: false })?.size ?? 0;
  return sizeOf('') + sizeOf('-wal');
}
