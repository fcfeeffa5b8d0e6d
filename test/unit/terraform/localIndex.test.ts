import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { format } from '../../../src/core/base/message';
import { LocalIndex } from '../../../src/terraform/localIndex';

const server = '0f3c1c5e-8f7a-4d0e-9c36-3d6f0c8b7a11';
const volume = '5b1c7a52-4d1e-4a53-8ae2-6f1f2f0f9c22';
const port = '9d7e4c1a-2b3f-4e5d-8c6b-7a8f9e0d1c2b';
const { signal } = new AbortController();

function state(...resources: object[]): string {
  return JSON.stringify({
    version: 4,
    serial: 3,
    resources: resources.map((head) => ({ mode: 'managed', type: 't', name: 'a', ...head })),
  });
}

describe('LocalIndex', () => {
  let root: string;
  let index: LocalIndex;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'code-index-'));
    index = new LocalIndex({ read: () => assert.fail('It reads by itself') });
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Writes the files and has them taken in; undefined deletes. */
  async function update(files: Readonly<Record<string, string | Buffer | undefined>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(root, name);
      await mkdir(path.dirname(file), { recursive: true });
      if (content === undefined) await rm(file, { force: true });
      else await writeFile(file, content);
    }
    await index.update(
      Object.keys(files).map((name) => ({ key: `file:///${name}`, path: path.join(root, name) })),
      signal,
    );
  }

  /** `naming attribute address -> places`, best first. */
  function find(id: string): string[] {
    return (index.find([id])[0]?.[1] ?? []).map(({ naming, attribute, resource, declarations }) => {
      const places = declarations.map(({ file, block }) => `${file.slice(8)}:${block.line}`);
      return `${naming} ${attribute} ${resource.address} -> ${places.join(' ')}`.trimEnd();
    });
  }

  function notes(): string[] {
    return index.notes().map(({ file, text }) => `${file.slice(8)}: ${format(text)}`);
  }

  /** `kind.type.name: addresses` */
  function declaredIn(file: string): string[] {
    return index
      .declaredIn(`file:///${file}`)
      .map(
        ({ kind, type, name, resources }) =>
          `${kind}.${type}.${name}: ${resources.map(({ address }) => address).join(' ')}`,
      );
  }

  it('links ids, addresses and blocks', async () => {
    await update({
      'main.tf': 'resource "t" "a" {}\nresource "t" "attach" {}\nmodule "m" {\n  source = "./m"\n}',
      'm/m.tf': 'resource "t" "a" {}',
      'terraform.tfstate': state(
        { instances: [{ index_key: 0, attributes: { id: server, port } }] },
        { name: 'attach', instances: [{ attributes: { id: `${server}/${volume}` } }] },
        { module: 'module.m["x"]', instances: [{ attributes: { id: volume } }] },
        { mode: 'data', name: 'other', instances: [{ attributes: { id: volume } }] },
      ),
    });
    assert.deepEqual(find(server), ['id id t.a[0] -> main.tf:0', 'part id t.attach -> main.tf:1']);
    assert.deepEqual(find(server.toUpperCase()), find(server));
    assert.deepEqual(find(port), ['attribute port t.a[0] -> main.tf:0']);
    assert.deepEqual(find(volume), [
      'id id module.m["x"].t.a -> m/m.tf:0',
      'id id data.t.other ->',
      'part id t.attach -> main.tf:1',
    ]);
    assert.deepEqual(find(`${server}/${volume}`), ['id id t.attach -> main.tf:1']);
    assert.deepEqual(index.find(['unknown', '', '__proto__']), []);
    assert.deepEqual(declaredIn('main.tf'), [
      'resource.t.a: t.a[0]',
      'resource.t.attach: t.attach',
      'module..m: module.m["x"].t.a',
    ]);
    assert.deepEqual(declaredIn('m/m.tf'), ['resource.t.a: module.m["x"].t.a']);
    assert.equal(index.resources().length, 4);
    assert.deepEqual(notes(), []);
  });

  it('follows files as they change', async () => {
    const instances = [{ attributes: { id: server } }];
    await update({ 'main.tf': 'resource "t" "a" {}', 'terraform.tfstate': state({ instances }) });
    await update({ 'main.tf': '\n\nresource "t" "a" {}' });
    assert.deepEqual(find(server), ['id id t.a -> main.tf:2']);
    await update({ 'terraform.tfstate': state({ name: 'b', instances }) });
    assert.deepEqual(find(server), ['id id t.b ->']);
    await update({ 'main.tf': undefined, 'new.tf': 'resource "t" "b" {}' });
    assert.deepEqual(find(server), ['id id t.b -> new.tf:0']);
    await update({ 'terraform.tfstate': undefined });
    assert.deepEqual([find(server), index.resources(), declaredIn('new.tf')], [[], [], []]);
    await update({ 'env/prod/terraform.tfstate': state({ instances }), 'environment.tf': 'resource "t" "a" {}' });
    assert.deepEqual(find(server), ['id id t.a -> environment.tf:0']);
    assert.equal(await index.update([{ key: 'file:///env', path: path.join(root, 'env') }], signal), true);
    assert.equal(await index.update([{ key: 'file:///env', path: path.join(root, 'env') }], signal), false);
    assert.deepEqual([find(server), declaredIn('environment.tf')], [[], []]);
  });

  it('knows what import blocks tell until a state does', async () => {
    await update({ 'main.tf': `resource "t" "a" {}\nimport {\n  to = t.a["x"]\n  id = "${server}"\n}` });
    assert.deepEqual(find(server), ['id id t.a["x"] -> main.tf:0']);
    assert.deepEqual(index.resources()[0]?.source, { file: 'file:///main.tf', modified: undefined, serial: undefined });
    await update({ 'terraform.tfstate': state({ instances: [{ index_key: 'x', attributes: { id: server } }] }) });
    assert.deepEqual(
      index.resources().map(({ source }) => source.serial),
      [3],
    );
    await update({
      'terraform.tfstate': state({ instances: [{ index_key: 'x', attributes: { id: `${server}/${volume}` } }] }),
    });
    assert.deepEqual(find(server), ['part id t.a["x"] -> main.tf:0']);
  });

  it('knows each element of an import with for_each', async () => {
    await update({
      'main.tf': `resource "t" "a" {}
import {
  for_each = { one = "${server}", two = "${volume}" }
  to       = t.a[each.key]
  id       = each.value
}`,
    });
    assert.deepEqual(find(server), ['id id t.a["one"] -> main.tf:0']);
    assert.deepEqual(find(volume), ['id id t.a["two"] -> main.tf:0']);
    assert.deepEqual(declaredIn('main.tf'), ['resource.t.a: t.a["one"] t.a["two"]']);
  });

  it('takes the newest of several records of a resource, and several where they differ', async () => {
    const instances = [{ attributes: { id: server } }];
    await update({
      'main.tf': 'resource "t" "a" {}',
      'old.tfstate': state({ instances }),
      'terraform.tfstate': state({ instances }),
    });
    await utimes(path.join(root, 'old.tfstate'), 1000, 1000);
    await update({
      'terraform.tfstate.d/dev/terraform.tfstate': state({ instances: [{ attributes: { id: volume } }] }),
    });
    await index.update([{ key: 'file:///old.tfstate', path: path.join(root, 'old.tfstate') }], signal);
    assert.deepEqual(
      index
        .resources()
        .map(({ ids, source }) => [ids[0], source.file])
        .sort(),
      [
        [server, 'file:///terraform.tfstate'],
        [volume, 'file:///terraform.tfstate.d/dev/terraform.tfstate'],
      ],
    );
    assert.deepEqual(declaredIn('main.tf'), ['resource.t.a: t.a t.a']);
  });

  it('finds the saved output of "terraform show -json" and "terraform state pull" among other JSON, in what PowerShell writes too', async () => {
    const shown = JSON.stringify(
      {
        format_version: '1.0',
        values: {
          root_module: {
            resources: [{ address: 't.a', mode: 'managed', type: 't', name: 'a', values: { id: server } }],
          },
        },
      },
      null,
      2,
    );
    await update({
      'main.tf': 'resource "t" "a" {}',
      'package.json': JSON.stringify({
        version: 4,
        resources: [{ type: 't', name: 'no', instances: [{ attributes: { id: volume } }] }],
      }),
      'broken.json': '{"format_version',
      'states/now.json': shown,
    });
    assert.deepEqual(find(server), ['id id t.a -> main.tf:0']);
    assert.deepEqual([find(volume), notes()], [[], []]);
    const pulled = {
      terraform_version: '1.9.5',
      ...(JSON.parse(state({ instances: [{ attributes: { id: port } }] })) as object),
    };
    await update({ 'pulled.json': JSON.stringify({ version: 4, ...pulled }, null, 2) });
    assert.deepEqual(find(port), ['id id t.a -> main.tf:0']);
    await update({ 'pulled.json': undefined });
    await update({ 'states/now.json': undefined, 'windows.json': Buffer.from(`\uFEFF${shown}`, 'utf16le') });
    assert.deepEqual(
      index.resources().map(({ source }) => source.file),
      ['file:///windows.json'],
    );
  });

  it('reads on past what cannot be read, and says what it was', async () => {
    const good = state({ instances: [{ attributes: { id: server } }] });
    await symlink('loop.tfstate', path.join(root, 'loop.tfstate'));
    await mkdir(path.join(root, 'folder.tfstate'));
    const [loop, folder] = ['loop', 'folder'].map((name) => ({
      key: `file:///${name}.tfstate`,
      path: path.join(root, `${name}.tfstate`),
    }));
    await index.update([loop!, folder!], signal);
    await update({
      'gone.tfstate': undefined,
      'old.tfstate': '{"version": 3}',
      'cut.tfstate': good.slice(0, -3),
      'big.tf': `resource "t" "a" {}\n${' '.repeat(1_048_576)}`,
      'terraform.tfstate': good,
    });
    assert.deepEqual(find(server), ['id id t.a ->']);
    assert.deepEqual(notes(), [
      'old.tfstate: The state file has version 3, which is too old to be read. Terraform 0.12 or newer writes version 4.',
      'cut.tfstate: The state file is not complete JSON.',
      'big.tf: The file has more than 1 MB and is not read.',
    ]);
    await update({ 'old.tfstate': good, 'cut.tfstate': undefined, 'big.tf': '' });
    assert.deepEqual(notes(), []);
  });

  it('waits for no pipe, and reads no device', async function () {
    if (process.platform === 'win32') this.skip();
    const names = ['pipe.tf', 'pipe.tfstate', 'pipe.json', 'endless.tf', 'endless.tfstate'];
    const paths = names.map((name) => path.join(root, name));
    execFileSync('mkfifo', paths.slice(0, 3));
    for (const file of paths.slice(3)) await symlink('/dev/zero', file);
    const files = paths.map((file, at) => ({ key: `file:///${names[at]}`, path: file }));
    assert.equal(await index.update(files, signal), false);
    assert.deepEqual(notes(), []);
  });

  it('takes in no more than its bounds, and says so', async () => {
    const code = 'resource "t" "a" {}'.padEnd(1_048_576);
    await update(Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`${i}.tf`, code])));
    assert.deepEqual(notes(), ['32.tf: Code of more than 32 MB together is not read.']);
    const many = (count: number, name = 'a'): string =>
      state({
        name,
        instances: Array.from({ length: count }, (_, i) => ({ index_key: i, attributes: { id: `x${i}` } })),
      });
    await update({ 'a.tfstate': many(30_000), 'b.tfstate': many(20_000, 'b'), 'c.tfstate': many(1) });
    assert.equal(index.resources().length, 50_000);
    await update({ 'c.tfstate': state({ instances: [{ attributes: { id: server, text: 'x'.repeat(9 << 20) } }] }) });
    const padding = ' '.repeat(60 << 20);
    await update({ 'd.tfstate': state() + padding, 'e.tfstate': state() + padding });
    assert.deepEqual(notes().slice(1), [
      'c.tfstate: The state file holds a resource of more than 8 MB.',
      'e.tfstate: State files of more than 100 MB together are not read.',
    ]);
    await update({ 'd.tfstate': undefined, 'e.tfstate': state(), '0.tf': undefined, '32.tf': code });
    assert.deepEqual(notes(), ['c.tfstate: The state file holds a resource of more than 8 MB.']);
    await update({ 'c.tfstate': many(1) });
    assert.deepEqual(notes(), ['c.tfstate: State files of more than 50000 resources together are not read.']);
  });

  it('takes in no more blocks, imports and ids than memory holds, names what it leaves out, and reads the others', async () => {
    const blocks = 'data "t" "a" {}\n'.repeat(60_000);
    const elements = Array.from({ length: 30_000 }, (_, i) => `a${i}="b${i}"`).join('\n');
    const imports = `import {\n  to = t.b[each.key]\n  id = each.value\n  for_each = {\n${elements}\n}\n}`;
    const mentions = (name: string): string => {
      const ids = Array.from({ length: 100 }, (_, i) => server.replace('0f3c1c5e', `${name}00000${i + 10}`));
      return state({
        name,
        instances: Array.from({ length: 2_000 }, (_, key) => ({ index_key: key, attributes: { ids } })),
      });
    };
    await update({ '1.tf': blocks, '2.tf': blocks, '3.tf': blocks, '4.tf': blocks, '5.tf': `resource "t" "a" {}` });
    await update({ 'i.tf': imports, 'j.tf': imports, 'k.tf': `import {\n  to = t.z\n  id = "${volume}"\n}` });
    await update({ 'a.tfstate': mentions('a'), 'b.tfstate': mentions('b'), 'c.tfstate': mentions('c') });
    await update({ 'd.tfstate': state({ instances: [{ attributes: { id: port } }] }) });
    assert.deepEqual(notes(), [
      '4.tf: Code of more than 200000 blocks together is not read.',
      'j.tf: Code that imports more than 50000 resources together is not read.',
      'c.tfstate: State files of more than 500000 ids together are not read.',
    ]);
    assert.deepEqual([volume, port].map(find), [['id id t.z ->'], ['id id t.a -> 5.tf:0']]);
    await update({ '1.tf': undefined, '4.tf': blocks, 'i.tf': undefined, 'j.tf': imports });
    await update({ 'a.tfstate': undefined, 'c.tfstate': mentions('c') });
    assert.deepEqual(notes(), []);
  });

  it('counts the instances of a state before it takes them in', async () => {
    await update({ 'a.tfstate': `{"version": 4, "resources": [{"instances": [${'{},'.repeat(50_001)}` });
    assert.deepEqual(notes(), ['a.tfstate: State files of more than 50000 resources together are not read.']);
  });

  it('stops when cancelled', () =>
    assert.rejects(index.update([{ key: 'file:///x.tf', path: 'x.tf' }], AbortSignal.abort()), { name: 'AbortError' }));

  it('asks for a few files of code at once', async () => {
    let [asked, most] = [0, 0];
    const far = new LocalIndex({
      read: async (key) => {
        most = Math.max(most, ++asked);
        await new Promise((resolve) => setTimeout(resolve, 2));
        asked--;
        const name = path.basename(key, '.tf');
        const code = `resource "t" "${name}" {}\nimport {\n  to = t.${name}\n  id = "id-${name}"\n}`;
        return { bytes: Buffer.from(code), modified: 5 };
      },
    });
    const keys = Array.from({ length: 40 }, (_, file) => `vscode-vfs://github/x/a${file}.tf`);
    await far.update(
      keys.map((key) => ({ key, path: undefined })),
      signal,
    );
    assert.equal(most, 8);
    for (const key of keys) {
      const [found] = far.find([`id-${path.basename(key, '.tf')}`]);
      assert.equal(found?.[1][0]?.declarations[0]?.file, key);
    }
  });

  it('asks for files that it cannot reach by itself', async () => {
    const read: [string, number][] = [];
    const far = new LocalIndex({
      read: (key, longest) => {
        read.push([key, longest]);
        return { bytes: Buffer.from(state({ instances: [{ attributes: { id: server } }] })), modified: 5 };
      },
    });
    await far.update([{ key: 'vscode-vfs://github/x/terraform.tfstate', path: undefined }], signal);
    assert.deepEqual(read, [['vscode-vfs://github/x/terraform.tfstate', 100 * 1_048_576]]);
    assert.deepEqual(
      far.resources().map(({ source }) => source.modified),
      [5],
    );
  });
});
