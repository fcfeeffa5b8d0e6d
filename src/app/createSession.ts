import { commands, l10n } from 'vscode';
import type { Log } from '../core/base/log';
import { askForToken } from '../host/signIn/askForToken';
import type { Choices } from '../host/session/choices';
import type { Connection, Connections } from '../host/connections/connections';
import type { KeystonePort } from '../host/connections/keystonePort';
import type { Renewal } from '../host/connections/renewal';
import { Session } from '../host/session/session';
import type { Tokens } from '../host/connections/tokens';
import { errorText, warn } from '../host/ui/translate';
import { showMessage } from '../host/ui/showMessage';
import { openConnection, type ConnectionServices } from './openConnection';

interface SessionParts {
  readonly choices: Choices;
  readonly connections: Connections;
  readonly keystone: KeystonePort;
  readonly log: Log;
  readonly renewal: Renewal;
  readonly tokens: Tokens;
}

/** The session, with all that opening a connection takes. */
export function createSession(
  { choices, connections, keystone, log, renewal, tokens }: SessionParts,
  place: Pick<ConnectionServices, 'storage' | 'workerPath' | 'loadWorkerPath' | 'logWorkerPath'>,
): Session {
  const loadAgain = (): void => {
    session
      .stopLoading()
      .then(() => session.recount())
      .then(() => session.refreshQuietly())
      .catch((error: unknown) => log.error('What a damaged history lost cannot be loaded again', error));
  };
  const surroundings: ConnectionServices = {
    ...place,
    connections,
    keystone,
    renewal,
    tokens,
    log,
    say: warn,
    offerLoadAgain: (connection) => void offerLoadAgain(connection),
    loadAgain,
  };
  const session = new Session(
    {
      open: (connection, kept, waitForToken) => openConnection(connection, kept, waitForToken, surroundings),
      tokenMissing: (connection) =>
        connection.kind === 'http' && tokens.current(connection) === undefined && !renewal.isPossible(connection),
      askForToken: (connection, signal) => askForToken(connections.withId(connection.id) ?? connection, tokens, signal),
      say: warn,
    },
    choices,
    log,
  );
  connections.onDidChange(() => session.update(connections.active()));
  session.onDidChange(() => renewal.watch(session.connection?.id));
  return session;
}

/** Leaves it to a person whether what counts as loaded is asked for again. */
async function offerLoadAgain({ name }: Connection): Promise<void> {
  const again = l10n.t('Load Again');
  const chosen = await showMessage(
    'information',
    l10n.t(
      'It is not known whose the new token of "{0}" is. What was loaded before still counts as loaded. If this user may see more, load it again.',
      name,
    ),
    [again],
  );
  if (chosen === again) await commands.executeCommand('activityLog.loadAgain', {});
}

/** Shows the connection that was active last: first what is stored of it, then what is new. */
export function reopen(session: Session, connection: Connection | undefined, log: Log): void {
  session
    .open(connection)
    .then(() => session.refreshQuietly())
    .catch((error: unknown) => {
      log.error('The last connection cannot be opened', error);
      void showMessage('error', errorText(error));
    });
}
