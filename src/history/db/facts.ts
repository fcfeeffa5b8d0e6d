import type { DatabaseSync } from 'node:sqlite';

export function readFact(database: DatabaseSync, name: string): string | undefined {
  const row = database.prepare('SELECT value FROM facts WHERE name = ?').get(name);
  return row && String(row['value']);
}

export function writeFact(database: DatabaseSync, name: string, value: string): void {
  database.prepare('INSERT INTO facts VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(name, value);
}
