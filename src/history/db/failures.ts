import { statfsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../core/base/errors';
import { message, type Message } from '../../core/base/message';

/** What is stored cannot be what was stored, although SQLite noticed nothing. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
}

/** Result codes of SQLite, as far as they are acted on; the lowest byte of node:sqlite's `errcode`. */
const codes = { perm: 3, busy: 5, locked: 6, readonly: 8, ioerr: 10, corrupt: 11, full: 13, cantopen: 14, notadb: 26 };

const unwritable = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'EBUSY',
  'EIO',
  'EFBIG',
];

/** Below this SQLite finds no room even for what it keeps beside a file that it only reads. */
const leastFree = 1 << 20;

export function isDamaged(error: unknown): boolean {
  return error instanceof DamagedError || hasCode(error, codes.corrupt, codes.notadb);
}

export function isBusy(error: unknown): boolean {
  return hasCode(error, codes.busy, codes.locked);
}

/** Whether `file` cannot be written, or opened at all. */
export function isUnwritable(error: unknown): boolean {
  const code = nodeCode(error);
  if (code !== undefined && unwritable.includes(code)) return true;
  return hasCode(error, codes.perm, codes.readonly, codes.ioerr, codes.full, codes.cantopen);
}

/** Whether `error` came of a disk without room; SQLite does not always say so. */
export function isFull(error: unknown, file: string): boolean {
  const code = nodeCode(error);
  if (hasCode(error, codes.full) || code === 'ENOSPC' || code === 'EDQUOT') return true;
  return hasCode(error, codes.ioerr, codes.cantopen) && freeSpace(file) < leastFree;
}

/** Why `file` cannot be written, as the middle of a sentence. */
export function causeOf(error: unknown, file: string): Message | string {
  if (isFull(error, file)) return message('the disk is full');
  const code = nodeCode(error);
  if (code === 'EROFS') return message('the disk is read-only');
  if (code === 'EACCES' || code === 'EPERM' || hasCode(error, codes.perm, codes.readonly))
    return message('writing there is not permitted');
  return error instanceof Error ? error.message : String(error);
}

/** What a person should know of a failure that met the history in `file`, and can do; other errors as they are. */
export function explainFailure(error: unknown, file: string): unknown {
  if (isBusy(error)) return new UserError(busyText, { cause: error });
  if (!isUnwritable(error)) return error;
  const text = isFull(error, file)
    ? message(
        'The disk is full: loaded events can no longer be stored. What is stored is shown; free some space and refresh.',
      )
    : message(
        'The history in {0} cannot be written or read: {1}. Put this right and refresh.',
        path.dirname(file),
        causeOf(error, file),
      );
  return new UserError(text, { cause: error });
}

export const busyText = message('Another window is using the stored history. Try again.');

function freeSpace(file: string): number {
  try {
    const { bavail, bsize } = statfsSync(path.dirname(file));
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

function nodeCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

function hasCode(error: unknown, ...expected: readonly number[]): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' && expected.includes(code & 0xff);
}
