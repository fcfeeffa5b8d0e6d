import path from 'node:path';
import { commands, l10n, window, type Uri } from 'vscode';
import { parseEndpoint } from '../../core/endpoint';
import { UserError } from '../../core/errors';
import { message } from '../../core/message';
import type { Connection } from '../connections';
import type { KeystonePort } from '../keystonePort';
import { noConnection } from '../noConnection';
import { showConnection, type ShowParts } from '../showConnection';
import { sizeText } from '../storedEvents';
import { errorText } from '../translate';
import { textArgument } from './arguments';
import { askToken, cleanToken } from './askToken';
import { askChoice, askConsent, askText, Dismissed } from './prompts';
import { isInteractive, type CommandTable } from './register';

/** What the connection commands work with. */
export interface ConnectionParts extends ShowParts {
  readonly keystone: Pick<KeystonePort, 'describe'>;
  /** Checks with one small request that `token` opens the log at `endpoint`. @throws RequestError */
  checkToken(connection: Connection, token: string, signal: AbortSignal): Promise<void>;
  /** Bytes on disk of a connection's history. */
  storedBytes(connection: Connection): Promise<number>;
}

/** Commands about where events come from. */
export function connectionCommands(parts: ConnectionParts): CommandTable {
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
    // It may have been forgotten meanwhile.
    const now = connections.withId(connection.id);
    if (now) await tokens.set(now, token, await expiryOf(now, token, signal));
  }

  /** When the token ends, where the connection's Keystone is known and says so. */
  async function expiryOf({ auth }: Connection, token: string, signal: AbortSignal): Promise<number | undefined> {
    if (auth?.authUrl === undefined) return undefined;
    const issued = await parts.keystone.describe(auth.authUrl, token, signal).catch(() => undefined);
    return issued?.expires;
  }

  function askTokenOf(connection: Connection): Promise<void> {
    return askToken(connection.name, (token, signal) => setToken(connection, token, signal));
  }

  async function activeHttp(): Promise<Connection> {
    const connection = await session.requireConnection();
    if (connection.kind === 'http') return connection;
    throw new UserError(message('The active connection needs no token. Set up a connection to an endpoint first.'));
  }

  return {
    configureEndpoint: async (args) => {
      const pasted = parseEndpoint(textArgument(args, 'endpoint') ?? (await askEndpoint(session.connection)));
      const host = `${new URL(pasted.url).host} ${pasted.projectId.slice(0, 8)}`;
      const suggested = connections.nameFor('http', pasted.url, host);
      const name = textArgument(args, 'name') ?? (isInteractive(args) ? await askName(suggested) : suggested);
      if (name.trim() === '') throw new UserError(message('The connection needs a name.'));
      const place = { name: name.trim(), kind: 'http', address: pasted.url } as const;
      const connection = await showConnection(parts, place, async (made) => {
        if (pasted.token !== undefined) await tokens.set(made, pasted.token);
      });
      if (isInteractive(args)) await showView();
      if (isInteractive(args) && session.tokenMissing) await askTokenOf(connection);
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
      const name = textArgument(args, 'name') ?? (await askConnection(parts));
      const connection = connections.require(name);
      await connections.activate(connection.id);
      await session.open(connection);
      void session.refreshQuietly();
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
async function showView(): Promise<void> {
  await commands.executeCommand('activityLog.events.open', { preserveFocus: true });
}

async function askEndpoint(active: Connection | undefined): Promise<string> {
  return askText({
    title: l10n.t('Set up connection (1/3): endpoint'),
    prompt: l10n.t(
      'The Audit endpoint of the project settings page "API Endpoints", or the curl command of the documentation',
    ),
    placeHolder: 'https://mcs.mail.ru/auditlogs/v1/<project id>',
    value: active?.kind === 'http' ? active.address : '',
    validateInput: (text) => problem(() => parseEndpoint(text)),
  });
}

async function askName(suggested: string): Promise<string> {
  return askText({
    title: l10n.t('Set up connection (2/3): name'),
    prompt: l10n.t('A name of your own for this connection. An existing name changes that connection.'),
    value: suggested,
    validateInput: (text) => (text.trim() === '' ? l10n.t('The connection needs a name.') : undefined),
  });
}

async function askConnection({ connections, session, storedBytes }: ConnectionParts): Promise<string> {
  const all = connections.all();
  if (all.length === 0) noConnection();
  const items = all.map(async (connection) => {
    const bytes = await storedBytes(connection);
    const texts = [
      connection.id === session.connection?.id ? l10n.t('active') : '',
      bytes > 0 ? l10n.t('{0} stored', sizeText(bytes)) : '',
    ];
    const description = texts.filter((text) => text !== '').join(', ');
    return { label: connection.name, description, detail: connection.address };
  });
  return (await askChoice(Promise.all(items), { title: l10n.t('Switch connection') })).label;
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

function problem(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
