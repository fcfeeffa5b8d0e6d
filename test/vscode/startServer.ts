import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { ServerInstallation } from './installServer';

interface ServerOptions {
  /** Settings, state and global storage of extensions. */
  readonly userData: string;
  readonly extensions: string;
  /** Workspace trust is switched off: every folder is trusted. */
  readonly trusted: boolean;
  /** 0 or undefined: a free one. */
  readonly port?: number | undefined;
  /** What a browser must bring; undefined lets everyone on this machine in. */
  readonly token?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Folder of the extensions that come with VS Code; undefined: all of them. */
  readonly builtIn?: string | undefined;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A running VS Code server, reachable from this machine only. */
export interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the server and resolves when it listens. It ends with this process at the latest. */
export async function startServer(installation: ServerInstallation, options: ServerOptions): Promise<Server> {
  await mkdir(path.join(options.userData, 'logs'), { recursive: true });
  const serverData = await mkdtemp(path.join(os.tmpdir(), 'vscode-server-'));
  const args = [
    ...installation.version.options,
    ...serverArguments(options),
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    ...(options.token === undefined ? ['--without-connection-token'] : ['--connection-token', options.token]),
    ...['--server-data-dir', serverData, '--accept-server-license-terms', '--telemetry-level', 'off'],
    ...(options.trusted ? ['--disable-workspace-trust'] : []),
    ...(options.builtIn === undefined ? [] : ['--builtin-extensions-dir', options.builtIn]),
  ];
  // A process group of its own, so that the extension hosts end with it.
  const child = spawn(installation.node, [installation.main, ...args], {
    env: { ...process.env, TMPDIR: serverData, XDG_RUNTIME_DIR: serverData, ...options.environment }, // sockets lie there
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = (): void => killGroup(child);
  process.once('exit', kill);
  for (const signal of signals) process.once(signal, leave); // or 'exit' would not be told
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    for (const signal of signals) process.off(signal, leave);
    const ended =
      child.exitCode !== null || child.signalCode !== null || new Promise((resolve) => child.once('exit', resolve));
    kill();
    await ended;
    await rm(serverData, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    return { port: await readPort(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Installs a VSIX where servers started with the same folders find it. */
export function installArguments(options: Pick<ServerOptions, 'userData' | 'extensions'>, vsix: string): string[] {
  return [...serverArguments(options), '--install-extension', vsix, '--force'];
}

function serverArguments(options: Pick<ServerOptions, 'userData' | 'extensions'>): string[] {
  return ['--user-data-dir', options.userData, '--extensions-dir', options.extensions];
}

/** The port the server says it listens on. */
async function readPort(child: ChildProcess): Promise<number> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`The VS Code server ${why}:\n${said.slice(-20).join('\n')}`));
    const timer = setTimeout(() => fail('did not start within 60 s'), 60_000);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        said.push(line);
        const port = /agent listening on (\d+)/.exec(line)?.[1];
        if (port === undefined) return;
        clearTimeout(timer);
        resolve(Number(port));
      });
    }
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('exit', (code) => fail(`ended with ${String(code)}`));
  });
}

function leave(): void {
  process.exit(130);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // all of it has ended
  }
}
