import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { message, type Message } from '../core/message';
import { migrate } from './migrations';

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  readonly notices: readonly Message[];
  readonly inMemory: boolean;
}

/** Result codes of SQLite, as far as they are acted on; the lowest byte of node:sqlite's `errcode`. */
const codes = { perm: 3, busy: 5, locked: 6, readonly: 8, ioerr: 10, corrupt: 11, full: 13, cantopen: 14, notadb: 26 };

const inMemoryFile = ':memory:';

/**
 * Opens the history, readable by its owner only. A damaged file is set aside and a new one begun; where nothing can be
 * written the history lives in memory. Both are said in `notices`.
 * @throws UserError when a newer version wrote the file
 */
export function openDatabase(file: string): OpenedDatabase {
  const notices: Message[] = [];
  for (;;) {
    try {
      return { database: openFile(file), notices, inMemory: file === inMemoryFile };
    } catch (error) {
      if (isDamaged(error) && file !== inMemoryFile && notices.length === 0) {
        const name = setAside(file);
        notices.push(
          message('The stored history was damaged. It was set aside as {0}; events are loaded again.', name),
        );
      } else if (isUnwritable(error)) {
        const text = message(
          'The history cannot be stored in {0} ({1}). It is kept in memory until the window closes.',
          path.dirname(file),
          (error as Error).message,
        );
        return { database: openFile(inMemoryFile), notices: [...notices, text], inMemory: true };
      } else throw error;
    }
  }
}

function openFile(file: string): DatabaseSync {
  if (file !== inMemoryFile) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    // SQLite gives its own files beside it the same mode.
    closeSync(openSync(file, 'a', 0o600));
    if (process.platform !== 'win32') chmodSync(file, 0o600);
  }
  const database = new DatabaseSync(file);
  try {
    // The first two count for a new file only. In WAL mode NORMAL keeps every commit when the process dies; a power cut
    // may cost the last ones, which are then loaded again. A checkpoint holds everything up (300 ms per 128 MB), so it is
    // left to idle times unless a load is that big.
    database.exec(`
      PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA busy_timeout = 10000;
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 33554432;`);
    migrate(database);
    database.exec('SELECT max(id) FROM events; SELECT count(*) FROM tallies; SELECT * FROM coverage LIMIT 1');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Renames the file and what SQLite keeps beside it; returns the new name. */
export function setAside(file: string): string {
  const to = `${file}.damaged-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, to + suffix);
  }
  return path.basename(to);
}

/** Deletes what was set aside of `file`: it holds bodies, too. */
export function removeAside(file: string): void {
  const folder = path.dirname(file);
  const names = readdirSync(folder).filter((name) => name.startsWith(`${path.basename(file)}.damaged-`));
  for (const name of names) rmSync(path.join(folder, name), { force: true });
}

export function isDamaged(error: unknown): boolean {
  return hasCode(error, codes.corrupt, codes.notadb);
}

export function isFull(error: unknown): boolean {
  return hasCode(error, codes.full);
}

export function isBusy(error: unknown): boolean {
  return hasCode(error, codes.busy, codes.locked);
}

export function isUnwritable(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST', 'EDQUOT'].includes(code))
    return true;
  return hasCode(error, codes.perm, codes.readonly, codes.ioerr, codes.full, codes.cantopen);
}

function hasCode(error: unknown, ...expected: readonly number[]): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' && expected.includes(code & 0xff);
}
