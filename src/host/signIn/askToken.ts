import { l10n } from 'vscode';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import { Flow } from '../ui/flow';

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
export async function askToken(
  connection: string,
  accept: (token: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await new Flow(l10n.t('Token of "{0}"', connection)).text({
    prompt: l10n.t(
      'A Keystone token (valid for one hour). It is checked, then kept in the secret storage of the editor.',
    ),
    password: true,
    accept: (text, signal) => accept(cleanToken(text), signal),
  });
}
