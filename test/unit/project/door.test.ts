import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Eslint from 'eslint';

const { ESLint, Linter } = createRequire(path.resolve('package.json'))('eslint') as typeof Eslint;

/** How often the rules for `file` refuse the code for going around src/host/ui. */
async function refusals(file: string, code: string): Promise<number> {
  const { languageOptions, rules = {} } = (await new ESLint().calculateConfigForFile(file)) as Eslint.Linter.Config;
  const config: Eslint.Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: { parser: languageOptions?.['parser'] as Eslint.Linter.Parser },
    rules: Object.fromEntries(Object.entries(rules).filter(([name]) => name.startsWith('no-restricted-'))),
  };
  const found = new Linter().verify(code, [config], 'x.ts');
  return found.filter(({ message }) => message.includes('src/host/ui')).length;
}

const shows = [
  "window.showErrorMessage('x');",
  "vscode.window.showWarningMessage('x');",
  "window['showInformationMessage']('x');",
  'const { showQuickPick } = window;',
  'export const show = window.withProgress;',
  'w.createInputBox();',
  'window.showInputBox({});',
  'window.createQuickPick();',
  "window.setStatusBarMessage('x');",
  "window.createStatusBarItem('x');",
  "import { MarkdownString } from 'vscode';",
  "import { MarkdownString as Text } from 'vscode';",
  'new vscode.MarkdownString();',
];

describe('Texts reach people through one door', () => {
  for (const code of shows) {
    it(`refuses ${code}`, async () => {
      for (const file of ['src/extension.ts', 'src/host/ui/flow.ts', 'src/host/ui/register.ts'])
        assert.equal(await refusals(file, code), 1, file);
      assert.equal(await refusals('src/host/ui/showMessage.ts', code), 0);
    });
  }

  it('lets types of the editor through, and what shows no text', async () => {
    const code =
      "import type { MarkdownString } from 'vscode'; import { type MarkdownString as M, window } from 'vscode';";
    assert.equal(await refusals('src/host/ui/flow.ts', `${code} window.showTextDocument(x);`), 0);
  });
});
