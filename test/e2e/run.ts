import { globSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../vscode/run';
import { chooseVersions } from '../vscode/versions';
import { chooseBuiltIn, prepareEach } from './prepare';

/** These come first, so that none of them runs alone in the end. */
const longest = ['torture', 'bigEvents', 'tree', 'signIn', 'eventPanels'].map((name) => `${name}.test.js`);

/**
 * Runs the specs beside this file against the packaged extension, in the VS Code server of each version, `--jobs` files side
 * by side: two take half the time, and a machine with more than two cores.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      version: { type: 'string', multiple: true, default: [] },
      grep: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      kills: { type: 'string' },
    },
  });
  for await (const [version, environment] of prepareEach(chooseVersions(values.version))) {
    console.log(`\nVS Code ${version.vscode}`);
    const builtIn = await chooseBuiltIn(environment.installation);
    const args = [
      ...['--timeout', '300000', '--color', '--parallel', '--jobs', values.jobs, '--reporter', 'test/timedReport.cjs'],
      ...(values.grep ? ['--grep', values.grep] : []),
      ...[...new Set([...longest, ...globSync('*.test.js', { cwd: __dirname })])].map((name) =>
        path.join(__dirname, name),
      ),
    ];
    await run(process.execPath, ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', ...args], {
      env: {
        ...process.env,
        ...(values.kills && { KILLS: values.kills }),
        E2E_ENVIRONMENT: JSON.stringify({ ...environment, builtIn }),
      },
    }).catch(() => (process.exitCode = 1)); // mocha has said what failed
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
