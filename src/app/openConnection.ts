import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../core/format/connectionReport';
import { RequestError } from '../core/base/errors';
import { documentedComponents } from '../core/event/event';
import type { Log } from '../core/base/log';
import type { Message } from '../core/base/message';
import type { Range } from '../core/time/range';
import { requesterKey } from '../core/openstack/requester';
import { createLoad } from './createLoad';
import { openHistory } from '../history/openHistory';
import { readStreams } from '../history/load/streams';
import type { Connection, Connections } from '../host/connections/connections';
import type { KeystonePort } from '../host/connections/keystonePort';
import { learnRequester } from '../host/connections/learnRequester';
import { SentTokens } from '../host/connections/sentTokens';
import type { Opened } from '../host/session/opened';
import type { Renewal } from '../host/connections/renewal';
import { setting } from '../host/ui/settings';
import type { Tokens } from '../host/connections/tokens';
import { LoadThread } from './loadThread';
import { openSource } from './openSource';
import { readNetwork } from './readNetwork';

const day = 86_400_000;

/** What opening a connection needs of the extension. */
export interface ConnectionServices {
  readonly connections: Connections;
  readonly keystone: KeystonePort;
  readonly renewal: Renewal;
  readonly tokens: Tokens;
  readonly log: Log;
  /** Tells a person something that did not stop the work. */
  say(notice: Message): void;
  /** It is not known whose the new token of the open connection is, so that it may see more than was loaded. */
  offerLoadAgain(connection: Connection): void;
  /** Stored events of the open connection are gone and are to be loaded again. */
  loadAgain(): void;
  /** Where histories are kept. */
  readonly storage: string;
  readonly workerPath: string;
  readonly loadWorkerPath: string;
  readonly logWorkerPath: string;
}

/** Opens the stored history of a connection, without what is too old and not in the range `kept`, and what completes it. */
export async function openConnection(
  connection: Connection,
  kept: Range,
  waitForToken: (signal: AbortSignal) => Promise<void>,
  surroundings: ConnectionServices,
): Promise<Opened> {
  const { connections, keystone, renewal, tokens, log, say, loadAgain, storage } = surroundings;
  const { workerPath, loadWorkerPath, logWorkerPath } = surroundings;
  await tokens.load(connection);
  const thread = new LoadThread(loadWorkerPath);
  thread.start();
  try {
    const source = await openSource(connection, thread, logWorkerPath);
    const file = connection.kind === 'http' ? historyFile(storage, connection) : ':memory:';
    const lost = (notice: Message | undefined): void => {
      if (notice) say(notice);
      loadAgain();
    };
    const { history, inMemory, notices, serveLoader } = await openHistory({ file, workerPath, lost });
    for (const notice of notices) say(notice);
    const trimmed = history
      .trim(Math.min(kept.from, Date.now() - setting('historyDays') * day))
      .catch((error: unknown) => log.error('Old events cannot be deleted', error));
    const components = (): readonly string[] =>
      connection.kind === 'http' ? chosenComponents(connections.withId(connection.id)) : [];
    const now = (): Connection => connections.withId(connection.id) ?? connection;
    const held = tokens.held(connection);
    await history.setRequester(held?.requester);
    let isOffered = false;
    const loads = createLoad(
      {
        history,
        sent: new SentTokens(connection, { tokens, renewal, log }),
        run: async (task, ports, signal) => thread.load(await source.options(), task, ports, serveLoader, signal),
        findToken: (signal) => learnRequester(now(), { tokens, keystone, log }, signal),
        onUnknownRequester() {
          if (!isOffered) surroundings.offerLoadAgain(connection);
          isOffered = true;
        },
        options: () => ({
          components: components(),
          pageSize: setting('pageSize'),
          concurrency: setting('concurrency'),
          // A saved log may come from a clock that is ahead.
          now: () => Math.max(Date.now(), source.range?.to ?? 0),
        }),
        waitForToken,
        isLive: connection.kind === 'http',
        log,
      },
      held,
    );
    return {
      history,
      inMemory,
      get requester() {
        return loads.requester;
      },
      async coverage(signal) {
        const requester = requesterKey(loads.requester);
        return { requester, streams: await readStreams(history, components(), signal) };
      },
      range: source.range,
      dispose: () => thread.dispose(),
      async load(...args) {
        // What a load brings must not be taken away again.
        await trimmed;
        return loads.load(...args);
      },
    };
  } catch (error) {
    thread.dispose();
    throw error;
  }
}

