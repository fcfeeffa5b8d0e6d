import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './schema';

/** Who loads into this history, kept in it as a fact, so that no two windows load the same. */
interface Claim {
  readonly owner: string;
  readonly process: number;
  /** Rises while the owner is at work. */
  readonly beat: number;
}

const name = 'load';

/**
 * Makes `owner` the one who loads, or says that it still is. Returns the claim of another that stands in the way: hand it
 * in as `expired` to take over. That of a process that is gone stands in nobody's way.
 */
export function claimLoad(database: DatabaseSync, owner: string, expired?: string): string | undefined {
  // Read first: asking again and again must not lock the others out.
  const standing = readRival(database, owner, expired);
  if (standing !== undefined) return standing;
  return inTransaction(database, () => {
    const rival = readRival(database, owner, expired);
    if (rival !== undefined) return rival;
    const text = readFact(database);
    const beat = text === undefined ? 0 : (JSON.parse(text) as Claim).beat + 1;
    const claim: Claim = { owner, process: process.pid, beat };
    database
      .prepare('INSERT INTO facts VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
      .run(name, JSON.stringify(claim));
    return undefined;
  });
}

export function releaseLoad(database: DatabaseSync, owner: string): void {
  database.prepare("DELETE FROM facts WHERE name = ? AND value ->> 'owner' = ?").run(name, owner);
}

function readRival(database: DatabaseSync, owner: string, expired: string | undefined): string | undefined {
  const text = readFact(database);
  if (text === undefined || text === expired) return undefined;
  const claim = JSON.parse(text) as Claim;
  return claim.owner === owner || !isAlive(claim.process) ? undefined : text;
}

function readFact(database: DatabaseSync): string | undefined {
  const row = database.prepare('SELECT value FROM facts WHERE name = ?').get(name);
  return row && String(row['value']);
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
