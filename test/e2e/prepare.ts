import { createVSIX } from '@vscode/vsce';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findBrowser } from '../vscode/findBrowser';
import { cache, installServer } from '../vscode/installServer';
import { run } from '../vscode/run';
import { installArguments } from '../vscode/startServer';
import type { VSCodeVersion } from '../vscode/versions';
import type { Environment } from './environment';

const vsix = path.resolve('vk-cloud-activity-log.vsix');

/** A VS Code server of each version with the packaged extension and the driver installed. */
export async function* prepareEach(versions: readonly VSCodeVersion[]): AsyncGenerator<[VSCodeVersion, Environment]> {
  if (!existsSync(vsix)) throw new Error('There is no VSIX to test: run "npm run package" first');
  const driver = await packDriver();
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

/** The driver as a VSIX: an extension of its own, so that the tested one stays as users get it. */
async function packDriver(): Promise<string> {
  const cwd = path.join(cache, 'driver');
  const manifest = {
    name: 'driver',
    publisher: 'activity-log-tests',
    version: '1.0.0',
    engines: { vscode: '^1.103.0' },
    main: './extension.js',
    files: ['extension.js'],
    activationEvents: ['*'],
    extensionKind: ['workspace'],
    capabilities: { untrustedWorkspaces: { supported: true } },
  };
  await mkdir(cwd, { recursive: true });
  await copyFile('dist/test/e2e/driver/extension.js', path.join(cwd, 'extension.js'));
  await writeFile(path.join(cwd, 'package.json'), JSON.stringify(manifest));
  const packagePath = path.join(cwd, 'driver.vsix');
  await createVSIX({
    cwd,
    packagePath,
    dependencies: false,
    skipLicense: true,
    allowMissingRepository: true,
    allowStarActivation: true,
  });
  return packagePath;
}
