import { commands, l10n, QuickPickItemKind, ThemeIcon, type QuickInputButton, type QuickPickItem } from 'vscode';
import type { Connection } from '../connections/connections';
import { Flow } from '../ui/flow';
import { signOut } from './signOut';
import { sizeText } from '../session/storedEvents';
import { askConsent } from '../ui/prompts';
import { editConnection } from './editConnection';
import { signInAgain } from './signInCommands';
import { describeIdentity, type SignInParts } from './signInWith';

/** What managing connections works with. */
export interface ManageParts extends SignInParts {
  /** Bytes on disk of a connection's history. */
  storedBytes(connection: Connection): Promise<number>;
}

interface Item extends QuickPickItem {
  readonly connection?: Connection;
  /** Adds one. */
  readonly add?: () => Thenable<unknown>;
}

/** Something that a button of a connection does. */
type Act = (flow: Flow, connection: Connection) => Promise<unknown>;

/**
 * Lets a person choose a connection, or a way to add one. On the way, connections can be changed, signed in to again and
 * removed.
 */
export async function askConnection(
  parts: ManageParts,
): Promise<{ connection: Connection } | { add: () => Thenable<unknown> }> {
  const { connections, session } = parts;
  const acts = new Map<QuickInputButton, Act>([
    [
      { iconPath: new ThemeIcon('edit'), tooltip: l10n.t('Change…') },
      (flow, connection) => editConnection(flow, parts, connection),
    ],
    [
      { iconPath: new ThemeIcon('sign-in'), tooltip: l10n.t('Sign in…') },
      (flow, connection) => signInAgain(parts, connection, flow),
    ],
    [
      { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove…') },
      (flow, connection) => flow.aside(() => removeConnection(parts, connection)),
    ],
  ]);
  const buttons = [...acts.keys()];
  const run = (command: string) => () => commands.executeCommand(`activityLog.${command}`);
  const additions: Item[] = [
    { label: l10n.t('Add a connection'), kind: QuickPickItemKind.Separator },
    { label: l10n.t('Import credentials…'), iconPath: new ThemeIcon('cloud-download'), add: run('importCredentials') },
    { label: l10n.t('Sign in…'), iconPath: new ThemeIcon('sign-in'), add: () => signInAgain(parts, undefined) },
    { label: l10n.t('Set up by endpoint…'), iconPath: new ThemeIcon('plug'), add: run('configureEndpoint') },
    { label: l10n.t('Open saved log…'), iconPath: new ThemeIcon('folder-opened'), add: run('openLogFile') },
    { label: l10n.t('Open the sample project'), iconPath: new ThemeIcon('beaker'), add: run('openSample') },
  ];
  const toItem = async (connection: Connection): Promise<Item> => {
    const bytes = await parts.storedBytes(connection);
    const { address, auth, kind, name } = connection;
    const texts = [
      connection.id === session.connection?.id ? l10n.t('active') : '',
      kind === 'http' ? describeIdentity(auth) : '',
      bytes > 0 ? l10n.t('{0} stored', sizeText(bytes)) : '',
    ];
    return {
      label: name,
      description: texts.filter((text) => text !== '').join(', '),
      detail: address,
      buttons: kind === 'http' ? buttons : buttons.filter((button) => button !== buttons[1]),
      connection,
    };
  };
  const flow = new Flow(l10n.t('Connections'));
  const { add = run('configureEndpoint'), connection } = await flow.choice<Item>({
    placeholder: l10n.t('The connection to show; buttons change, sign in to and remove one'),
    items: async () => [...(await Promise.all(connections.all().map(toItem))), ...additions],
    press: async ({ button, item }) => {
      if (item.connection) await acts.get(button)?.(flow, item.connection);
    },
  });
  return connection ? { connection } : { add };
}

/** Removes a connection with its secrets and stored events, once a person has agreed. @throws Dismissed */
async function removeConnection(parts: SignInParts, connection: Connection): Promise<void> {
  const { kind, name } = connection;
  const detail =
    kind === 'http' ? l10n.t('Its token, its password and its stored events are deleted as well.') : connection.address;
  await askConsent(l10n.t('Remove the connection "{0}"?', name), l10n.t('Remove'), detail);
  await signOut(parts, connection, true);
}
