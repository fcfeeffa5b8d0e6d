import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cache } from './installServer';
import { run } from './run';

/** Packs a built script as an extension of its own, so that the tested one stays as users get it; returns the VSIX. */
export async function packExtension(name: string, script: string): Promise<string> {
  const cwd = path.join(cache, name);
  const manifest = {
    name,
    publisher: 'activity-log-tests',
    version: '1.0.0',
    engines: { vscode: '^1.103.0' },
    main: './extension.js',
    files: ['extension.js'],
    activationEvents: ['*'],
    extensionKind: ['workspace'],
    capabilities: { untrustedWorkspaces: { supported: true } },
  };
  await mkdir(cwd, { recursive: true });
  await copyFile(script, path.join(cwd, 'extension.js'));
  await writeFile(path.join(cwd, 'package.json'), JSON.stringify(manifest));
  const packagePath = path.join(cwd, `${name}.vsix`);
  const options = ['--no-dependencies', '--skip-license', '--allow-missing-repository', '--allow-star-activation'];
  const vsce = path.resolve('node_modules/@vscode/vsce/vsce');
  await run(process.execPath, [vsce, 'package', ...options, '--out', packagePath], { cwd, quiet: true });
  return packagePath;
}
