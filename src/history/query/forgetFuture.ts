import type { DatabaseSync } from 'node:sqlite';
import type { Counter } from './counter';
import { inTransaction } from '../db/schema';
import { settlingTime } from '../history';
import { uncover } from '../db/coverage';

/** See `History.forgetFuture`. */
export async function forgetFuture(database: DatabaseSync, counter: Counter, now: number): Promise<void> {
  const ahead = database.prepare('SELECT 1 FROM coverage WHERE "to" > ? LIMIT 1').get(now - settlingTime);
  if (!ahead) return;
  const past = { range: { from: Number.MIN_SAFE_INTEGER, to: now } };
  const { newest = -Infinity } = await counter.count(past, 'utc', new AbortController().signal);
  inTransaction(database, () => uncover(database, { from: newest - settlingTime, to: Infinity }));
}
