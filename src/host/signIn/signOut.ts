import type { SignInParts } from './signInWith';
import type { Connection } from '../connections/connections';

/** Deletes the secrets of a connection, and `forget` also itself with its history; ends the tokens that sign-ins brought. */
export async function signOut(parts: SignInParts, { id }: Connection, forget: boolean): Promise<void> {
  const { connections, renewal, session, tokens } = parts;
  const connection = connections.withId(id);
  if (!connection) return;
  const isOpen = session.connection?.id === id;
  if (isOpen) await session.stopLoading();
  try {
    await tokens.delete(id);
  } finally {
    // A renewal that is under way ends what it gets by itself.
    await renewal.settled(AbortSignal.timeout(10_000)).catch(() => undefined);
  }
  if (!forget) return;
  await connections.remove(id);
  if (isOpen) {
    await connections.activate(undefined);
    await session.open(undefined);
  }
  await parts.forget(connection);
}
