// Installs the packages where they are missing or not those of package-lock.json. Needs Node 20.19 and npm, nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';

/** The environment for all that runs here: Node 22, which comes as a package, before the machine's own. */
export const environment = {
  ...process.env,
  PATH: path.join(root, 'node_modules', '.bin') + path.delimiter + (process.env.PATH ?? ''),
};

/** Runs a program in the project's root and says whether it ended well. */
export function runs(/** @type {string} */ command, /** @type {string[]} */ args, cwd = root) {
  return spawnSync(command, args, { cwd, env: environment, stdio: 'inherit', shell: windows }).status === 0;
}

/** Leaves the packages installed and Node 22 in place, or ends the process with what to do. */
export function ensureInstalled() {
  if (stale() && !runs('npm', ['ci', '--no-audit', '--no-fund'])) fail('"npm ci" failed: see above.');
  if (node22()) return;
  // A package's install script puts the binary in place; newer npm may not run it unasked.
  const folder = path.join(root, 'node_modules', 'node');
  runs('node', ['installArchSpecificPackage.js'], folder);
  if (!node22())
    fail(
      'Node 22 is not in node_modules/node/bin. Run "npm rebuild node" with install scripts allowed, or put Node 22 on your PATH there.',
    );
}

function stale() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return true;
  const read = (/** @type {string} */ file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const there = read(installed);
  return Object.entries(read(path.join(root, 'package-lock.json'))).some(
    ([name, entry]) => name !== '' && !entry.optional && there[name]?.version !== entry.version,
  );
}

function node22() {
  const binary = path.join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
  return spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v22.') ?? false;
}

function fail(/** @type {string} */ message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
