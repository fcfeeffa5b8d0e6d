// The rooms and who may import whom, as an ESLint rule of our own: no plugin tells code, types and packages apart in one table.
import path from 'node:path';

const core = ['base', 'time', 'json', 'redact', 'event', 'search', 'diff', 'narrative/calls', 'narrative', 'openstack'];
const pure = [...core, 'format'].map((name) => `src/core/${name}`);
const conversations = [...pure, 'src/protocol', 'src/protocol/startWorker.ts'];
const syntax = 'src/terraform/syntax';
const hosts = ['ui', 'connections', 'session', 'code'].map((name) => `src/host/${name}`);
const shown = ['tree', 'panel', 'documents'].map((name) => `src/host/${name}`);
const asked = ['signIn', 'status', 'commands'].map((name) => `src/host/${name}`);
const contract = 'src/history/history.ts';
const queries = ['src/history/db', 'src/history/store', 'src/history/query', 'src/history/ingest', 'src/history/load'];

const shared = ['src/export/columns.ts', 'src/export/fileErrors.ts'];

const node = ['node:.+', 'date-fns'];
const page = ['@codemirror/[a-z-]+', '@lezer/[a-z-]+', 'date-fns'];
const vscode = [...node, 'vscode'];
/** What all of the page may know. */
const ofPage = [...conversations, 'webview/model', 'webview/editor', 'webview/dom.ts', 'webview/toolkit.ts'];
/** What the editor's side knows by its types only: it is built in `src/app`, or runs in a thread of its own. */
const ports = [
  'src/api',
  'src/export',
  'src/credentials',
  'src/terraform',
  'src/history',
  contract,
  'src/history/load',
];

/**
 * A file is in the room of the longest name that its path begins with. It may import from that room, from those `below`, types
 * from those in `types`, and `packages` (regular expressions).
 * @typedef {{ below: string[], types?: string[], packages: string[] }} Room
 * @type {Record<string, Room>}
 */
export const rooms = {
  ...Object.fromEntries(pure.map((room, index) => [room, { below: pure.slice(0, index), packages: ['date-fns'] }])),
  'src/protocol': { below: pure, types: [syntax], packages: ['date-fns'] },
  'src/protocol/startWorker.ts': { below: [...pure, 'src/protocol'], packages: ['node:worker_threads'] },
  'src/api': { below: conversations, packages: [...node, 'undici'] },
  'src/sample': { below: pure, packages: ['date-fns'] },
  'src/export/write': { below: [...conversations, ...shared], packages: node },
  'src/export/read': { below: [...conversations, ...shared, 'src/export/write'], packages: node },
  'src/export': { below: [...conversations, 'src/export/read', 'src/export/write'], packages: node },
  'src/export/columns.ts': { below: pure, packages: [] },
  'src/export/fileErrors.ts': { below: pure, packages: node },
  [syntax]: { below: pure, packages: [] },
  'src/credentials': { below: [...conversations, syntax], packages: [...node, 'yaml'] },
  'src/terraform': { below: [...conversations, syntax], packages: node },
  [contract]: { below: conversations, types: ['src/history/store'], packages: node },
  'src/history/db': { below: conversations, types: [contract], packages: node },
  'src/history/store': { below: [...conversations, contract, 'src/history/db'], packages: node },
  'src/history/query': { below: [...conversations, contract, 'src/history/db', 'src/history/store'], packages: node },
  'src/history/ingest': { below: [...conversations, contract, 'src/history/db', 'src/history/store'], packages: node },
  'src/history/load': { below: [...conversations, contract, 'src/history/ingest'], packages: node },
  'src/history': { below: [...conversations, contract, ...queries], packages: node },
  ...Object.fromEntries(
    hosts.map((room, index) => [
      room,
      { below: [...conversations, syntax, ...hosts.slice(0, index)], types: ports, packages: vscode },
    ]),
  ),
  ...Object.fromEntries(
    shown.map((room) => [room, { below: [...conversations, syntax, ...hosts], types: ports, packages: vscode }]),
  ),
  ...Object.fromEntries(
    asked.map((room) => [room, { below: [...conversations, ...hosts, ...shown], types: ports, packages: vscode }]),
  ),
  src: { below: [''], packages: vscode },
  'webview/model': { below: conversations, packages: page },
  'webview/dom.ts': { below: pure, packages: [] },
  'webview/editor': { below: [...conversations, 'webview/model', 'webview/dom.ts'], packages: page },
  'webview/toolkit.ts': { below: ['webview/dom.ts'], packages: ['@vscode/webview-ui-toolkit'] },
  'webview/parts': { below: ofPage, packages: page },
  webview: { below: [...ofPage, 'webview/parts'], packages: page },
};

/** The name of a file's room. */
function roomOf(/** @type {string} */ file) {
  return Object.keys(rooms)
    .filter((name) => file === name || file.startsWith(`${name}/`))
    .reduce((longest, name) => (name.length > longest.length ? name : longest), '');
}

/** @type {import('eslint').Rule.RuleModule} */
export const walls = {
  create(context) {
    const root = import.meta.dirname;
    const file = path.relative(root, context.filename).split(path.sep).join('/');
    const room = rooms[roomOf(file)];
    if (!room) return {};
    const check = (/** @type {any} */ node, /** @type {any} */ source, isType = false) => {
      if (typeof source?.value !== 'string') return;
      const name = source.value.replace(/^inline:/, '');
      if (!name.startsWith('.')) {
        if (!new RegExp(`^(${room.packages.join('|') || '(?!)'})(/|$)`).test(name))
          context.report({ node, message: `This room may not use the package ${name}.` });
        return;
      }
      const target = path.posix.join(path.posix.dirname(file), name);
      const other = target in rooms ? target : roomOf(/\.ts$/.test(target) ? target : `${target}.ts`);
      const open = [roomOf(file), ...room.below, ...(isType ? (room.types ?? []) : [])];
      if (!open.includes(other) && !room.below.includes(''))
        context.report({ node, message: `${roomOf(file)} may not know ${other || target}.` });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, /** @type {any} */ (node).importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node, node.source, /** @type {any} */ (node).exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (/** @type {any} */ node) => check(node, node.source ?? node.argument?.literal, true),
    };
  },
};
