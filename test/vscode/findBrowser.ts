import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { run } from './run';

const installed = [
  'chromium',
  'google-chrome',
  'google-chrome-stable',
  'chromium-browser',
  'microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** A Chromium to drive: `BROWSER_PATH`, an installed one, else one installed now (Debian as root) or downloaded by Playwright. */
export async function findBrowser(): Promise<string> {
  const found = process.env['BROWSER_PATH'] ?? findInstalled() ?? downloaded();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && works('apt-get')) {
    console.log('No browser found: installing Chromium with apt-get ...');
    await installWithApt();
    const chromium = findInstalled();
    if (chromium !== undefined) return chromium;
  }
  console.log('No browser found: downloading Chromium with Playwright ...');
  await run(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium']).catch(
    (error: unknown) => {
      throw new Error(
        'No Chrome, Chromium or Edge on this machine, and none can be had: install one, or name it in BROWSER_PATH.',
        {
          cause: error,
        },
      );
    },
  );
  return chromium.executablePath();
}

function findInstalled(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return installed
    .flatMap((name) => folders.map((folder) => path.resolve(folder, name)))
    .find((file) => existsSync(file) && works(file));
}

function works(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function downloaded(): string | undefined {
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

async function installWithApt(): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): Promise<void> =>
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { env, quiet: true });
  await apt('update')
    .then(() => apt('install', '-y', '--no-install-recommends', 'chromium'))
    .catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
}
