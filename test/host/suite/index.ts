import Mocha from 'mocha';
import { appendFileSync, globSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';

/** What VS Code calls in the extension host: runs every `*.test.js` beside this file and reports to the file `TEST_REPORT`. */
export async function run(): Promise<void> {
  const { MOCHA_GREP: grep, TEST_REPORT: report } = process.env;
  if (!report) throw new Error('TEST_REPORT is not set: start these tests with "npm run test:host"');
  Mocha.reporters.Base.consoleLog = (...line: unknown[]) => appendFileSync(report, `${format(...line)}\n`);
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 600_000,
    forbidOnly: Boolean(process.env['CI']),
    reporter: path.join(__dirname, '../../../../test/timedReport.cjs'),
  });
  if (grep) mocha.grep(grep);
  for (const file of globSync('**/*.test.js', { cwd: __dirname })) mocha.addFile(path.join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${String(failures)} tests failed`);
}
