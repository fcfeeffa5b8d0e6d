import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { onDisk } from '../fileErrors';

/** Opens a saved file to read it. @throws UserError where it cannot be read, or could be read for ever */
export async function openFile(path: string): Promise<FileHandle> {
  return onDisk(path, 'read', async () => {
    // A pipe must not be waited for.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (stat.isFile()) return file;
      throw stat.isDirectory()
        ? new UserError(message('{0} is a folder. Choose a file.', path))
        : new UserError(message('{0} is a pipe or a device. Save what it gives in a file and open that.', path));
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}
