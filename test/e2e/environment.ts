import type { ServerInstallation } from '../vscode/installServer';
import { versions } from '../vscode/versions';

/** What run.ts prepared for the specs of one VS Code version. */
export interface Environment {
  readonly installation: ServerInstallation;
  /** Chromium's executable. */
  readonly browser: string;
  /** Folder of installed extensions: the packaged one and the driver. */
  readonly extensions: string;
  /** Folder of VS Code's own extensions, where not all of them are to run. */
  readonly builtIn?: string;
}

export function readEnvironment(): Environment {
  const json = process.env['E2E_ENVIRONMENT'];
  if (json === undefined) throw new Error('Start the end-to-end tests with "npm run test:e2e"');
  return JSON.parse(json) as Environment;
}

/** Whether the newest VS Code is tested. */
function isNewest(): boolean {
  return readEnvironment().installation.version.name === versions.at(-1)?.name;
}

/** A `describe` of what does not depend on VS Code's version, which runs in the newest one only. */
export function describeNewest(title: string, tests: (this: Mocha.Suite) => void): void {
  (isNewest() ? describe : describe.skip)(title, tests);
}

/** An `it` of the same. */
export function newest(title: string, test: Mocha.AsyncFunc): void {
  (isNewest() ? it : it.skip)(title, test);
}
