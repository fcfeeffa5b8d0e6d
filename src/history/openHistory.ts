import type { MessagePort } from 'node:worker_threads';
import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';
import type { HistoryListener, HistoryLocation, HistoryOpened } from '../protocol/history';
import { transfer } from '../protocol/rpc';
import { startWorker } from '../protocol/startWorker';
import type { History, OpenableHistory } from './history';

/** More saves little time, and memory that is given back late. */
const maxYoungGenerationSizeMb = 24;

export interface OpenedHistory extends HistoryOpened {
  readonly history: History;
  /** See OpenableHistory. */
  serveLoader(port: MessagePort): Promise<void>;
}

interface HistoryOptions extends HistoryLocation, Partial<HistoryListener> {
  /** The bundled worker. */
  readonly workerPath: string;
}

/**
 * Opens a history in a worker thread of its own. Should the worker die, all open and
 * later calls reject with a `UserError`.
 * @throws UserError when a newer version wrote the file
 */
export async function openHistory({ workerPath, file, lost }: HistoryOptions): Promise<OpenedHistory> {
  const { remote, dispose } = startWorker<OpenableHistory>(workerPath, {
    name: 'activity-log-history',
    resourceLimits: { maxYoungGenerationSizeMb },
    handlers: { lost: lost ?? (() => undefined) },
    died: (cause) => new UserError(message('The history stopped working. Reload the window.'), { cause }),
  });
  const end = (): Promise<void> => dispose(new UserError(message('The history is closed.')));
  try {
    const opened = await remote.open({ file });
    const serveLoader = (port: MessagePort): Promise<void> => remote.serveLoader(transfer(port, [port]));
    return { ...opened, serveLoader, history: Object.assign(Object.create(remote) as History, { close }) };
  } catch (error) {
    await end();
    throw error;
  }

  async function close(): Promise<void> {
    try {
      await remote.close();
    } finally {
      await end();
    }
  }
}
