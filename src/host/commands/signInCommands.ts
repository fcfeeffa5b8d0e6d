import { l10n, ProgressLocation, window } from 'vscode';
import { parseAuthUrl, readDomain, usualDomain } from '../../core/authUrl';
import type { Identity } from '../../core/credentials';
import { UserError } from '../../core/errors';
import type { Log } from '../../core/log';
import { message } from '../../core/message';
import { abortSignal } from '../abortSignal';
import type { Connection } from '../connections';
import type { KeystonePort } from '../keystonePort';
import { showConnection, type ShowParts } from '../showConnection';
import { signInTo, type SignInQuestions } from '../signInTo';
import type { Token } from '../tokens';
import { flagArgument, textArgument } from './arguments';
import { askCredentials, askSecret, questionsWith, type Complete } from './askSignIn';
import { askChoice } from './prompts';
import { isInteractive, type CommandTable } from './register';

/** What signing in and out works with. */
export interface SignInParts extends ShowParts {
  readonly keystone: KeystonePort;
  readonly log: Log;
}

/** Signing in and out. */
export function signInCommands(parts: SignInParts): CommandTable {
  const { connections, keystone, log, session, tokens } = parts;

  async function revoke({ auth }: Connection, { token, expires }: Token): Promise<void> {
    if (auth?.authUrl === undefined) return;
    try {
      await keystone.revoke(auth.authUrl, token, AbortSignal.timeout(10_000));
    } catch (error) {
      log.warn(`The token could not be revoked: ${String(error)}`);
      const minutes = Math.ceil(Math.max(0, (expires ?? 0) - Date.now()) / 60_000);
      void window.showWarningMessage(
        l10n.t(
          'You are signed out here, but Keystone could not be told: the token ends by itself in {0} min.',
          minutes,
        ),
      );
    }
  }

  return {
    signIn: async (args) => {
      const active = session.connection?.kind === 'http' ? session.connection : undefined;
      const credentials = readCredentials(args) ?? (await askCredentials(active?.auth));
      await signInWith(parts, await complete(credentials), questionsWith(textArgument(args, 'passcode')));
      if (!session.load.running) void session.refreshQuietly();
    },
    signOut: async (args) => {
      const opened = await session.requireConnection();
      const connection = connections.withId(opened.id) ?? opened;
      const forget = flagArgument(args, 'forget') ?? (isInteractive(args) && (await askForget(connection)));
      if (session.connection?.id === connection.id) await session.stopLoading();
      const held = tokens.held(connection);
      try {
        await tokens.delete(connection.id);
      } finally {
        if (held?.signedIn) await revoke(connection, held);
      }
      if (!forget) return;
      await connections.remove(connection.id);
      await connections.activate(undefined);
      await session.open(undefined);
      await parts.forget(connection);
    },
  };
}

/** Signs in, and shows the connection that the sign-in is for: the active one where it is of the same project. */
export async function signInWith(
  parts: SignInParts,
  credentials: Complete,
  questions: SignInQuestions,
): Promise<Connection> {
  const { connections, keystone, session, tokens } = parts;
  const active = session.connection?.kind === 'http' ? session.connection : undefined;
  const { catalog, endpoint, identity, issued, project } = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Signing in…'), cancellable: true },
    (_, token) => signInTo(credentials, active?.address, keystone, questions, abortSignal(token)),
  );
  const name = endpoint === active?.address ? active.name : connections.nameFor('http', endpoint, project);
  const place = { name, kind: 'http', address: endpoint, details: { auth: identity, catalog } } as const;
  return showConnection(parts, place, async (connection) => {
    if (identity.kind === 'token') await tokens.set(connection, credentials.secret, issued?.expires);
    else await tokens.setSecret(connection, credentials.secret);
    if (identity.kind !== 'token' && issued) await tokens.setIssued(connection, issued);
  });
}

/** The credentials that the arguments name; undefined where they name none. The secret may be missing. */
function readCredentials(args: unknown): { identity: Identity; secret: string | undefined } | undefined {
  const text = (name: string): string | undefined => textArgument(args, name);
  const given = text('authUrl');
  if (given === undefined) return undefined;
  const authUrl = parseAuthUrl(given);
  const region = text('region');
  const id = text('applicationCredentialId');
  if (id !== undefined) {
    return {
      identity: { kind: 'applicationCredential', authUrl, region, id },
      secret: text('applicationCredentialSecret'),
    };
  }
  const name = text('username');
  if (name === undefined) throw new UserError(message('Name the user ("username") or an application credential.'));
  const domain = text('userDomain');
  const user = { name, domain: domain === undefined ? usualDomain(authUrl) : readDomain(domain) };
  const projectId = text('projectId');
  const project = projectId === undefined ? undefined : { id: projectId };
  return { identity: { kind: 'password', authUrl, region, user, project }, secret: text('password') };
}

async function complete({ identity, secret }: { identity: Identity; secret: string | undefined }): Promise<Complete> {
  return { identity, secret: secret ?? (await askSecret(identity)) };
}

async function askForget(connection: Connection): Promise<boolean> {
  const { address, auth, kind, name } = connection;
  const secrets = {
    label: auth ? l10n.t('Delete token and password') : l10n.t('Delete the token'),
    detail: l10n.t('The connection and its stored events stay.'),
    forget: false,
  };
  const all = {
    label: auth
      ? l10n.t('Delete token, password, the connection and its stored events')
      : l10n.t('Delete the token, the connection and its stored events'),
    detail: address,
    forget: true,
  };
  const log = { label: l10n.t('Remove the connection'), detail: address, forget: true };
  return (await askChoice(kind === 'http' ? [secrets, all] : [log], { title: l10n.t('Sign out of "{0}"', name) }))
    .forget;
}
