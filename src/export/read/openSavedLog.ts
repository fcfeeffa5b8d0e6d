import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { startWorker } from '../../protocol/startWorker';
import type { LogReader } from './logReader';
import type { LogFile } from './openLogFile';

/** Several times what the largest record takes: the bounds of the readers are to be met first. */
const maxOldGenerationSizeMb = 2048;

/**
 * Opens a saved log in a worker of its own, since it may come from anybody: whatever is in it takes no time of the editor, and no
 * more memory than the worker may have. Ends at once when `signal` is aborted.
 * @throws UserError naming what is wrong with the file; the reason of `signal`
 */
export async function openSavedLog(
  path: string,
  workerPath: string,
  signal: AbortSignal,
  limits = { maxOldGenerationSizeMb },
): Promise<LogFile> {
  signal.throwIfAborted();
  const { remote, dispose } = startWorker<LogReader>(workerPath, {
    name: 'activity-log-saved',
    env: {},
    resourceLimits: limits,
    died: (cause) =>
      new UserError(message('{0} takes too much memory to read. Open a part of it, or another format.', path), {
        cause,
      }),
  });
  try {
    const opened = await remote.open(path, signal);
    return {
      ...opened,
      source: {
        isWhole: true,
        isLocal: true,
        // A function cannot be sent, and is for answers of a server.
        page: (request, given) => remote.page({ ...request, onLarge: undefined }, given),
      },
      dispose: () => void dispose(),
    };
  } catch (error) {
    // A worker that is busy hears of no signal.
    void dispose();
    throw error;
  }
}
