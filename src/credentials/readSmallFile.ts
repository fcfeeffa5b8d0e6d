import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';

/** Files that tell of a cloud are small; this is far more. */
const largest = 512 * 1024;

/**
 * The text of a file; undefined where there is none. A file of `folder` (a cloned repository, say) must really lie in it: a link
 * could lead to secrets that are meant for another address. `admit` is told the length in bytes before anything is read, and may throw.
 * @throws UserError naming the file where it cannot be used
 */
export async function readSmallFile(
  file: string,
  folder: string | undefined,
  admit: (bytes: number) => void,
): Promise<string | undefined> {
  try {
    if (folder !== undefined && !isInside(await realpath(file), await realpath(folder))) {
      throw new UserError(message('{0} is a link that leads out of its folder.', file));
    }
    // A pipe must not be waited for.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return undefined;
      const { size } = stat;
      if (size > largest) throw new UserError(message('{0} is larger than {1} KB.', file, largest / 1024));
      admit(size);
      // What is added meanwhile is left out.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
      return new TextDecoder().decode(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENXIO') return undefined;
    throw new UserError(message('{0} cannot be read: {1}.', file, code ?? ''), { cause: error });
  }
}

/** Whether a file lies in one of the folders: by its name, or really, whatever links lead there. */
export async function liesIn(file: string, folders: readonly string[]): Promise<boolean> {
  const reallyAt = (name: string): Promise<string> => realpath(name).catch(() => name);
  const [target = file, ...roots] = await Promise.all([file, ...folders].map(reallyAt));
  return folders.some((folder) => isInside(file, folder)) || roots.some((root) => isInside(target, root));
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
