import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { after, describe, it } from 'mocha';
import { bundledPackages, writeNotices } from '../../notices.mjs';

const vsix = 'vk-cloud-activity-log.vsix';

describe('The notices of third parties', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'notices-'));
  const target = path.join(home, 'notices.txt');
  after(() => rmSync(home, { recursive: true }));

  function put(name: string, license: string | undefined, files: Readonly<Record<string, string>>): string {
    const folder = path.join(home, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    return folder;
  }

  it('are of the packages whose code is in the output, in each place once', () => {
    const inputs = {
      'src/extension.ts': { bytesInOutput: 5 },
      'node_modules/a/index.js': { bytesInOutput: 5 },
      'node_modules/a/other.js': { bytesInOutput: 5 },
      'node_modules/@b/c/lib/index.js': { bytesInOutput: 5 },
      'node_modules/@b/c/node_modules/a/index.js': { bytesInOutput: 5 },
      'node_modules/types/index.js': { bytesInOutput: 0 },
    };
    const output = { bytes: 1, imports: [], exports: [], inputs };
    assert.deepEqual(bundledPackages([{ outputs: { 'dist/x.js': output } }, { outputs: { 'dist/y.js': output } }]), [
      'node_modules/@b/c',
      'node_modules/@b/c/node_modules/a',
      'node_modules/a',
    ]);
  });

  it('give name, version and all texts', () => {
    const files = { COPYING: 'may be copied', Copyright: 'made', LICENCE: 'by licence', 'LICENSE.md': 'may be used' };
    writeNotices([put('good', 'MIT', { ...files, NOTICE: 'by somebody' })], target);
    const texts = [...Object.values(files), 'by somebody'].join('\n\n');
    assert.ok(readFileSync(target, 'utf8').includes(`\n\ngood 1.2.3 (MIT)\n\n${texts}\n`));
  });

  it('give the text of a licence that is known to be elsewhere, with its holder', () => {
    writeNotices([put('@microsoft/fast-element', 'MIT', {})], target);
    const notice = readFileSync(target, 'utf8');
    assert.match(notice, /fast-element 1\.2\.3 \(MIT\)\n\nMIT License\n/);
    assert.deepEqual(notice.match(/^Copyright .*(?=\. All)/gm), ['Copyright (c) Microsoft Corporation']);
  });

  for (const [what, license, files] of [
    ['no text of its licence', 'MIT', { 'README.md': 'MIT' }],
    ['no text of its licence', 'MIT', { LICENSE: ' \n' }],
    ['licence is not known to be allowed', undefined, { LICENSE: 'x' }],
    ['licence is not known to be allowed', 'GPL-3.0', { LICENSE: 'x' }],
    ['licence is not known to be allowed', 'SEE LICENSE IN x', { LICENSE: 'x' }],
  ] as const)
    it(`stop the build where a package has ${license} and ${JSON.stringify(files)}`, () => {
      assert.throws(
        () => writeNotices([put('bad', license, files)], target),
        new RegExp(`^Error: bad 1.2.3 .*${what}`),
      );
    });

  it('are in the package for all that its page, its threads and its network are made of', function () {
    if (!existsSync(vsix)) this.skip();
    const files = unzip(readFileSync(vsix));
    const notices = files.get('extension/dist/ThirdPartyNotices.txt') ?? '';
    const named = new Set(Array.from(notices.matchAll(/={80}\n\n(\S+) /g), ([, name]) => name ?? ''));
    // What each of these says of itself in the bundles, however they are minified.
    for (const [name, mark] of Object.entries({
      undici: 'UND_ERR_',
      yaml: 'BLOCK_AS_IMPLICIT_KEY',
      '@codemirror/view': 'cm-scroller',
      '@microsoft/fast-element': '$fastController',
      '@vscode/webview-ui-toolkit': '--vscode-',
    })) {
      const isBundled = [...files].some(([file, text]) => file.endsWith('.js') && text.includes(mark));
      assert.deepEqual([name, isBundled, named.has(name)], [name, true, true]);
    }
    assert.ok(named.size > 20, [...named].join());
  });
});

/** The texts of an archive by their paths. */
function unzip(archive: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  let at = archive.readUInt32LE(archive.lastIndexOf('PK\x05\x06') + 16);
  while (archive.toString('latin1', at, at + 4) === 'PK\x01\x02') {
    const [packed, name, extra, comment] = [20, 28, 30, 32].map((field) =>
      field === 20 ? archive.readUInt32LE(at + field) : archive.readUInt16LE(at + field),
    ) as [number, number, number, number];
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(start, start + packed);
    const isPacked = archive.readUInt16LE(at + 10) === 8;
    texts.set(archive.toString('utf8', at + 46, at + 46 + name), (isPacked ? inflateRawSync(bytes) : bytes).toString());
    at += 46 + name + extra + comment;
  }
  return texts;
}
