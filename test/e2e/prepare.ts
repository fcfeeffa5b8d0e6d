import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { findBrowser } from '../vscode/findBrowser';
import { cache, installServer, type ServerInstallation } from '../vscode/installServer';
import { packExtension } from '../vscode/packExtension';
import { run } from '../vscode/run';
import { installArguments } from '../vscode/startServer';
import type { VSCodeVersion } from '../vscode/versions';
import type { Environment } from './environment';

const vsix = path.resolve('vk-cloud-activity-log.vsix');

/** A VS Code server of each version with the packaged extension and the driver installed. */
export async function* prepareEach(versions: readonly VSCodeVersion[]): AsyncGenerator<[VSCodeVersion, Environment]> {
  if (!existsSync(vsix)) throw new Error('There is no VSIX to test: run "npm run package" first');
  const driver = await packExtension('driver', 'dist/test/e2e/driver/extension.js');
  const browser = await findBrowser();
  for (const version of versions) yield [version, await prepare(version, browser, driver)];
}

async function prepare(version: VSCodeVersion, browser: string, driver: string): Promise<Environment> {
  const installation = await installServer(version);
  const folder = path.join(cache, `e2e-${version.name}`);
  await rm(folder, { recursive: true, force: true });
  const folders = { userData: path.join(folder, 'user'), extensions: path.join(folder, 'extensions') };
  await mkdir(path.join(folders.userData, 'logs'), { recursive: true });
  await mkdir(folders.extensions);
  for (const file of [vsix, driver]) {
    await run(installation.node, [installation.main, ...installArguments(folders, file)], { quiet: true });
  }
  return { installation, browser, extensions: folders.extensions };
}

/**
 * VS Code's own extensions that have to do with what the tested one shows: its languages and colours. Reading all hundred
 * of them takes a quarter of a start; the host tests and the demo run among all.
 */
export async function chooseBuiltIn({ version, main }: ServerInstallation): Promise<string> {
  const all = path.join(path.dirname(main), '..', 'extensions');
  const folder = path.join(cache, `e2e-${version.name}`, 'built-in');
  for (const name of await readdir(all)) {
    if (!/^(json|markdown|theme-(defaults|seti|modern))/.test(name)) continue;
    await cp(path.join(all, name), path.join(folder, name), { recursive: true });
  }
  return folder;
}
