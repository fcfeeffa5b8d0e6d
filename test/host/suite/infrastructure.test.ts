import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CancellationTokenSource, Position, Uri, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { idOf } from '../../../src/sample/random';
import { CodeIndex } from '../../../src/host/code/codeIndex';
import { findCode } from '../../../src/host/code/codeSearch';
import { showCode } from '../../../src/host/code/showCode';
import { openIndex } from '../../../src/terraform/openIndex';
import { yardstick } from '../../e2e/yardstick';

const workerPath = path.resolve(__dirname, '../../../terraformWorker.js');
const log = { info: () => undefined, warn: () => undefined, error: (text: string) => assert.fail(text) };

const unknown = '3d0a1f0e-52b1-4c7b-9a55-6b1f8e9c2d40';

function instance(name: string, id: string): object {
  return { mode: 'managed', type: 'vkcs_x', name, instances: [{ attributes: { id } }] };
}

function state(...resources: readonly object[]): string {
  return JSON.stringify({ version: 4, serial: 1, resources }, null, 2);
}

/** Types at the very beginning of a document. */
async function edit(uri: Uri, text: string): Promise<TextDocument> {
  const document = await workspace.openTextDocument(uri);
  const edit = new WorkspaceEdit();
  edit.insert(uri, new Position(0, 0), text);
  await workspace.applyEdit(edit);
  return document;
}

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
  function findAnew(id: string): Promise<string[]> {
    beginAnew();
    return find(id);
  }

  function beginAnew(): void {
    index.dispose();
    index = new CodeIndex((reader) => openIndex(workerPath, reader), log);
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
    await write('edited/main.tf', 'resource "vkcs_x" "a" {}\n');
    await write('edited/terraform.tfstate', state(instance('a', unknown)));
    const { places } = await findCode(unknown, index, new CancellationTokenSource().token);
    const document = await edit(places[0]!.uri, '# one\n# two\n');
    const [after] = (await findCode(unknown, index, new CancellationTokenSource().token)).places;
    assert.deepEqual([places[0]!.line, after?.line], [0, 2]);
    const [found] = await index.blocks(document, new AbortController().signal);
    assert.deepEqual([found?.block.line, found?.resources.map(({ address }) => address)], [2, ['vkcs_x.a']]);
    await document.save();
  });

  describe('that has changed since it was read', () => {
    const instances = [instance('a', unknown), instance('b', unknown.replaceAll('3', '4'))];

    /** The index as it is now, and stays. */
    async function frozen(): Promise<CodeIndex> {
      const found = await index.find([unknown], new AbortController().signal);
      const none = async () => [];
      const stays = { unavailable: () => undefined, find: async () => found, notes: none, resources: none };
      return stays as unknown as CodeIndex;
    }

    /** The text of the line that is shown. */
    async function show(from: CodeIndex): Promise<string | undefined> {
      await showCode(unknown, from, false, new CancellationTokenSource().token);
      const { document, selection } = window.activeTextEditor!;
      return document.lineAt(selection.active.line).text;
    }

    it('is shown where its block is, in a file as in what is being typed', async () => {
      const block = 'resource "vkcs_x" "a" {';
      await write('moved/main.tf', `${block}\n}\nresource "vkcs_x" "b" {\n}\n`);
      await write('moved/terraform.tfstate', state(...instances));
      const before = await frozen();
      await write('moved/main.tf', `# one\n\n# two\nresource "vkcs_x" "b" {\n}\n${block}\n}\n`);
      written.pop();
      assert.equal(await show(before), block);
      const document = await edit(window.activeTextEditor!.document.uri, 'module "c" {\n}\n');
      assert.deepEqual([document.isDirty, await show(before)], [true, block]);
      await document.save();
    });

    it('is not shown at all where its block is gone', async () => {
      await write('gone/main.tf', '\n\nresource "vkcs_x" "a" {}\n');
      await write('gone/terraform.tfstate', state(...instances));
      const before = await frozen();
      await write('gone/main.tf', '\n\nresource "vkcs_x" "b" {}\n');
      written.pop();
      await assert.rejects(show(before), /gone\/main\.tf|no longer holds/);
    });

    it('is shown at its instance in the state, or the line that names its id', async () => {
      await write('stays.tfstate', state(...instances));
      assert.match((await show(await frozen())) ?? '', /^\s*\{$/);
      await workspace.fs.delete(written.pop()!);
      await write('moved.tfstate', state(...instances));
      beginAnew();
      const before = await frozen();
      await write('moved.tfstate', state(instances[1]!, instances[1]!, instances[0]!));
      written.pop();
      assert.match((await show(before)) ?? '', new RegExp(`"id": "${unknown}"`));
    });
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
    const units: number[] = [];
    for (let time = 0; time < 3; time++) yardstick(); // the first ones take longer
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
      units.push(yardstick());
    }
    // A yardstick is 100 ms on a quiet machine.
    const most = Math.min(...units);
    assert.ok(Math.min(...pauses) < most, `pauses of ${pauses.join(', ')} of ${most} ms`);
  });
});
