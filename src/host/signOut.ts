import { l10n } from 'vscode';
import type { SignInParts } from './commands/signInWith';
import type { Connection } from './connections';
import type { Token } from './tokens';
import { showMessage } from './ui/showMessage';

/** Deletes the secrets of a connection, and `forget` also itself with its history; ends the token where a sign-in brought it. */
export async function signOut(parts: SignInParts, { id }: Connection, forget: boolean): Promise<void> {
  const { connections, session, tokens } = parts;
  const connection = connections.withId(id);
  if (!connection) return;
  const isOpen = session.connection?.id === id;
  if (isOpen) await session.stopLoading();
  else await tokens.load(connection);
  const held = tokens.held(connection);
  try {
    await tokens.delete(id);
  } finally {
    if (held?.signedIn) await revoke(parts, connection, held);
  }
  if (!forget) return;
  await connections.remove(id);
  if (isOpen) {
    await connections.activate(undefined);
    await session.open(undefined);
  }
  await parts.forget(connection);
}

async function revoke({ keystone, log }: SignInParts, { auth }: Connection, { token, expires }: Token): Promise<void> {
  if (auth?.authUrl === undefined) return;
  try {
    await keystone.revoke(auth.authUrl, token, AbortSignal.timeout(10_000));
  } catch (error) {
    log.warn(`The token could not be revoked: ${String(error)}`);
    const minutes = Math.ceil(Math.max(0, (expires ?? 0) - Date.now()) / 60_000);
    void showMessage(
      'warning',
      l10n.t('You are signed out here, but Keystone could not be told: the token ends by itself in {0} min.', minutes),
    );
  }
}
