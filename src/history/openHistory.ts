import { Worker, type MessagePort } from 'node:worker_threads';
import { UserError } from '../core/errors';
import { message } from '../core/message';
import type { HistoryListener, HistoryLocation, HistoryOpened } from '../protocol/history';
import { connect, transfer } from '../protocol/rpc';
import type { History, OpenableHistory } from './history';
import { portOf } from '../protocol/workerPort';

/** More saves little time, and memory that is given back late. */
const maxYoungGenerationSizeMb = 24;

export interface OpenedHistory extends HistoryOpened {
  readonly history: History;
  /** See OpenableHistory. */
  receivePages(port: MessagePort): Promise<void>;
}

export interface HistoryOptions extends HistoryLocation, Partial<HistoryListener> {
  /** The bundled worker. */
  readonly workerPath: string;
}

/**
 * Opens a history in a worker thread of its own. Should the worker die, all open and
 * later calls reject with a `UserError`.
 * @throws UserError when a newer version wrote the file
 */
export async function openHistory({ workerPath, file, lost }: HistoryOptions): Promise<OpenedHistory> {
  const worker = new Worker(workerPath, { name: 'activity-log-history', resourceLimits: { maxYoungGenerationSizeMb } });
  const connection = connect<OpenableHistory>(portOf(worker), { lost: lost ?? (() => undefined) });
  const { remote } = connection;
  const die = (cause: unknown): void => {
    connection.dispose(new UserError(message('The history stopped working. Reload the window.'), { cause }));
  };
  worker.once('error', die);
  worker.once('exit', die);
  const end = async (): Promise<void> => {
    connection.dispose(new UserError(message('The history is closed.')));
    await worker.terminate();
  };
  try {
    const opened = await remote.open({ file });
    const receivePages = (port: MessagePort): Promise<void> => remote.receivePages(transfer(port, [port]));
    return { ...opened, receivePages, history: Object.assign(Object.create(remote) as History, { decodePage, close }) };
  } catch (error) {
    await end();
    throw error;
  }

  function decodePage(bytes: Uint8Array, isLocal?: boolean): ReturnType<History['decodePage']> {
    // A part of a bigger buffer cannot be handed over alone.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
    return remote.decodePage(transfer(own, [own.buffer]), isLocal);
  }

  async function close(): Promise<void> {
    try {
      await remote.close();
    } finally {
      await end();
    }
  }
}
