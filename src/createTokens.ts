import type { Log } from './core/log';
import { message, type Message } from './core/message';
import type { Vault } from './host/secretShelf';
import { Tokens } from './host/tokens';

/** Tokens in the editor's secret storage; where that fails they are kept in memory, and a person is told once. */
export function createTokens(secrets: Vault, log: Log, say: (notice: Message) => void): Tokens {
  let said = false;
  return new Tokens(secrets, (error) => {
    log.error('The secret storage failed; what is new is kept in memory until the window closes', error);
    if (said) return;
    said = true;
    say(
      message(
        'The secret storage of the editor does not work here. Tokens and passwords are kept in memory only, until this window closes.',
      ),
    );
  });
}
