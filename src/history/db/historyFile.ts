import { rmSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { UserError } from '../../core/base/errors';
import { message, type Message } from '../../core/base/message';
import { setAside } from './asideFiles';
import { busyText, causeOf, explainFailure, isDamaged } from './failures';
import { asideText, memoryText, openDatabase, openInMemory, type OpenedDatabase } from './openDatabase';

/**
 * The file of a history while it is open. Begun anew when it turns out to be damaged, or when another window did that;
 * `onLost` is told then, with what a person should know.
 */
export class HistoryFile {
  #opened: OpenedDatabase | undefined;
  #identity: string | undefined;
  /** What was said when it was begun anew. */
  #lost: Message | undefined;

  constructor(
    readonly path: string,
    private readonly onLost: (notice: Message | undefined) => void,
  ) {}

  /** @throws UserError when a newer version wrote the file */
  open(): OpenedDatabase {
    this.#opened = openDatabase(this.path);
    this.#identity = this.#opened.access === 'memory' ? undefined : identify(this.path);
    return this.#opened;
  }

  /** Where it is on the disk, if it is there. */
  get place(): string | undefined {
    return this.#opened?.access === 'memory' ? undefined : this.path;
  }

  /** The database, to be asked for before every use: it may be another one than before. */
  database(): DatabaseSync {
    const { database } = this.#opened ?? this.open();
    const identity = this.#identity === undefined ? undefined : identify(this.path);
    if (identity === undefined || identity === this.#identity) return database;
    // Another window set it aside.
    this.close();
    const opened = this.open();
    this.onLost(undefined);
    return opened.database;
  }

  /** The database to write to: one that could only be read is tried again. @throws UserError */
  writable(): DatabaseSync {
    const database = this.database();
    if (this.#opened?.access !== 'read') return database;
    this.close();
    const { database: again, access, notices } = this.open();
    const [notice] = notices;
    if (access === 'read' && notice) throw new UserError(notice);
    return again;
  }

  /** What a failure of `database` means to a person. One that is damaged is set aside, or given up the second time. */
  explain(error: unknown, database: DatabaseSync): unknown {
    if (database !== this.#opened?.database) return new UserError(this.#lost ?? busyText, { cause: error });
    if (!isDamaged(error) || this.#opened.access === 'memory') return explainFailure(error, this.path);
    const { access } = this.#opened;
    this.close();
    if (access === 'read') return explainFailure(error, this.path); // opened anew with the next use
    this.#lost = this.#beginAnew();
    this.onLost(this.#lost);
    return new UserError(this.#lost, { cause: error });
  }

  /** Deletes it with all it holds, and begins anew. */
  deleteAll(): void {
    this.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.path + suffix, { force: true });
    this.open();
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }

  #beginAnew(): Message {
    let cause: Message | string = message('it was damaged again');
    try {
      if (this.#lost === undefined) return asideText(setAside(this.path));
    } catch (error) {
      cause = causeOf(error, this.path);
    }
    this.#identity = undefined;
    const notice = memoryText(path.dirname(this.path), cause);
    this.#opened = openInMemory([notice]);
    return notice;
  }
}

/** Tells the file from another one in its place; undefined where there is none. */
function identify(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
