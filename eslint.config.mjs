// The rooms' walls and the compiler-backed rules. Formatting is Prettier's.
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const rooms = ['api', 'core', 'export', 'history', 'host', 'import', 'protocol', 'terraform', 'webview'];

/**
 * What the files of one room may import: these rooms, only their types, and these packages (regular expressions).
 * @param {{ files: string[], rooms: string[], types?: string[], packages: string[], ignores?: string[] }} wall
 */
function wall({ files, rooms: allowed, types = [], packages, ignores = [] }) {
  const foreign = rooms.filter((room) => !allowed.includes(room));
  const room = (/** @type {string[]} */ names) => `^(\\.\\./)+(src/)?(${names.join('|')})(/|$)`;
  const patterns = [
    { regex: `^(?!\\.|(${packages.join('|')})(/|$))`, message: 'This room may not use that package.' },
    {
      regex: room([...foreign.filter((name) => !types.includes(name)), 'extension']),
      message: 'This room may not know that one.',
    },
    ...(types.length > 0
      ? [{ regex: room(types), allowTypeImports: true, message: 'Only types may come from that room.' }]
      : []),
  ];
  return { files, ignores, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}

/** What shows texts to people. Texts hold names and words of strangers, of which VS Code makes links and icons: see src/host/ui. */
const door = 'Texts reach people through src/host/ui, where no words of strangers become links or icons.';
const shows = [
  ...['showInformationMessage', 'showWarningMessage', 'showErrorMessage', 'withProgress', 'setStatusBarMessage'],
  ...['showInputBox', 'createInputBox', 'showQuickPick', 'createQuickPick', 'createStatusBarItem', 'MarkdownString'],
];
const unnamedExport = { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' };
const ownMarkdown = {
  selector:
    "ImportDeclaration[importKind!='type'] > ImportSpecifier[importKind!='type'][imported.name='MarkdownString']",
  message: door,
};

const page = ['@codemirror/[a-z-]+', '@lezer/[a-z-]+', 'date-fns', 'inline:\\./[a-zA-Z]+\\.ts'];

export default defineConfig(
  globalIgnores(['dist/', '.vscode-test/', 'media/', '**/*.mjs']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', unnamedExport],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off', // VS Code's Disposable is a class, any {dispose} will do
      '@typescript-eslint/require-await': 'off', // async turns a throw into a rejection
      '@typescript-eslint/no-non-null-assertion': 'off', // the word for an index known to be inside
      '@typescript-eslint/unbound-method': 'off', // ports are objects of plain functions
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/host/ui/**'],
    rules: {
      'no-restricted-properties': ['error', ...shows.map((property) => ({ property, message: door }))],
      'no-restricted-syntax': ['error', unnamedExport, ownMarkdown],
    },
  },
  { files: ['src/**', 'webview/**'], rules: { 'max-lines': ['error', 300] } },
  wall({ files: ['src/core/**'], rooms: ['core'], packages: ['date-fns'] }),
  wall({
    files: ['src/protocol/**'],
    ignores: ['src/protocol/startWorker.ts'],
    rooms: ['core', 'protocol'],
    packages: ['date-fns'],
  }),
  wall({ files: ['src/protocol/startWorker.ts'], rooms: ['core', 'protocol'], packages: ['node:worker_threads'] }),
  wall({ files: ['src/terraform/**'], rooms: ['core', 'protocol', 'terraform'], packages: ['node:.+'] }),
  wall({ files: ['src/api/**'], rooms: ['api', 'core', 'protocol'], packages: ['node:.+', 'date-fns', 'undici'] }),
  wall({ files: ['src/history/**'], rooms: ['core', 'history', 'protocol'], packages: ['node:.+', 'date-fns'] }),
  wall({
    files: ['src/export/**'],
    rooms: ['core', 'export', 'protocol'],
    packages: ['node:.+', 'date-fns', 'jsonc-parser'],
  }),
  wall({ files: ['src/import/**'], rooms: ['core', 'import'], packages: ['node:.+', 'yaml'] }),
  wall({
    files: ['src/host/**'],
    rooms: ['core', 'host', 'protocol'],
    types: ['api', 'export', 'history', 'import', 'terraform'],
    packages: ['node:.+', 'date-fns', 'vscode'],
  }),
  {
    files: ['src/host/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/core/redact$',
              importNames: ['redactText', 'redactEvent', 'redactSummary', 'findSecrets', 'secretsOf'],
              message: 'They take as long as the text: use redactShort, or ask the history, which masks in its worker.',
            },
          ],
        },
      ],
    },
  },
  wall({
    files: ['webview/**'],
    ignores: ['webview/toolkit.ts'],
    rooms: ['core', 'protocol', 'webview'],
    packages: page,
  }),
  wall({ files: ['webview/toolkit.ts'], rooms: ['webview'], packages: ['@vscode/webview-ui-toolkit'] }),
  {
    files: ['test/**'],
    rules: { 'no-console': 'off' },
  },
);
