// The rooms' walls and the compiler-backed rules. Formatting is Prettier's.
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { walls } from './eslint.walls.mjs';

/** What shows texts to people. Texts hold names and words of strangers, of which VS Code makes links and icons: see src/host/ui. */
const door = 'Texts reach people through src/host/ui, where no words of strangers become links or icons.';
const shows = [
  ...['showInformationMessage', 'showWarningMessage', 'showErrorMessage', 'withProgress', 'setStatusBarMessage'],
  ...['showInputBox', 'createInputBox', 'showQuickPick', 'createQuickPick', 'createStatusBarItem', 'MarkdownString'],
];
const unnamedExport = { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' };
const ownWorker = {
  selector: "NewExpression[callee.name='Worker']",
  message: 'src/protocol/startWorker.ts starts workers.',
};
const ownMarkdown = {
  selector:
    "ImportDeclaration[importKind!='type'] > ImportSpecifier[importKind!='type'][imported.name='MarkdownString']",
  message: door,
};

/** Files with one function of more than 60 lines. This list only gets shorter. */
const longFunctions = [
  ...['createCommands', 'createLoad', 'openConnection'].map((name) => `src/app/${name}.ts`), // what puts the parts together
  'src/core/diff/changedPaths.ts', // functions that call one another
  'src/host/commands/{eventCommands,goToUri}.ts', // tables of commands
  'src/host/signIn/{connectionCommands,setUpFlow,signInFields}.ts', // tables of commands, steps and fields
  'src/protocol/rpc.ts', // both ends of a call share its state
];

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
    ignores: ['src/host/ui/{markdown,quickInput,showHint,showMessage,showProgress,statusItem}.ts'],
    rules: {
      'no-restricted-properties': ['error', ...shows.map((property) => ({ property, message: door }))],
      'no-restricted-syntax': ['error', unnamedExport, ownMarkdown, ownWorker],
    },
  },
  {
    files: ['src/protocol/startWorker.ts'],
    rules: { 'no-restricted-syntax': ['error', unnamedExport] },
  },
  {
    files: ['src/**', 'webview/**'],
    plugins: { rooms: { rules: { walls } } },
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'rooms/walls': 'error',
    },
  },
  {
    files: longFunctions,
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['src/host/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/core/(redact/redact|event/redactEvent)$',
              importNames: ['redactText', 'redactEvent', 'redactSummary', 'findSecrets', 'secretsOf'],
              message: 'They take as long as the text: use redactShort, or ask the history, which masks in its worker.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: { 'no-console': 'off' },
  },
);
