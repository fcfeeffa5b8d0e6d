import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Network } from './api';
import { UserError } from './core/errors';
import { documentedComponents } from './core/event';
import type { Log } from './core/log';
import { message, type Message } from './core/message';
import type { EventSource } from './core/source';
import { openHistory } from './history/openHistory';
import { Loader } from './history/loader';
import type { Connection } from './host/connections';
import type { Opened } from './host/session';
import { setting } from './host/settings';
import type { Tokens } from './host/tokens';

const day = 86_400_000;

/** What opening a connection needs of the extension. */
export interface Surroundings {
  readonly tokens: Tokens;
  readonly log: Log;
  /** Tells a person something that did not stop the work. */
  say(notice: Message): void;
  /** Where histories are kept. */
  readonly storage: string;
  readonly workerPath: string;
}

/** Opens the stored history of a connection and the source it is completed from. */
export async function openConnection(
  connection: Connection,
  waitForToken: (signal: AbortSignal) => Promise<void>,
  { tokens, log, say, storage, workerPath }: Surroundings,
): Promise<Opened> {
  await tokens.load(connection);
  await mkdir(storage, { recursive: true, mode: 0o700 });
  const file = connection.kind === 'http' ? historyFile(storage, connection) : ':memory:';
  const { history, notices } = await openHistory({ file, workerPath });
  for (const notice of notices) say(notice);
  void history.trim(Date.now() - setting('historyDays') * day);
  const { source, dispose } = await openSource(connection, tokens, log);
  return {
    history,
    dispose,
    load(range, onProgress, signal) {
      const loader = new Loader({
        source,
        history,
        components: connection.kind === 'http' ? setting('components') : [],
        pageSize: setting('pageSize'),
        now: Date.now,
        waitForToken,
        log,
      });
      return loader.load(range, onProgress, signal);
    },
  };
}

/** Deletes the stored history of a connection. */
export async function forgetHistory(connection: Connection, storage: string): Promise<void> {
  const file = historyFile(storage, connection);
  await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(file + suffix, { force: true })));
}

/** The way to the servers, as the settings say. */
async function readNetwork(): Promise<Network> {
  const caFile = setting('caFile');
  if (caFile === '') return {};
  try {
    return { ca: [await readFile(caFile, 'utf8')] };
  } catch (cause) {
    throw new UserError(message('The file of the setting activityLog.caFile cannot be read: {0}', caFile), { cause });
  }
}

async function openSource(
  connection: Connection,
  tokens: Tokens,
  log: Log,
): Promise<{ readonly source: EventSource; dispose(): void }> {
  switch (connection.kind) {
    case 'http': {
      const { createAuditSource } = await import('./api');
      const source = createAuditSource({
        endpoint: connection.address,
        token: () => tokens.current(connection),
        network: await readNetwork(),
        onAttempt: ({ number, host, milliseconds, status, bytes, failure }) =>
          log.info(`${host}: ${failure ?? status} in ${milliseconds} ms, ${bytes} bytes (attempt ${number})`),
      });
      return { source, dispose: () => source.dispose() };
    }
    case 'sample': {
      const { sampleSource } = await import('./core/sample/sampleSource');
      return { source: sampleSource(Date.now()), dispose: () => undefined };
    }
    case 'file': {
      const { openLogFile } = await import('./export');
      const { source } = await openLogFile(connection.address, new AbortController().signal);
      return { source, dispose: () => undefined };
    }
  }
}

function historyFile(storage: string, connection: Connection): string {
  return path.join(storage, `${connection.id}.sqlite`);
}

/** Checks with one small request that `token` opens the log of a connection. @throws RequestError */
export async function checkToken(connection: Connection, token: string, signal: AbortSignal): Promise<void> {
  const { checkAccess } = await import('./api');
  const options = { endpoint: connection.address, token: () => token, network: await readNetwork() };
  await checkAccess(options, componentsToTry(), signal);
}

/** A resource as its service returns it now, as text. @throws RequestError */
export async function getLiveResource(url: string, token: string, signal: AbortSignal): Promise<string> {
  const { getResource } = await import('./api');
  const { body } = await getResource(url, token, { network: await readNetwork() }, signal);
  return new TextDecoder().decode(body);
}

/** Which component to name where a server insists on one: those of the setting, else the documented ones [spec]. */
function componentsToTry(): readonly string[] {
  const chosen = setting('components');
  return chosen.length > 0 ? chosen : documentedComponents;
}
