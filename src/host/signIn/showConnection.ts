import type { Connection, Connections, Details } from '../connections/connections';
import type { Session } from '../session/session';
import type { Tokens } from '../connections/tokens';

/** What showing a connection works with. */
export interface ShowParts {
  readonly connections: Connections;
  readonly tokens: Tokens;
  readonly session: Session;
  /** Deletes the stored events of a connection that is gone, and what was looked at. */
  forget(connection: Connection): Promise<void>;
}

/** A connection to be: what is left out of the details stays as it was. */
interface Place {
  readonly name: string;
  readonly kind: Connection['kind'];
  readonly address: string;
  readonly details?: Details | undefined;
}

/**
 * Saves a connection, shows it, and lets go of the one it took the place of. `prepare` is called before it is opened.
 * One that is open already stays open: a load that waits for a token goes on.
 */
export async function showConnection(
  { connections, forget, session, tokens }: ShowParts,
  { name, kind, address, details }: Place,
  prepare?: (connection: Connection) => Promise<void>,
): Promise<Connection> {
  const { connection, replaced } = await connections.save(name, kind, address, details);
  await prepare?.(connection);
  const isOpen = kind === 'http' && session.connection?.id === connection.id && session.history !== undefined;
  if (!isOpen) await session.open(connection);
  if (replaced) {
    await tokens.delete(replaced.id);
    await forget(replaced);
  }
  return connection;
}
