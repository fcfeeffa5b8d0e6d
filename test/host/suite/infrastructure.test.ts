import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CancellationTokenSource, commands, Position, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import { idOf } from '../../../src/core/sample/random';
import { CodeIndex } from '../../../src/host/codeIndex';
import { findCode } from '../../../src/host/infrastructure';
import { openIndex } from '../../../src/terraform/openIndex';

const workerPath = path.resolve(__dirname, '../../../terraformWorker.js');
const log = { info: () => undefined, warn: () => undefined, error: (text: string) => assert.fail(text) };

const unknown = '3d0a1f0e-52b1-4c7b-9a55-6b1f8e9c2d40';

describe('the code of a resource', () => {
  const written: Uri[] = [];
  let index: CodeIndex;
  const root = (): Uri => workspace.workspaceFolders![0]!.uri;

  async function write(path: string, text: string | Uint8Array): Promise<void> {
    const uri = Uri.joinPath(root(), path);
    written.push(uri);
    await workspace.fs.writeFile(uri, Buffer.from(text));
  }

  /** `kind file: text of the line | address`, and the note in the end. */
  async function find(id: string): Promise<string[]> {
    const { places, note } = await findCode(id, index, new CancellationTokenSource().token);
    const shown = await Promise.all(
      places.map(async ({ uri, line, kind, address }) => {
        const document = await workspace.openTextDocument(uri);
        const file = workspace.asRelativePath(uri, false);
        return `${kind} ${file}: ${document.lineAt(line).text.trim()} | ${address ?? ''}`;
      }),
    );
    return note ? [...shown, note.template] : shown;
  }

  beforeEach(() => {
    index = new CodeIndex((reader) => openIndex(workerPath, reader), log);
  });

  /** What was written is there for a new index at once, for one that watches the files a little later. */
  async function findAnew(id: string): Promise<string[]> {
    index.dispose();
    index = new CodeIndex((reader) => openIndex(workerPath, reader), log);
    return find(id);
  }

  afterEach(async () => {
    index.dispose();
    for (const uri of written.splice(0)) await workspace.fs.delete(uri);
  });

  for (const [name, expected] of [
    ['server web-2', 'block servers.tf: resource "vkcs_compute_instance" "web" { | vkcs_compute_instance.web[1]'],
    ['image ubuntu-22.04', 'block servers.tf: data "vkcs_images_image" "ubuntu" { | data.vkcs_images_image.ubuntu'],
    [
      'volume db-logs',
      'block modules/database/main.tf: resource "vkcs_blockstorage_volume" "disk" { | module.database.vkcs_blockstorage_volume.disk["logs"]',
    ],
    [
      'port balancer', // only known as an attribute of others: the balancer's own and its address's
      'block balancer.tf: resource "vkcs_lb_loadbalancer" "web" { | vkcs_lb_loadbalancer.web',
    ],
  ] as const) {
    it(`leads from ${name} to its block`, async () => assert.equal((await find(idOf(name)))[0], expected));
  }

  it('names the place in the state where no code declares it', async () => {
    await write(
      'old/terraform.tfstate',
      JSON.stringify({
        version: 4,
        resources: [{ mode: 'managed', type: 'vkcs_x', name: 'gone', instances: [{ attributes: { id: unknown } }] }],
      }),
    );
    const [place] = await find(unknown);
    assert.match(place ?? '', /^state old\/terraform\.tfstate: .* \| vkcs_x\.gone$/);
  });

  it('looks in all code where the state lies elsewhere, and above the state of a workspace', async () => {
    const state = (name: string): string =>
      JSON.stringify({
        version: 4,
        resources: [{ mode: 'managed', type: 'vkcs_lb_pool', name, instances: [{ attributes: { id: unknown } }] }],
      });
    await write('states/x.tfstate', state('web'));
    assert.match((await find(unknown))[0] ?? '', /^block balancer\.tf: resource "vkcs_lb_pool" "web"/);
    await write('env/pool.tofu', 'resource "vkcs_lb_pool" "own" {\n}\n');
    await write('env/terraform.tfstate.d/prod/terraform.tfstate', state('own'));
    await workspace.fs.delete(written[0]!);
    written.shift();
    assert.match((await findAnew(unknown))[0] ?? '', /^block env\/pool\.tofu: resource "vkcs_lb_pool" "own"/);
  });

  it('falls back to texts that name the id, not to binary files nor to excluded folders', async () => {
    await write('docs/notes.md', `# Notes\n\nSee ${unknown}.\n`);
    await write('docs/longer.md', `${unknown}0`);
    await write('docs/data.bin', Buffer.concat([Buffer.alloc(16), Buffer.from(unknown)]));
    await write('node_modules/x/index.js', unknown);
    assert.deepEqual(await find(unknown), [`text docs/notes.md: See ${unknown}. | `]);
  });

  it('says why there is none: nothing names it, or a state is too old', async () => {
    assert.deepEqual(await find(unknown), ['No file in this workspace names {0}.']);
    await write('old.tfstate', JSON.stringify({ version: 3, modules: [{ resources: { a: unknown } }] }));
    await findAnew(unknown);
    const { note } = await findCode(unknown, index, new CancellationTokenSource().token);
    assert.match(JSON.stringify(note), /old\.tfstate.*too old/);
  });

  it('follows files and folders as they come, change and go', async () => {
    const state = (name: string): string =>
      JSON.stringify({
        version: 4,
        resources: [{ mode: 'managed', type: 'vkcs_x', name, instances: [{ attributes: { id: unknown } }] }],
      });
    const expectSoon = async (expected: RegExp): Promise<void> => {
      let changes = 0;
      const listening = index.onDidChange(() => changes++);
      for (const end = Date.now() + 10_000; ;) {
        await setTimeout(50);
        const [found = ''] = await find(unknown);
        if (expected.test(found)) break;
        assert.ok(Date.now() < end, found);
      }
      assert.ok(changes > 0, 'without a word');
      listening.dispose();
    };
    await index.ready(new AbortController().signal);
    const folder = Uri.joinPath(root(), 'env');
    await workspace.fs.writeFile(Uri.joinPath(folder, 'terraform.tfstate'), Buffer.from(state('a')));
    await expectSoon(/^state env\/terraform.tfstate: .* \| vkcs_x\.a$/);
    await workspace.fs.writeFile(Uri.joinPath(folder, 'main.tf'), Buffer.from('resource "vkcs_x" "a" {}'));
    await expectSoon(/^block env\/main\.tf/);
    await workspace.fs.writeFile(Uri.joinPath(folder, 'terraform.tfstate'), Buffer.from(state('b')));
    await expectSoon(/^state .* \| vkcs_x\.b$/);
    const elsewhere = path.join(await mkdtemp(path.join(os.tmpdir(), 'moved-')), 'env');
    await rename(folder.fsPath, elsewhere);
    await expectSoon(/^No file/);
    await rename(elsewhere, folder.fsPath);
    await expectSoon(/^state env/);
    await rm(folder.fsPath, { recursive: true });
    await expectSoon(/^No file/);
    await rm(path.dirname(elsewhere), { recursive: true });
  });

  it('finds a block where it is now in a document that is being edited', async () => {
    const id = idOf('server web-2');
    const [before] = (await findCode(id, index, new CancellationTokenSource().token)).places;
    const edit = new WorkspaceEdit();
    edit.insert(before!.uri, new Position(0, 0), '# one\n# two\n');
    await workspace.applyEdit(edit);
    const [after] = (await findCode(id, index, new CancellationTokenSource().token)).places;
    assert.equal(after?.line, before!.line + 2);
    const document = await workspace.openTextDocument(before!.uri);
    const block = (await index.blocks(document, new AbortController().signal)).find(
      ({ block }) => block.line === after.line,
    );
    assert.deepEqual(
      block?.resources.map(({ address }) => address),
      ['vkcs_compute_instance.web[0]', 'vkcs_compute_instance.web[1]'],
    );
    await window.showTextDocument(document);
    await commands.executeCommand('workbench.action.files.revert');
  });

  it('stops when cancelled', async () => {
    const cancelled = new CancellationTokenSource();
    cancelled.cancel();
    await assert.rejects(findCode(unknown, index, cancelled.token), { name: 'AbortError' });
  });

  it('searches a state of 8 MB without holding up the extension host', async () => {
    const filler = {
      mode: 'managed',
      type: 't',
      name: 'n',
      instances: [{ attributes: { id: 'x', text: 'y'.repeat(2000) } }],
    };
    const last = { ...filler, name: 'last', instances: [{ attributes: { id: unknown } }] };
    await write('big.tfstate', JSON.stringify({ version: 4, resources: [...Array<object>(4000).fill(filler), last] }));
    // The best of three: other programs of the machine cause pauses too.
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      let longest = 0;
      let before = performance.now();
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - before);
        before = performance.now();
      }, 1);
      assert.match((await find(unknown))[0] ?? '', /^state big\.tfstate/);
      clearInterval(timer);
      pauses.push(longest);
    }
    assert.ok(Math.min(...pauses) < 100, `pauses of ${pauses.join(', ')} ms`);
  });
});
