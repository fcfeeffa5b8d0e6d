import { basename, dirname } from 'node:path';
import { UserError } from '../core/base/errors';
import { message, type Message } from '../core/base/message';

type Explain = (path: string) => Message;

const noAccess: Explain = (path) =>
  message('No permission for {0}. Choose another place, or change the permissions.', path);

const writing: Readonly<Record<string, Explain>> = {
  ENOENT: (path) => message('The folder {0} does not exist. Create it, or choose another one.', dirname(path)),
  ENOTDIR: (path) => message('{0} is not a folder. Choose another place.', dirname(path)),
  EISDIR: (path) => message('{0} is a folder. Choose a file name.', path),
  EACCES: noAccess,
  EPERM: noAccess,
  EBUSY: (path) => message('{0} is open in another program. Close it there, or choose another name.', path),
  EROFS: (path) => message('{0} is on a read-only disk. Choose another place.', path),
  ENOSPC: (path) => message('The disk is full: {0} was not written. Free some space, or choose another disk.', path),
  EDQUOT: (path) =>
    message('Your disk quota is used up: {0} was not written. Free some space, or choose another disk.', path),
  EFBIG: (path) =>
    message('{0} would be larger than this disk allows. Choose a shorter time range or another disk.', path),
  ENAMETOOLONG: (path) => message('The name {0} is too long. Choose a shorter one.', basename(path)),
};

const reading: Readonly<Record<string, Explain>> = {
  ENOENT: (path) => message('The file {0} does not exist.', path),
  ENOTDIR: (path) => message('The file {0} does not exist.', path),
  EISDIR: (path) => message('{0} is a folder. Choose a file.', path),
  EACCES: noAccess,
  EPERM: noAccess,
};

/** Runs file operations on `path`; what the system refuses becomes a UserError with cause and next step. */
export async function onDisk<T>(path: string, purpose: 'write' | 'read', action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw explainFileError(error, path, purpose);
  }
}

/** The error as a person needs it; one that does not come from the file system is returned as it is. */
export function explainFileError(error: unknown, path: string, purpose: 'write' | 'read'): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error;
  const explain = (purpose === 'write' ? writing : reading)[String(error.code)];
  const text = explain
    ? explain(path)
    : purpose === 'write'
      ? message('{0} cannot be written ({1}). Choose another place.', path, String(error.code))
      : message('{0} cannot be read ({1}).', path, String(error.code));
  return new UserError(text, { cause: error });
}
