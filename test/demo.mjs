// `npm run demo`: the packaged extension in VS Code, connected to a stand-in for the Audit API, an event open beside its code.
// VS Code is an installed `code`, with settings and extensions of its own, or else the VS Code server from npm.
// Options: --server (never the installed one)  --no-open (do not open a browser)  --port N (of the server)
//   --built (what was built before is taken as it is)  --home FOLDER (for all that is written)
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ensureInstalled, environment, root, runs } from './install.mjs';

const { values } = parseArgs({
  options: {
    server: { type: 'boolean' },
    'no-open': { type: 'boolean' },
    port: { type: 'string' },
    built: { type: 'boolean' },
    home: { type: 'string', default: path.join(root, '.vscode-test', 'demo') },
  },
});
const home = path.resolve(values.home);
const folders = { userData: path.join(home, 'user'), extensions: path.join(home, 'extensions') };
const workspace = path.join(home, 'sample');
const vsix = path.join(root, 'vk-cloud-activity-log.vsix');

process.chdir(root);
ensureInstalled();
if (!values.built && !(runs('npm', ['run', '--silent', 'package']) && runs('node', ['esbuild.mjs', '--tests'])))
  process.exit(1);
const { packExtension } = await import('../dist/test/vscode/packExtension.js');
const { writeUserSettings } = await import('../dist/test/vscode/userSettings.js');
const companion = await packExtension('demo-companion', 'dist/test/demo/companion.js');
rmSync(workspace, { recursive: true, force: true });
mkdirSync(path.join(folders.userData, 'logs'), { recursive: true });
mkdirSync(folders.extensions, { recursive: true });
cpSync('media/sample', workspace, { recursive: true });
await writeUserSettings(folders.userData, { 'workbench.hover.delay': undefined }); // people want their tooltips

const { endpoint, token } = await startStandIn();
// The companion finds it there and does the first steps.
writeFileSync(path.join(home, 'standIn.json'), JSON.stringify({ endpoint, token }), { mode: 0o600 });
const address = openInstalled() ? undefined : await openServer();
console.log(`
${address ? `Open ${address}` : 'VS Code opens with settings and extensions of its own.'}

A month of a made-up project is loaded over HTTP, and a resize of a server stands beside its code. To try next:
  In the panel         the tab Changes; Previous and Next walk the life of the server
  Above the code       "N events, last: ..." lists what happened to that block
  In the command palette (F1)
    ${title('setFilter')}
        success=no            what failed
    ${title('showOutsideChanges')}
        what was changed by hand since the last apply
    ${title('export')}
        the list as a spreadsheet, CSV, JSON or Markdown

Ctrl+C ends it.`);

/** How the command palette names a command. */
function title(/** @type {string} */ command) {
  const texts = JSON.parse(readFileSync('package.nls.json', 'utf8'));
  return `${texts.category}: ${texts[`command.${command}`]}`;
}

/** The stand-in API, which ends with this process: its standard input does. */
async function startStandIn() {
  const child = spawn('node', ['dist/test/server/main.js', '--sample', '--child'], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) return JSON.parse(line);
  throw new Error('The stand-in API did not start');
}

/** Opens an installed VS Code, where there is one that can show a window here. */
function openInstalled() {
  const { DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI, CI } = process.env;
  const blind = process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY;
  const asRoot = process.getuid?.() === 0; // VS Code refuses to run as root
  if (values.server || blind || asRoot || VSCODE_IPC_HOOK_CLI || CI) return false; // VSCODE_IPC_HOOK_CLI: `code` is a remote's
  const code = (/** @type {string[]} */ ...args) =>
    spawnSync('code', ['--user-data-dir', folders.userData, '--extensions-dir', folders.extensions, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    }).status === 0;
  const quiet = ['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'];
  return (
    [vsix, companion].every((file) => code('--install-extension', file, '--force')) &&
    code('--new-window', ...quiet, workspace)
  );
}

/** Starts the VS Code server on this machine's own address and returns what to open in a browser. */
async function openServer() {
  const { installServer } = await import('../dist/test/vscode/installServer.js');
  const { installArguments, startServer } = await import('../dist/test/vscode/startServer.js');
  const { workbenchUrl } = await import('../dist/test/vscode/openBrowser.js');
  const { versions } = await import('../dist/test/vscode/versions.js');
  const installation = await installServer(versions.at(-1));
  for (const file of [vsix, companion]) {
    const install = spawnSync(installation.node, [installation.main, ...installArguments(folders, file)], {
      encoding: 'utf8',
    });
    if (install.status !== 0) throw new Error(`The extension could not be installed: ${install.stderr.slice(-2000)}`);
  }
  const key = randomBytes(16).toString('hex');
  const server = await startServer(installation, {
    ...folders,
    trusted: true,
    port: Number(values.port ?? 0),
    token: key,
  });
  const address = `${workbenchUrl(server.port, workspace)}&tkn=${key}`;
  if (!values['no-open'] && !process.env.CI) openInBrowser(address);
  return address;
}

function openInBrowser(/** @type {string} */ address) {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform] ?? 'xdg-open';
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref(); // the address is printed anyway
}
