import { l10n } from 'vscode';
import { parseAuthUrl, readDomain, usualDomain } from '../../core/openstack/authUrl';
import { identityValues } from '../../core/openstack/cloudValues';
import type { Identity } from '../../core/openstack/credentials';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import type { Connection } from '../connections/connections';
import { Flow } from '../ui/flow';
import { signOut } from './signOut';
import type { SignInQuestions } from '../connections/signInTo';
import { flagArgument, textArgument } from '../ui/arguments';
import { askChoice } from '../ui/prompts';
import { isInteractive, type CommandTable } from '../ui/register';
import { questionsIn, SignInDraft } from './signInDraft';
import { signInWith, type SignInParts } from './signInWith';

/** Signing in and out. */
export function signInCommands(parts: SignInParts): CommandTable {
  const { session } = parts;
  return {
    signIn: async (args) => {
      const given = readCredentials(args);
      if (given?.secret !== undefined) {
        await signInWith(parts, { ...given, secret: given.secret }, questionsWith(textArgument(args, 'passcode')));
      } else if (given) {
        await new SignInDraft(parts, identityValues(given.identity)).run(new Flow(l10n.t('Sign in')));
      } else await signInAgain(parts, session.connection);
      if (!session.load.running) void session.refreshQuietly();
    },
    signOut: async (args) => {
      const connection = await session.requireConnection();
      const forget = flagArgument(args, 'forget') ?? (isInteractive(args) && (await askForget(connection)));
      await signOut(parts, connection, forget);
    },
  };
}

/** Asks for what signing in to a connection takes, for everything where it is none to an endpoint. */
export async function signInAgain(
  parts: SignInParts,
  connection: Connection | undefined,
  flow?: Flow,
): Promise<Connection> {
  const isHttp = connection?.kind === 'http';
  const draft = isHttp ? SignInDraft.of(parts, connection) : new SignInDraft(parts);
  return draft.run(flow ?? new Flow(isHttp ? l10n.t('Sign in to "{0}"', connection.name) : l10n.t('Sign in')));
}

/** Asks a person as far as it must. A `passcode` that is given is tried first and once. */
export function questionsWith(passcode: string | undefined): SignInQuestions {
  const { passcode: ask, project, endpoint } = questionsIn(new Flow(l10n.t('Sign in')));
  return {
    passcode: async (refusal, signal) => {
      if (passcode === undefined) return ask(refusal, signal);
      if (refusal) throw refusal;
      return passcode;
    },
    project,
    endpoint,
  };
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
