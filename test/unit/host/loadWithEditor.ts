import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import type * as Esbuild from 'esbuild';

/** Files of src/host as they are, but that they find `vscode` here. */
export function loadWithEditor(files: readonly string[], vscode: object): unknown {
  const { buildSync } = createRequire(path.resolve('package.json'))('esbuild') as typeof Esbuild;
  const contents = files.map((file) => `export * from './${file}';`).join('\n');
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: path.resolve('src/host'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    write: false,
    logLevel: 'error',
  });
  const module = { exports: {} };
  const needs = (name: string): unknown => (name === 'vscode' ? vscode : createRequire(__filename)(name));
  const run = vm.compileFunction(outputFiles[0]?.text ?? '', ['module', 'require']) as (...given: unknown[]) => void;
  run(module, needs);
  return module.exports;
}
