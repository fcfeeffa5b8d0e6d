import { parseArgs } from 'node:util';
import { run } from '../vscode/run';
import { chooseVersions } from '../vscode/versions';
import { prepareEach } from './prepare';

/** Runs the specs beside this file against the packaged extension, in the VS Code server of each version. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      version: { type: 'string', multiple: true, default: [] },
      grep: { type: 'string' },
      kills: { type: 'string' },
    },
  });
  for await (const [version, environment] of prepareEach(chooseVersions(values.version))) {
    console.log(`\nVS Code ${version.vscode}`);
    const args = [
      '--timeout',
      '60000',
      '--color',
      ...(values.grep ? ['--grep', values.grep] : []),
      'dist/test/e2e/**/*.test.js',
    ];
    await run(process.execPath, ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', ...args], {
      env: {
        ...process.env,
        ...(values.kills && { KILLS: values.kills }),
        E2E_ENVIRONMENT: JSON.stringify(environment),
      },
    }).catch(() => (process.exitCode = 1)); // mocha has said what failed
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
