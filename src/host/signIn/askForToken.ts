import { commands, l10n, type Disposable } from 'vscode';
import { race } from '../../core/base/race';
import type { Connection } from '../connections/connections';
import type { Tokens } from '../connections/tokens';
import { showMessage } from '../ui/showMessage';

/**
 * Asks once for a new token, or for a sign-in where one brought the old, and resolves as soon as there is one, wherever it
 * was set. @throws an AbortError when `signal` is aborted
 */
export function askForToken(connection: Connection, tokens: Tokens, signal: AbortSignal): Promise<void> {
  const signsIn = connection.auth !== undefined && connection.auth.kind !== 'token';
  const action = signsIn ? l10n.t('Sign In') : l10n.t('Set Token');
  const text = signsIn
    ? l10n.t('"{0}" needs a new sign-in. Loading goes on as soon as you are signed in again.', connection.name)
    : l10n.t('The server refused the token of "{0}". Loading goes on as soon as there is a new one.', connection.name);
  void showMessage('warning', text, [action])
    // Later on the command would be about another connection.
    .then((answer) =>
      answer === action && !signal.aborted
        ? commands.executeCommand(signsIn ? 'activityLog.signIn' : 'activityLog.setToken')
        : undefined,
    );
  let listening: Disposable | undefined;
  const renewed = new Promise<void>((resolve) => {
    listening = tokens.onDidChange((id) => {
      if (id === connection.id && tokens.current(connection) !== undefined) resolve();
    });
  });
  return race(renewed, signal).finally(() => void listening?.dispose());
}