/** Deletes the stored history of a connection, with damaged ones that were set aside. */
export async function forgetHistory(connection: Connection, storage: string): Promise<void> {
  await Promise.all((await historyFiles(connection, storage)).map((file) => rm(file, { force: true })));
}

/** Bytes on disk of a connection's history, open or not. */
export async function storedBytes(connection: Connection, storage: string): Promise<number> {
  const files = await historyFiles(connection, storage);
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function historyFiles(connection: Connection, storage: string): Promise<string[]> {
  const file = path.basename(historyFile(storage, connection));
  const names = (await readdir(storage).catch(() => [])).filter((name) => name.startsWith(file));
  return names.map((name) => path.join(storage, name));
}

function historyFile(storage: string, connection: Connection): string {
  return path.join(storage, `${connection.id}.sqlite`);
}

/** Checks with one small request that `token` opens the log of a connection. @throws RequestError */
export async function checkToken(
  connection: Pick<Connection, 'address' | 'components'>,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const { checkAccess } = await import('../api');
  const options = { endpoint: connection.address, token: () => token, network: await readNetwork() };
  await checkAccess(options, componentsToTry(connection), signal);
}

/** Tests the way to the log of a connection, step by step. */
export async function findTrouble(
  connection: Connection,
  parts: Pick<ConnectionServices, 'keystone' | 'log' | 'renewal' | 'tokens'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { renewal, tokens } = parts;
  const { testConnection } = await import('../api');
  const network = await readNetwork();
  await tokens.load(connection);
  const isEnded = tokens.remaining(connection, Date.now())?.ms === 0 || tokens.current(connection) === undefined;
  // Why it fails the report says.
  if (isEnded && renewal.isPossible(connection)) await renewal.renew(connection.id, signal).catch(() => false);
  return testConnection(
    {
      endpoint: connection.address,
      token: tokens.current(connection),
      tokenLife: tokens.remaining(connection, Date.now()),
      requester: (await learnRequester(connection, parts, signal))?.requester,
      authUrl: connection.auth?.authUrl,
      components: componentsToTry(connection),
      network,
    },
    signal,
  );
}

/** A resource as its service returns it now, as text; with a new token where one is due. @throws RequestError */
export async function getLiveResource(
  connection: Connection,
  url: string,
  { renewal, tokens }: Pick<ConnectionServices, 'renewal' | 'tokens'>,
  signal: AbortSignal,
): Promise<string> {
  const { getResource } = await import('../api');
  const network = await readNetwork();
  const get = () => getResource(url, tokens.current(connection) ?? '', { network }, signal);
  const { body } = await get().catch(async (error: unknown) => {
    const isRefused = error instanceof RequestError && error.failure === 'unauthorized';
    if (!isRefused || !(await renewal.renew(connection.id, signal))) throw error;
    return get();
  });
  return new TextDecoder().decode(body);
}

/** Which component to name where a server insists on one: the chosen ones, else the documented ones [spec]. */
function componentsToTry(connection: Pick<Connection, 'components'>): readonly string[] {
  const chosen = chosenComponents(connection);
  return chosen.length > 0 ? chosen : documentedComponents;
}

/** Those of the connection, else those of the setting. */
function chosenComponents(connection: Pick<Connection, 'components'> | undefined): readonly string[] {
  return connection?.components ?? setting('components');
}
