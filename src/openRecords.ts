import { setImmediate } from 'node:timers/promises';
import { l10n, ProgressLocation, window } from 'vscode';
import type { Disposable } from './core/lifecycle';
import type { Log } from './core/log';
import type { Range } from './core/range';
import type { EventSource } from './core/source';
import { abortSignal } from './host/abortSignal';
import type { Connection } from './host/connections';
import type { Tokens } from './host/tokens';
import { readNetwork } from './readNetwork';

/** What a connection's events are read from. */
export interface Records extends Disposable {
  /** The times it holds, where that is known. */
  readonly range?: Range | undefined;
  /** Opens it for one load. */
  open(): Promise<EventSource & Disposable>;
  /** Whether requests were sent with another token than the one there is now. */
  hasNewToken(): boolean;
  /** Whether the token that requests were sent with last opened the log. */
  wasAccepted(): boolean;
}

/** @throws UserError where a saved log cannot be read */
export async function openRecords(connection: Connection, tokens: Tokens, log: Log): Promise<Records> {
  const fixed = (source: EventSource, part: Disposable, range?: Range): Records => ({
    range,
    open: () => Promise.resolve({ page: (...args) => source.page(...args), isWhole: true, dispose: () => undefined }),
    hasNewToken: () => false,
    wasAccepted: () => true,
    dispose: () => part.dispose(),
  });
  switch (connection.kind) {
    case 'http':
      return httpRecords(connection, tokens, log);
    case 'sample': {
      const { sampleSource } = await import('./core/sample/sampleSource');
      return fixed(sampleSource(Date.now(), setImmediate), { dispose: () => undefined });
    }
    case 'file': {
      const { openLogFile } = await import('./export');
      const title = l10n.t('Reading {0}…', connection.name);
      const file = await window.withProgress(
        { location: ProgressLocation.Notification, title, cancellable: true },
        (_, token) => openLogFile(connection.address, abortSignal(token)),
      );
      return fixed(file.source, file, file.range);
    }
  }
}

/** Connects anew for each load, so that settings of the network count at once, and a history opens without any. */
function httpRecords(connection: Connection, tokens: Tokens, log: Log): Records {
  let sent: string | undefined;
  let accepted: string | undefined;
  return {
    open: async () => {
      const { createAuditSource } = await import('./api');
      return createAuditSource({
        endpoint: connection.address,
        token: () => (sent = tokens.current(connection)),
        network: await readNetwork(),
        onAttempt: ({ number, host, milliseconds, status, bytes, failure }) => {
          if (failure === undefined) accepted = sent;
          log.info(`${host}: ${failure ?? status} in ${milliseconds} ms, ${bytes} bytes (attempt ${number})`);
        },
      });
    },
    hasNewToken: () => {
      const token = tokens.current(connection);
      return token !== undefined && token !== sent;
    },
    wasAccepted: () => sent === accepted,
    dispose: () => undefined,
  };
}
