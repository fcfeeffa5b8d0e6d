import { l10n } from 'vscode';
import type { Credentials, Identity } from '../../core/openstack/credentials';
import type { Log } from '../../core/base/log';
import { abortSignal } from '../ui/abortSignal';
import type { Connection } from '../connections/connections';
import { identityName } from '../connections/identityName';
import type { KeystonePort } from '../connections/keystonePort';
import type { Renewal } from '../connections/renewal';
import { showConnection, type ShowParts } from './showConnection';
import { signInTo, type SignedIn, type SignInQuestions } from '../connections/signInTo';
import { showProgress } from '../ui/showProgress';

/** What signing in and out works with. */
export interface SignInParts extends ShowParts {
  readonly keystone: KeystonePort;
  readonly renewal: Pick<Renewal, 'settled'>;
  readonly log: Log;
  /** Checks with one small request that `token` opens the log at an endpoint. @throws RequestError */
  checkToken(connection: Pick<Connection, 'address' | 'components'>, token: string, signal: AbortSignal): Promise<void>;
}

/** Credentials with which one can sign in at once. */
type Complete = Credentials & { readonly secret: string };

/** Who signs in where, for people. */
export function describeIdentity(identity: Identity | undefined): string {
  if (identity?.authUrl === undefined || identity.kind === 'token') return l10n.t('with a token');
  return l10n.t('as {0} at {1}', identityName(identity), new URL(identity.authUrl).host);
}

/** Signs in, and shows the connection that the sign-in is for: the active one where it is of the same project. */
export async function signInWith(
  parts: SignInParts,
  credentials: Complete,
  questions: SignInQuestions,
): Promise<Connection> {
  const { keystone, session } = parts;
  const active = session.connection?.kind === 'http' ? session.connection : undefined;
  const signedIn = await showProgress(l10n.t('Signing in…'), (token) =>
    signInTo(credentials, active?.address, keystone, questions, abortSignal(token)),
  );
  return keepSignIn(parts, signedIn, credentials.secret);
}

/** Makes a connection of a sign-in, or changes the one of that endpoint, and shows it. `name` is for a new one. */
export async function keepSignIn(
  parts: SignInParts,
  { catalog, endpoint, identity, issued, project }: SignedIn,
  secret: string,
  name = project,
): Promise<Connection> {
  const { connections, session, tokens } = parts;
  const active = session.connection?.kind === 'http' ? session.connection : undefined;
  const place = {
    name: endpoint === active?.address ? active.name : connections.nameFor('http', endpoint, name),
    kind: 'http',
    address: endpoint,
    details: { auth: identity, catalog },
  } as const;
  return showConnection(parts, place, async (connection) => {
    if (identity.kind === 'token') await tokens.set(connection, issued?.token ?? secret, issued);
    else await tokens.setSecret(connection, secret, issued);
  });
}
