import { l10n, window } from 'vscode';
import { UserError } from '../../core/errors';
import { message } from '../../core/message';
import { errorText } from '../translate';
import { Dismissed } from './prompts';

/** A token as pasted: without the white space and the header name around it. */
export function cleanToken(text: string): string {
  const token = text.trim().replace(/^x-auth-token:\s*/i, '');
  if (token === '') throw new UserError(message('The token is empty.'));
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UserError(message('This is not a token: a token is one word of Latin letters, digits and signs.'));
  }
  return token;
}

/**
 * Asks for the token of the connection named `connection` until `accept` takes it: a refused one is named and can be mended in place.
 * @throws Dismissed when the person leaves; a check that runs is cancelled
 */
export function askToken(
  connection: string,
  accept: (token: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const input = window.createInputBox();
  input.title = l10n.t('Token of "{0}"', connection);
  input.prompt = l10n.t(
    'A Keystone token (valid for one hour). It is checked, then kept in the secret storage of the editor.',
  );
  input.password = true;
  input.ignoreFocusOut = true;
  const abort = new AbortController();
  return new Promise((resolve, reject) => {
    const check = async (): Promise<void> => {
      input.busy = true;
      input.enabled = false;
      try {
        await accept(cleanToken(input.value), abort.signal);
        resolve();
        input.hide();
      } catch (error) {
        input.validationMessage = errorText(error);
      } finally {
        input.busy = false;
        input.enabled = true;
      }
    };
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidAccept(() => void check());
    input.onDidHide(() => {
      abort.abort();
      input.dispose();
      reject(new Dismissed());
    });
    input.show();
  });
}
