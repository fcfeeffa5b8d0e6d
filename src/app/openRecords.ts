import { setImmediate } from 'node:timers/promises';
import { l10n } from 'vscode';
import type { Disposable } from '../core/base/lifecycle';
import type { Log } from '../core/base/log';
import type { Range } from '../core/time/range';
import type { EventSource } from '../core/event/source';
import { abortSignal } from '../host/ui/abortSignal';
import type { Connection } from '../host/connections/connections';
import { httpRecords, type Records } from '../host/connections/httpRecords';
import type { Renewal } from '../host/connections/renewal';
import type { Tokens } from '../host/connections/tokens';
import { showProgress } from '../host/ui/showProgress';
import { PageThread } from './pageThread';
import { readNetwork } from './readNetwork';

/** @throws UserError where a saved log cannot be read */
export async function openRecords(
  connection: Connection,
  parts: {
    readonly tokens: Tokens;
    readonly renewal: Renewal;
    readonly log: Log;
    readonly pageWorkerPath: string;
    readonly logWorkerPath: string;
  },
): Promise<Records> {
  const fixed = (source: EventSource, part: Disposable, range?: Range): Records => ({
    range,
    open: () =>
      Promise.resolve({
        page: (...args) => source.page(...args),
        isWhole: true,
        isLocal: true,
        dispose: () => undefined,
      }),
    renew: () => Promise.resolve(false),
    dispose: () => part.dispose(),
  });
  switch (connection.kind) {
    case 'http': {
      const thread = new PageThread(parts.pageWorkerPath);
      thread.start();
      const records = httpRecords(connection, {
        ...parts,
        openSource: async (options, receive) => thread.open({ ...options, network: await readNetwork() }, receive),
      });
      return { ...records, dispose: () => thread.dispose() };
    }
    case 'sample': {
      const { sampleSource } = await import('../sample/sampleSource');
      return fixed(sampleSource(Date.now(), setImmediate), { dispose: () => undefined });
    }
    case 'file': {
      const { openSavedLog } = await import('../export');
      const title = l10n.t('Reading {0}…', connection.name);
      const file = await showProgress(title, (token) =>
        openSavedLog(connection.address, parts.logWorkerPath, abortSignal(token)),
      );
      return fixed(file.source, file, file.range);
    }
  }
}
