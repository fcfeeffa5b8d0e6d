// Builds dist/. Options: --production (minified, no source maps), --watch, --tests (dist/test as well).
// Only the extension, its host tests and the end-to-end driver may see `vscode`: that the page, the worker and the
// unit tests bundle without it is a gate.
import * as esbuild from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundledPackages, writeNotices } from './test/notices.mjs';

const options = new Set(process.argv.slice(2));
const production = options.has('--production');

/** @type {esbuild.BuildOptions} */
const common = { bundle: true, metafile: true, logLevel: 'warning', legalComments: 'none', minify: production };
/** @type {esbuild.BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  sourcemap: production ? false : 'linked',
};
/** @type {esbuild.BuildOptions} */
const test = { ...node, minify: false, sourcemap: 'linked', outdir: 'dist/test', outbase: 'test' };

/**
 * Leaves undici in a file of its own: merely reading its 500 KB would double the time of activation.
 * @type {esbuild.Plugin}
 */
const undiciApart = {
  name: 'undici-apart',
  setup: (build) => build.onResolve({ filter: /^undici$/ }, () => ({ path: './undici.js', external: true })),
};

/**
 * Of what is shipped.
 * @type {esbuild.Metafile[]}
 */
const metafiles = [];

/**
 * `import { script } from 'inline:./x.ts'`: x and what it imports, as the text of one script. The page starts its worker from it.
 * @type {esbuild.Plugin}
 */
const inlined = {
  name: 'inlined',
  setup(build) {
    build.onResolve({ filter: /^inline:/ }, ({ path: name, resolveDir }) => ({
      path: path.join(resolveDir, name.slice('inline:'.length)),
      namespace: 'inline',
    }));
    build.onLoad({ filter: /.*/, namespace: 'inline' }, async ({ path: file }) => {
      const { outputFiles, metafile } = await esbuild.build({
        ...page,
        entryPoints: [file],
        write: false,
      });
      metafiles.push(metafile);
      const contents = `export const script = ${JSON.stringify(outputFiles[0]?.text)}`;
      return { contents, watchFiles: Object.keys(metafile.inputs) };
    });
  },
};

/** @satisfies {esbuild.BuildOptions} */
const page = { ...common, format: /** @type {const} */ ('iife'), target: 'chrome138' };

/** @type {esbuild.BuildOptions[]} */
const builds = [
  // What extension.ts imports dynamically is in this file too, but evaluated on first use only; undici is then read, too.
  {
    ...node,
    entryPoints: [{ in: 'src/extension.ts', out: 'extension' }],
    outdir: 'dist',
    external: ['vscode'],
    plugins: [undiciApart],
  },
  { ...node, entryPoints: ['undici'], outdir: 'dist', entryNames: 'undici' },
  { ...node, entryPoints: ['src/app/loadWorker.ts'], outdir: 'dist', plugins: [undiciApart] },
  {
    ...node,
    entryPoints: [
      { in: 'src/history/worker.ts', out: 'worker' },
      { in: 'src/export/read/worker.ts', out: 'logWorker' },
      { in: 'src/credentials/worker.ts', out: 'importWorker' },
      { in: 'src/terraform/worker.ts', out: 'terraformWorker' },
    ],
    outdir: 'dist',
  },
  {
    ...page,
    entryPoints: [
      { in: 'webview/main.ts', out: 'page' },
      { in: 'webview/main.css', out: 'page' },
    ],
    outdir: 'dist',
  },
  // What the page imports when the event is on the screen: most of its code.
  {
    ...page,
    format: 'esm',
    entryPoints: [{ in: 'webview/tabs.ts', out: 'tabs' }],
    outdir: 'dist',
    plugins: [inlined],
    sourcemap: production ? false : 'inline', // a page may not load a map from beside it
  },
];
const shipped = builds.length;
if (options.has('--tests')) {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => `test/${file.replaceAll('\\', '/')}`);
  const unit = files.filter((file) => file.startsWith('test/unit/'));
  builds.push(
    // Packages that take long to load are loaded once for all.
    { ...test, entryPoints: unit, external: ['mocha', 'typescript', 'fast-check', 'undici'] },
    { ...test, entryPoints: files.filter((file) => !unit.includes(file)), packages: 'external' },
  );
}

/** Says when a build begins and ends: the problem matcher of .vscode/tasks.json listens. */
const announce = {
  name: 'announce',
  setup(/** @type {esbuild.PluginBuild} */ build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(() => console.log('[watch] build finished'));
  },
};

/** Removes tests whose source is gone, so that they do not run for ever. */
function prune(/** @type {string} */ folder, /** @type {ReadonlySet<string>} */ outputs) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !outputs.has(file.replaceAll('\\', '/'))) rmSync(file, { force: true });
  }
}

if (options.has('--watch')) {
  for (const build of builds)
    await (await esbuild.context({ ...build, plugins: [...(build.plugins ?? []), announce] })).watch();
} else {
  const results = await Promise.allSettled(builds.map((build) => esbuild.build(build)));
  const built = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.metafile] : []));
  if (built.length < results.length)
    process.exitCode = 1; // esbuild has said why
  else {
    writeNotices(bundledPackages([...metafiles, ...built.slice(0, shipped)]), 'dist/ThirdPartyNotices.txt');
    if (options.has('--tests')) prune('dist/test', new Set(built.flatMap(({ outputs }) => Object.keys(outputs))));
  }
}
