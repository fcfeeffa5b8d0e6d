import type { runTests } from '@vscode/test-electron';
import { closeSync, openSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cache, installServer } from '../vscode/installServer';
import { whyNoDesktop } from '../vscode/probeDesktop';
import { run } from '../vscode/run';
import { writeUserSettings } from '../vscode/userSettings';
import { chooseVersions, type VSCodeVersion } from '../vscode/versions';

/**
 * Runs dist/test/host/suite inside the extension host of each version, against the extension of this checkout:
 * in a downloaded desktop VS Code where one can be had, else in the VS Code server from npm with Chromium before it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      desktop: { type: 'boolean', default: false },
      version: { type: 'string', multiple: true, default: [] },
      grep: { type: 'string' },
    },
  });
  const chosen = chooseVersions(values.version);
  const reason = values.desktop ? undefined : await whyNoDesktop();
  console.log(
    reason === undefined
      ? 'Host tests in the desktop VS Code, downloaded'
      : `Host tests in the VS Code server from npm and Chromium (no desktop VS Code: ${reason})`,
  );
  for (const version of chosen) {
    console.log(`\nVS Code ${version.vscode}`);
    await runIn(version, reason === undefined, values.grep).catch((error: unknown) => {
      console.error(`VS Code ${version.vscode}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    });
  }
}

async function runIn(version: VSCodeVersion, desktop: boolean, grep: string | undefined): Promise<void> {
  const launcher = path.resolve('dist/test/host/launcher.js');
  await chmod(launcher, 0o755);
  if (!desktop) await installServer(version);
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'vscode-host-'));
  const [workspace, userData, report] = ['workspace', 'user', 'report'].map((name) => path.join(temporary, name)) as [
    string,
    string,
    string,
  ];
  const logFile = path.join(cache, `host-${version.name}.log`);
  const log = openSync(logFile, 'w');
  try {
    await cp('media/sample', workspace, { recursive: true });
    await mkdir(path.join(temporary, 'second'));
    // Two folders of the disk, and one of a file system that the tests bring.
    const roots = path.join(temporary, 'roots.code-workspace');
    const folders = [{ path: 'workspace' }, { path: 'second' }, { uri: 'memory:/far' }];
    await writeFile(roots, JSON.stringify({ folders }));
    await writeUserSettings(userData);
    const options: Parameters<typeof runTests>[0] = {
      ...(desktop ? { version: version.vscode, cachePath: cache } : { vscodeExecutablePath: launcher }),
      extensionDevelopmentPath: process.cwd(),
      extensionTestsPath: path.resolve('dist/test/host/suite/index.js'),
      extensionTestsEnv: { MOCHA_GREP: grep, SERVER_VERSION: version.name, TEST_REPORT: report },
      launchArgs: [roots, `--user-data-dir=${userData}`, `--extensions-dir=${path.join(temporary, 'extensions')}`],
    };
    await run(process.execPath, [path.resolve('dist/test/host/start.js'), JSON.stringify(options)], { output: log });
  } catch (error) {
    throw new Error(
      `${error instanceof Error ? error.message : String(error)} (all output: ${path.relative('.', logFile)})`,
    );
  } finally {
    closeSync(log);
    process.stdout.write(await readFile(report, 'utf8').catch(() => 'No test was run\n'));
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

void main();
