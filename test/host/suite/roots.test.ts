import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CancellationTokenSource, Uri, workspace } from 'vscode';
import { idOf } from '../../../src/sample/random';
import { CodeIndex } from '../../../src/host/code/codeIndex';
import { findCode } from '../../../src/host/code/codeSearch';
import { listFiles } from '../../../src/host/code/workspaceFiles';
import { openIndex } from '../../../src/terraform/openIndex';
import { MemoryFiles } from './memoryFiles';

const workerPath = path.resolve(__dirname, '../../../terraformWorker.js');
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const { signal } = new AbortController();
const memory = new MemoryFiles();
// The window opens a folder of it, so it must be there from the beginning.
workspace.registerFileSystemProvider('memory', memory);

const [near, far, named] = ['1', '2', '3'].map((n) => `3d0a1f0e-52b1-4c7b-9a55-00000000000${n}`) as [
  string,
  string,
  string,
];

function state(id: string): string {
  const resources = [{ mode: 'managed', type: 'vkcs_x', name: 'a', instances: [{ attributes: { id } }] }];
  return JSON.stringify({ version: 4, serial: 1, resources });
}

describe('several folders, one of them on no disk', () => {
  const written: Uri[] = [];
  let index: CodeIndex;

  async function write(folder: number, name: string, text: string): Promise<Uri> {
    const uri = Uri.joinPath(workspace.workspaceFolders![folder]!.uri, name);
    await workspace.fs.writeFile(uri, Buffer.from(text));
    written.push(uri);
    return uri;
  }

  /** `kind file:line`, best first. */
  async function find(id: string): Promise<string[]> {
    const { places } = await findCode(id, index, new CancellationTokenSource().token);
    return places.map(({ kind, uri, line }) => `${kind} ${workspace.asRelativePath(uri)}:${line}`);
  }

  async function findSoon(id: string, expected: readonly string[]): Promise<void> {
    for (const end = Date.now() + 8_000; ;) {
      const found = await find(id);
      if (Date.now() > end) assert.deepEqual(found, expected);
      if (found.join() === expected.join()) return;
      await setTimeout(50);
    }
  }

  beforeEach(async () => {
    for (const [folder, id] of [
      [1, near],
      [2, far],
    ] as const) {
      await write(folder, 'code/main.tf', 'module "m" {\n  source = "../m"\n}\nresource "vkcs_x" "a" {}\n');
      await write(folder, 'code/terraform.tfstate', state(id));
    }
    index = new CodeIndex((reader) => openIndex(workerPath, reader), log);
  });

  afterEach(async () => {
    index.dispose();
    for (const uri of written.splice(0)) await workspace.fs.delete(uri, { recursive: true });
  });

  it('keep what they declare apart', async () => {
    const servers = await workspace.openTextDocument(Uri.joinPath(workspace.workspaceFolders![0]!.uri, 'servers.tf'));
    const line = servers.getText().split('\n').indexOf('resource "vkcs_compute_instance" "web" {');
    assert.deepEqual([line > 0, servers.isDirty], [true, false]);
    assert.deepEqual(await find(idOf('server web-1')), [`block workspace/servers.tf:${String(line)}`]);
    assert.deepEqual(await find(near), ['block second/code/main.tf:3']);
    assert.deepEqual(await find(far), ['block far/code/main.tf:3']);
    const document = await workspace.openTextDocument(written[2]!);
    const blocks = await index.blocks(document, signal);
    assert.deepEqual(
      blocks.map(({ block, resources }) => [block.name, resources.map(({ ids }) => ids[0]).join()]),
      [
        ['m', ''],
        ['a', far],
      ],
    );
  });

  it('are followed as their files change', async () => {
    assert.deepEqual(await find(named), []);
    await write(2, 'code/terraform.tfstate', state(named));
    await findSoon(named, ['block far/code/main.tf:3']);
    assert.deepEqual(await find(far), []);
    await workspace.fs.delete(written[3]!);
    written.splice(3, 1);
    written.pop();
    await findSoon(named, []);
  });

  it('are searched for texts, but not in a circle of links nor in folders that are left out', async () => {
    await write(2, 'docs/deep/notes.md', `\nSee ${named}.`);
    await write(2, '.terraform/modules/x.md', named);
    const second = workspace.workspaceFolders![1]!.uri;
    await symlink('..', path.join(second.fsPath, 'code', 'circle'));
    written.unshift(Uri.joinPath(second, 'code', 'circle'));
    assert.deepEqual(await find(named), ['text far/docs/deep/notes.md:1']);
    assert.deepEqual(await find(near), ['block second/code/main.tf:3']);
    await write(1, 'once.md', named.replaceAll('3', '4'));
    assert.deepEqual(await find(named.replaceAll('3', '4')), ['text second/once.md:0']);
  });

  it('are listed up to a bound, and that is said', async () => {
    for (let file = 0; file < 200; file++) memory.put(`/far/many/${file}/counted.tf`, '');
    written.push(Uri.parse('memory:/far/many'));
    const pattern = { glob: '**/counted.tf', name: /^counted\.tf$/ };
    for (const [limit, expected] of [
      [50, { length: 50, more: true }],
      [1_000, { length: 200, more: false }],
    ] as const) {
      const { files, more } = await listFiles(pattern, limit, signal);
      assert.deepEqual({ length: files.length, more }, expected);
    }
  });
});
