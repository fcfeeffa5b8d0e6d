#!/usr/bin/env node
import os from 'node:os';
import path from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { format, parseArgs } from 'node:util';
import { findBrowser } from '../vscode/findBrowser';
import { installServer } from '../vscode/installServer';
import { openBrowser, workbenchUrl } from '../vscode/openBrowser';
import { startServer } from '../vscode/startServer';
import { chooseVersions } from '../vscode/versions';

/** Stands in for the desktop VS Code: takes the arguments that `runTests` passes, and exits with the tests' code. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ strict: false, allowPositionals: true });
  const read = (name: string): string => {
    const value = values[name];
    if (typeof value !== 'string') throw new Error(`--${name}= is missing`);
    return value;
  };
  const [version] = chooseVersions([process.env['SERVER_VERSION'] ?? '']);
  const installation = await installServer(version!);
  const server = await startServer(installation, {
    userData: read('user-data-dir'),
    extensions: read('extensions-dir'),
    trusted: true,
  });
  const profile = await mkdtemp(path.join(os.tmpdir(), 'vscode-profile-'));
  const browser = await openBrowser(await findBrowser(), profile);
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    const remote = (file: string): string => `vscode-remote://127.0.0.1:${String(server.port)}${file}`;
    const url = workbenchUrl(server.port, positionals[0], [
      ['extensionDevelopmentPath', remote(read('extensionDevelopmentPath'))],
      ['extensionTestsPath', remote(read('extensionTestsPath'))],
    ]);
    return await new Promise<number>((resolve, reject) => {
      const minutes = 15;
      setTimeout(
        () => reject(new Error(`The tests did not end within ${String(minutes)} minutes`)),
        minutes * 60_000,
      ).unref();
      // What the workbench calls when it drives tests: output of the extension host, and the end.
      const ready = Promise.all([
        page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) =>
          console.log(`${type}: ${format(...args)}`),
        ),
        page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)),
      ]);
      ready.then(() => page.goto(url, { timeout: 0 })).catch(reject);
      page.once('crash', () => reject(new Error('The page crashed')));
    });
  } finally {
    await browser.close();
    await server.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
