// Builds vk-cloud-activity-log.vsix and refuses what users should not get: sources, tests, maps, or more than 1.5 MB.
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { root, runs } from './install.mjs';
import { packedReadme } from './packedReadme.mjs';

const packagePath = `${root}vk-cloud-activity-log.vsix`;
const limit = 1_500_000;

if (!runs('node', ['esbuild.mjs', '--production'])) process.exit(1);
const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
const unwanted = files.filter((file) => /^(src|test|webview|node_modules|dist\/test)\/|\.(map|[cm]?ts)$/.test(file));
if (unwanted.length > 0) throw new Error(`These files do not belong into the VSIX: ${unwanted.join(', ')}`);
if (!files.includes('dist/ThirdPartyNotices.txt')) throw new Error('The licences of what is bundled are missing');
const readmePath = 'dist/README.md';
writeFileSync(`${root}${readmePath}`, packedReadme(readFileSync(`${root}README.md`, 'utf8')));
await createVSIX({
  cwd: root,
  packagePath,
  dependencies: false,
  readmePath,
  rewriteRelativeLinks: false,
  allowMissingRepository: true,
});
const { size } = statSync(packagePath);
if (size > limit) throw new Error(`The VSIX has ${size} bytes, more than ${limit}`);
