import { l10n } from 'vscode';
import type { Range } from '../core/time/range';
import type { Connection } from '../host/connections/connections';
import { abortSignal } from '../host/ui/abortSignal';
import { showProgress } from '../host/ui/showProgress';
import type { LoadThread, SourceOptions } from './loadThread';
import { readNetwork } from './readNetwork';

/** What the events of a connection are loaded from. */
export interface OpenedSource {
  /** The times it holds, where that is known. */
  readonly range: Range | undefined;
  /** Read anew for each load, so that settings of the network count at once, and a history opens without any. */
  options(): SourceOptions | Promise<SourceOptions>;
}

/** @throws UserError where a saved log cannot be read */
export async function openSource(
  { kind, name, address }: Connection,
  thread: LoadThread,
  logWorkerPath: string,
): Promise<OpenedSource> {
  switch (kind) {
    case 'http':
      return { range: undefined, options: async () => ({ kind, endpoint: address, network: await readNetwork() }) };
    case 'sample': {
      const now = Date.now();
      return { range: undefined, options: () => ({ kind, now }) };
    }
    case 'file': {
      const log = { path: address, workerPath: logWorkerPath };
      const title = l10n.t('Reading {0}…', name);
      const { range } = await showProgress(title, (token) => thread.openLog(log, abortSignal(token)));
      return { range, options: () => ({ kind, ...log }) };
    }
  }
}
