import type { Log } from '../../core/base/log';
import type { Connection } from './connections';
import type { KeystonePort } from './keystonePort';
import type { Token, TokenFacts, Tokens } from './tokens';

/** Milliseconds to wait for a Keystone that may not even be reachable. */
const timeoutMs = 5_000;

interface Parts {
  readonly keystone: Pick<KeystonePort, 'describe'>;
  readonly log: Log;
}

/** What the connection's Keystone says of a token; undefined where none is known, or it does not tell. */
export async function describeToken(
  { auth }: Connection,
  token: string,
  { keystone, log }: Parts,
  signal: AbortSignal,
): Promise<TokenFacts | undefined> {
  if (auth?.authUrl === undefined) return undefined;
  try {
    return await keystone.describe(auth.authUrl, token, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  } catch (error) {
    signal.throwIfAborted();
    log.info(`Keystone does not tell whose the token is: ${String(error)}`);
    return undefined;
  }
}

/** The token of a connection; whose it is is asked for where it is not known yet. */
export async function learnRequester(
  connection: Connection,
  parts: Parts & { readonly tokens: Tokens },
  signal: AbortSignal,
): Promise<Token | undefined> {
  const { tokens } = parts;
  const held = tokens.held(connection);
  if (!held || held.requester) return held;
  const known = await describeToken(connection, held.token, parts, signal);
  if (known?.requester) await tokens.learn(connection, held.token, known);
  return tokens.held(connection);
}
