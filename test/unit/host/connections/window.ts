import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeystoneOptions } from '../../../../src/api';
import { askKeystone } from '../../../../src/app/askKeystone';
import { Emitter } from '../../../../src/core/base/emitter';
import type { Log } from '../../../../src/core/base/log';
import { format } from '../../../../src/core/base/message';
import { createTokens } from '../../../../src/app/createTokens';
import type { Connection } from '../../../../src/host/connections/connections';
import { exclusively } from '../../../../src/host/connections/exclusively';
import { Renewal } from '../../../../src/host/connections/renewal';
import type { SecretBackend } from '../../../../src/host/connections/secretStore';
import type { Tokens } from '../../../../src/host/connections/tokens';
import type { StandIn } from '../../../server/startServer';
import { quick } from '../../api/client';

/** A secret storage as VS Code's: it takes its time, and tells all windows of changes. */
export class MadeVault implements SecretBackend {
  readonly kept = new Map<string, string>();
  readonly #changed = new Emitter<{ key: string }>();
  readonly onDidChange = this.#changed.event;
  /** What is to fail. */
  broken: readonly ('get' | 'store' | 'delete')[] = [];

  async get(key: string): Promise<string | undefined> {
    await this.#work('get');
    return this.kept.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    await this.#work('store');
    this.kept.set(key, value);
    this.#changed.fire({ key });
  }

  async delete(key: string): Promise<void> {
    await this.#work('delete');
    this.kept.delete(key);
    this.#changed.fire({ key });
  }

  async #work(name: 'get' | 'store' | 'delete'): Promise<void> {
    await sleep(2);
    if (this.broken.includes(name)) throw new Error('no keyring');
  }
}

export const password = 'correct horse';

/** A connection that signs in to the stand-in as `ann`. */
export function connectionTo(server: StandIn): Connection {
  const { authUrl, endpoint, projectId } = server;
  const user = { name: 'ann', domain: { name: 'users' } };
  const auth = { kind: 'password', authUrl, user, project: { id: projectId } } as const;
  return { id: randomUUID(), name: 'Test', kind: 'http', address: endpoint, auth };
}

/** What one window of the editor holds of a connection. */
export interface Window {
  readonly tokens: Tokens;
  readonly renewal: Renewal;
  readonly log: Log & { readonly lines: string[] };
  /** The connection as it is now. */
  connection: Connection;
  /** Where Keystone said the log is, each time it moved. */
  readonly moves: (readonly string[])[];
}

const open: { dispose(): void }[] = [];

/** Opens a window on `vault`; windows with the same `lock` take turns. */
export async function openWindow(
  connection: Connection,
  vault: SecretBackend,
  lock: string,
  options: KeystoneOptions = quick,
): Promise<Window> {
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(text);
  const log = { info: write, warn: write, error: write, lines };
  const keystone = askKeystone(() => Promise.resolve(options));
  const tokens = createTokens(vault, keystone, log, (notice) => write(format(notice)));
  const moves: (readonly string[])[] = [];
  const renewal = new Renewal({
    tokens,
    log,
    keystone,
    connection: (id) => (id === window.connection.id ? window.connection : undefined),
    keepServices: async (_connection, catalog) => void (window.connection = { ...window.connection, catalog }),
    onMoved: (_connection, endpoints) => void moves.push(endpoints),
    exclusively: (work, signal) => exclusively(lock, work, signal),
  });
  const window: Window = { tokens, renewal, log, connection, moves };
  open.push(renewal, tokens);
  await tokens.load(connection);
  return window;
}

export function closeWindows(): void {
  for (const part of open.splice(0)) part.dispose();
}

export function lockFile(): string {
  return path.join(tmpdir(), `activity-log-${randomUUID()}`, 'renewal.lock');
}
