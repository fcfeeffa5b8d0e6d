import type { DatabaseSync } from 'node:sqlite';

export function readMetadata(database: DatabaseSync, name: string): string | undefined {
  const row = database.prepare('SELECT value FROM metadata WHERE name = ?').get(name);
  return row && String(row['value']);
}

export function writeMetadata(database: DatabaseSync, name: string, value: string): void {
  database
    .prepare('INSERT INTO metadata VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
    .run(name, value);
}
