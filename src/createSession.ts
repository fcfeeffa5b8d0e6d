import { window } from 'vscode';
import type { Log } from './core/log';
import { askForToken } from './host/askForToken';
import type { Choices } from './host/choices';
import { Session } from './host/session';
import type { Tokens } from './host/tokens';
import { translate } from './host/translate';
import { openConnection, type Surroundings } from './openConnection';

/** The session, with all that opening a connection takes. */
export function createSession(
  choices: Choices,
  tokens: Tokens,
  log: Log,
  place: Pick<Surroundings, 'storage' | 'workerPath'>,
): Session {
  const loadAgain = (): void => {
    session
      .stopLoading()
      .then(() => session.recount())
      .then(() => session.refreshQuietly())
      .catch((error: unknown) => log.error('What a damaged history lost cannot be loaded again', error));
  };
  const surroundings: Surroundings = {
    ...place,
    tokens,
    log,
    say: (notice) => void window.showWarningMessage(translate(notice)),
    loadAgain,
  };
  const session = new Session(
    {
      open: (connection, kept, waitForToken) => openConnection(connection, kept, waitForToken, surroundings),
      tokenMissing: (connection) => connection.kind === 'http' && tokens.current(connection) === undefined,
      askForToken: (connection, signal) => askForToken(connection, tokens, signal),
    },
    choices,
    log,
  );
  return session;
}
