import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './schema';

/** Who loads into this history, kept in it as metadata, so that no two windows load the same. */
interface Lease {
  readonly owner: string;
  readonly process: number;
  /** Rises while the owner is at work. */
  readonly heartbeat: number;
}

const name = 'load';

/**
 * Makes `owner` the one who loads. Returns the lease of another that stands in the way: hand it in as `expired` to take
 * over. That of a process that is gone stands in nobody's way.
 */
export function acquireLease(database: DatabaseSync, owner: string, expired: string | undefined): string | undefined {
  // Read first: asking again and again must not lock the others out.
  const standing = readRival(database, owner, expired);
  if (standing !== undefined) return standing;
  return inTransaction(database, () => {
    const rival = readRival(database, owner, expired);
    if (rival !== undefined) return rival;
    const lease: Lease = { owner, process: process.pid, heartbeat: 0 };
    database
      .prepare('INSERT INTO metadata VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
      .run(name, JSON.stringify(lease));
    return undefined;
  });
}

/** Says that `owner` is still at work. Whether it is still the one who loads. */
export function renewLease(database: DatabaseSync, owner: string): boolean {
  const renew = database.prepare(
    "UPDATE metadata SET value = json_set(value, '$.heartbeat', value ->> 'heartbeat' + 1) WHERE name = ? AND value ->> 'owner' = ?",
  );
  return renew.run(name, owner).changes > 0;
}

export function releaseLease(database: DatabaseSync, owner: string): void {
  database.prepare("DELETE FROM metadata WHERE name = ? AND value ->> 'owner' = ?").run(name, owner);
}

function readRival(database: DatabaseSync, owner: string, expired: string | undefined): string | undefined {
  const row = database.prepare('SELECT value FROM metadata WHERE name = ?').get(name);
  const text = row && String(row['value']);
  if (text === undefined || text === expired) return undefined;
  const lease = JSON.parse(text) as Lease;
  return lease.owner !== owner && isAlive(lease.process) ? text : undefined;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
