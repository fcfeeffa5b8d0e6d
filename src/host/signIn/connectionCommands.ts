import path from 'node:path';
import { commands, l10n, window, type Uri } from 'vscode';
import { parseEndpoint } from '../../core/openstack/endpoint';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import type { Connection } from '../connections/connections';
import { Flow } from '../ui/flow';
import { describeToken } from '../connections/learnRequester';
import { showConnection } from './showConnection';
import { textArgument } from '../ui/arguments';
import { askToken, cleanToken } from './askToken';
import { editConnection } from './editConnection';
import { askConnection, type ManageParts } from './manageConnections';
import { askConsent, Dismissed } from '../ui/prompts';
import type { CommandTable } from '../ui/register';
import { setUpConnection } from './setUpFlow';

/** Commands about where events come from. */
export function connectionCommands(parts: ManageParts): CommandTable {
  const { connections, session, tokens } = parts;

  /** Shows a saved log. One that cannot be read leaves everything as it was. */
  async function showFile(file: string): Promise<void> {
    const earlier = connections.active();
    const name = connections.nameFor('file', file, path.basename(file));
    try {
      await showConnection(parts, { name, kind: 'file', address: file });
    } catch (error) {
      const broken = connections.named(name);
      if (broken) await connections.remove(broken.id);
      await connections.activate(earlier?.id);
      await session.open(earlier);
      void session.refreshQuietly();
      throw error;
    }
  }

  async function setToken(connection: Connection, token: string, signal = new AbortController().signal): Promise<void> {
    await parts.checkToken(connection, token, signal);
    const known = await describeToken(connection, token, parts, signal);
    // It may have been forgotten meanwhile.
    const now = connections.withId(connection.id);
    if (now) await tokens.set(now, token, known);
  }

  function askTokenOf(connection: Connection): Promise<void> {
    return askToken(connection.name, (token, signal) => setToken(connection, token, signal));
  }

  async function activeHttp(): Promise<Connection> {
    const connection = await session.requireConnection();
    if (connection.kind === 'http') return connection;
    throw new UserError(message('The active connection needs no token. Set up a connection to an endpoint first.'));
  }

  async function configure(endpoint: string, name: string | undefined): Promise<void> {
    const { projectId, token, url } = parseEndpoint(endpoint);
    const suggested = connections.nameFor('http', url, `${new URL(url).host} ${projectId.slice(0, 8)}`);
    if (name?.trim() === '') throw new UserError(message('The connection needs a name.'));
    const place = { name: name?.trim() ?? suggested, kind: 'http', address: url } as const;
    await showConnection(parts, place, async (made) => {
      if (token !== undefined) await tokens.set(made, token);
    });
  }

  return {
    configureEndpoint: async (args) => {
      const endpoint = textArgument(args, 'endpoint');
      const name = textArgument(args, 'name');
      if (endpoint === undefined) {
        const active = session.connection?.kind === 'http' ? session.connection.address : '';
        await setUpConnection(parts, active, name);
        await showView();
      } else await configure(endpoint, name);
      void session.refreshQuietly();
    },
    setToken: async (args) => {
      const connection = await activeHttp();
      const token = textArgument(args, 'token');
      if (token === undefined) await askTokenOf(connection);
      else await setToken(connection, cleanToken(token));
      if (!session.load.running) void session.refreshQuietly();
    },
    switchConnection: async (args) => {
      const name = textArgument(args, 'name');
      const chosen = name === undefined ? await askConnection(parts) : { connection: connections.require(name) };
      if ('add' in chosen) {
        await chosen.add();
        void session.refreshQuietly();
        return;
      }
      const connection = connections.withId(chosen.connection.id) ?? chosen.connection;
      await connections.activate(connection.id);
      await session.open(connection);
      void session.refreshQuietly();
    },
    editConnection: async () => {
      const connection = await session.requireConnection();
      await editConnection(new Flow(l10n.t('Change "{0}"', connection.name)), parts, connection);
    },
    openSample: async () => {
      const name = connections.nameFor('sample', '', l10n.t('Sample project'));
      await showConnection(parts, { name, kind: 'sample', address: '' });
      await showView();
      await session.refresh();
    },
    openLogFile: async (args) => {
      await showFile(path.resolve(textArgument(args, 'path') ?? (await askLogFile())));
      await showView();
      await session.refresh();
    },
    clearHistory: () => session.clear(),
    confirmClearHistory: async () => {
      const name = session.connection?.name ?? '';
      await askConsent(
        l10n.t('Delete the stored events of "{0}"?', name),
        l10n.t('Delete'),
        l10n.t('They can be loaded again as far as the server still has them.'),
      );
      await session.clear();
    },
  };
}

/** Brings the view to the front without taking the focus. */
export async function showView(): Promise<void> {
  await commands.executeCommand('activityLog.events.open', { preserveFocus: true });
}

async function askLogFile(): Promise<string> {
  const filters = { [l10n.t('Saved logs')]: ['json', 'ndjson', 'jsonl', 'csv', 'tsv', 'xlsx'] };
  const picked = await window.showOpenDialog({ title: l10n.t('Open saved log'), filters });
  return chosenPath(picked?.[0]);
}

/** The path of a file dialog's answer. @throws Dismissed */
function chosenPath(uri: Uri | undefined): string {
  if (!uri) throw new Dismissed();
  return uri.fsPath;
}
