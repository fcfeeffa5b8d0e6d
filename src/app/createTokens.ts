import type { Log } from '../core/base/log';
import { message, type Message } from '../core/base/message';
import type { KeystonePort } from '../host/connections/keystonePort';
import type { SecretBackend } from '../host/connections/secretStore';
import { Tokens } from '../host/connections/tokens';

/** Tokens in the editor's secret storage; where that fails they are kept in memory, and a person is told once. */
export function createTokens(
  secrets: SecretBackend,
  keystone: Pick<KeystonePort, 'revoke'>,
  log: Log,
  say: (notice: Message) => void,
): Tokens {
  let said = false;
  const onFailure = (error: unknown): void => {
    log.error('The secret storage failed; what is new is kept in memory until the window closes', error);
    if (said) return;
    said = true;
    say(
      message(
        'The secret storage of the editor does not work here. Tokens and passwords are kept in memory only, until this window closes.',
      ),
    );
  };
  return new Tokens(secrets, onFailure, async ({ authUrl, expires, token }) => {
    try {
      await keystone.revoke(authUrl, token, AbortSignal.timeout(10_000));
    } catch (error) {
      log.warn(`A token could not be revoked: ${String(error)}`);
      const minutes = Math.ceil(Math.max(0, expires - Date.now()) / 60_000);
      say(
        message(
          'You are signed out here, but Keystone could not be told: the token ends by itself in {0} min.',
          minutes,
        ),
      );
    }
  });
}
