import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while no other window runs one for the same `file`. What locks it is SQLite: the system takes the lock back
 * from a process that died. Where no file can be locked, `work` runs all the same.
 * @throws what `work` throws; an AbortError when `signal` is aborted
 */
export async function exclusively<T>(file: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const lock = await openLock(file);
  try {
    while (lock && !lock.take()) await sleep(50 + Math.random() * 50, undefined, { signal });
    return await work();
  } finally {
    lock?.release();
  }
}

interface Lock {
  take(): boolean;
  release(): void;
}

async function openLock(file: string): Promise<Lock | undefined> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(file);
    return {
      take: () => {
        try {
          database.exec('BEGIN EXCLUSIVE');
          return true;
        } catch (error) {
          if ((error as { errcode?: number }).errcode === busy) return false;
          return true;
        }
      },
      release: () => database.close(),
    };
  } catch {
    return undefined;
  }
}

/** SQLite's code. */
const busy = 5;
