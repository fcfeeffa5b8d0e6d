import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../core/base/errors';
import { message, type Message } from '../../core/base/message';
import { setAside } from './asideFiles';
import { busyText, causeOf, DamagedError, isBusy, isDamaged, isUnwritable } from './failures';
import { isCurrent, migrate } from './migrations';

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** `read`: what is stored can be read and nothing added. `memory`: all is gone when it is closed. */
  readonly access: 'write' | 'read' | 'memory';
  /** What a person should know. */
  readonly notices: readonly Message[];
}

const inMemoryFile = ':memory:';

/** Milliseconds to wait for other windows; one that brings a large history to a new schema takes its time. */
const timeoutMs = 10_000;
const openTimeoutMs = 120_000;

/**
 * Opens the history, readable by its owner only. A damaged file is set aside and a new one begun. Where nothing can be
 * written, what is stored is opened for reading; where that cannot be done either, the history lives in memory. All of it
 * is said in `notices`.
 * @throws UserError when a newer version wrote the file, or another window keeps it locked
 */
export function openDatabase(file: string): OpenedDatabase {
  if (file === inMemoryFile) return openInMemory([]);
  const notices: Message[] = [];
  const open = (): OpenedDatabase => ({ database: openFile(file), access: 'write', notices });
  try {
    try {
      return open();
    } catch (error) {
      if (!isDamaged(error)) throw error;
      notices.push(asideText(setAside(file)));
      return open();
    }
  } catch (error) {
    if (isBusy(error)) throw new UserError(busyText, { cause: error });
    // A new file that is damaged at once, too, is the disk's fault.
    if (!isUnwritable(error) && !isDamaged(error)) throw error;
    const [folder, cause] = [path.dirname(file), causeOf(error, file)];
    const database = openForReading(file);
    if (!database) return openInMemory([...notices, memoryText(folder, cause)]);
    const text = message(
      'The history in {0} can be read, but nothing can be added to it: {1}. Put this right and refresh to load what is missing.',
      folder,
      cause,
    );
    return { database, access: 'read', notices: [...notices, text] };
  }
}

export function openInMemory(notices: readonly Message[]): OpenedDatabase {
  return { database: openFile(inMemoryFile), access: 'memory', notices };
}

export function memoryText(folder: string, cause: Message | string): Message {
  return message(
    'The history cannot be stored in {0}: {1}. Events are kept in memory until the window closes; put this right and reload the window to keep them.',
    folder,
    cause,
  );
}

export function asideText(name: string): Message {
  return message('The stored history was damaged. It was set aside as {0}; events are loaded again.', name);
}

function openFile(file: string): DatabaseSync {
  if (file !== inMemoryFile) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    if (sizeOf(file) === 0 && sizeOf(`${file}-wal`) > 0) throw new DamagedError('The file was emptied');
    try {
      // SQLite gives its own files beside it the same mode.
      closeSync(openSync(file, 'a', 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EISDIR') throw new DamagedError('A folder is in its place');
      throw error;
    }
    if (process.platform !== 'win32') chmodSync(file, 0o600);
  }
  return opening(new DatabaseSync(file), (database) => {
    // The first two count for a new file only. In WAL mode NORMAL keeps every commit when the process dies; a power cut
    // may cost the last ones, which are then loaded again. A checkpoint holds everything up (300 ms per 128 MB), so it is
    // left to idle times unless a load is that big.
    database.exec(`
      PRAGMA busy_timeout = ${openTimeoutMs}; PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL;`);
    switchToWal(database);
    database.exec(`
      PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 33554432;`);
    migrate(database);
  });
}

/** SQLite itself does not wait where two windows do this to a new file at the same moment. */
function switchToWal(database: DatabaseSync): void {
  const still = new Int32Array(new SharedArrayBuffer(4));
  for (const start = performance.now(); ; Atomics.wait(still, 0, 0, 20)) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() - start > timeoutMs) throw error;
    }
  }
}

/** Undefined where that cannot be done, or what is stored is of another version. */
function openForReading(file: string): DatabaseSync | undefined {
  const immutable = pathToFileURL(file);
  // Without the files that SQLite keeps beside a database that others may be writing.
  immutable.searchParams.set('immutable', '1');
  for (const place of sizeOf(`${file}-wal`) === 0 ? [file, immutable] : [file]) {
    try {
      return opening(new DatabaseSync(place, { readOnly: true }), (database) => {
        if (!isCurrent(database)) throw new Error('Another version');
      });
    } catch {
      // The next way, or none.
    }
  }
  return undefined;
}

/** Readies an opened database; closes it where that fails. */
function opening(database: DatabaseSync, prepare: (database: DatabaseSync) => void): DatabaseSync {
  try {
    prepare(database);
    database.exec(`
      PRAGMA busy_timeout = ${timeoutMs}; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;
      SELECT max(id) FROM events; SELECT count(*) FROM rollups; SELECT * FROM coverage LIMIT 1;`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
