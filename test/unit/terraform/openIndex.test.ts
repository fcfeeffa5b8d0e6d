import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openIndex } from '../../../src/terraform/openIndex';
import { readStateApart } from '../../../src/terraform/stateReader';

const id = '0f3c1c5e-8f7a-4d0e-9c36-3d6f0c8b7a11';
const { signal } = new AbortController();

describe('the index in its worker', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'index-worker-'));
  });
  after(() => rm(root, { recursive: true }));

  it('reads files of the disk by itself and asks for others, which may be many', async () => {
    const bytes = Buffer.from(`import {\n  to = t.a\n  id = "${id}"\n}`);
    const opened = openIndex(path.resolve('dist/terraformWorker.js'), { read: () => ({ bytes, modified: 1 }) });
    try {
      const file = path.join(root, 'main.tf');
      await writeFile(file, 'resource "t" "a" {}');
      const far = { key: 'vscode-vfs://github/w/imports.tf', path: undefined };
      assert.equal(
        await opened.index.update([{ key: 'vscode-vfs://github/w/main.tf', path: file }, far], signal),
        true,
      );
      const [found] = await opened.index.find([id]);
      assert.equal(found?.[1][0]?.declarations[0]?.file, 'vscode-vfs://github/w/main.tf');
    } finally {
      opened.dispose();
    }
    await assert.rejects(opened.index.find([id]));
  });

  it('reads a large state in a worker of its own, and says of it what it says of others', async () => {
    const resource = { mode: 'managed', type: 't', name: 'a', instances: [{ attributes: { id } }] };
    const padding = ' '.repeat(17 * 1_048_576);
    const opened = openIndex(path.resolve('dist/terraformWorker.js'), { read: () => undefined });
    try {
      const files = ['good', 'old'].map((name) => ({
        key: `file:///w/${name}.tfstate`,
        path: path.join(root, `${name}.tfstate`),
      }));
      await writeFile(files[0]!.path, JSON.stringify({ version: 4, serial: 2, resources: [resource] }) + padding);
      await writeFile(files[1]!.path, `{"version": 3}${padding}`);
      await opened.index.update(files, signal);
      assert.deepEqual(
        (await opened.index.resources()).map(({ address, ids, source }) => [address, ids[0], source.serial]),
        [['t.a', id, 2]],
      );
      const notes = await opened.index.notes();
      assert.deepEqual(
        notes.map(({ file, text }) => [file, text.args]),
        [['file:///w/old.tfstate', ['3']]],
      );
    } finally {
      opened.dispose();
    }
  });

  it('loses only the state whose reader needs too much memory', async () => {
    const worker = path.join(root, 'reader.js');
    await writeFile(worker, 'const all = []; for (;;) all.push(new Array(1e6).fill({}));');
    await assert.rejects(readStateApart(worker, Buffer.from('{}'), 0, 64), {
      name: 'UserError',
      message: 'Reading the state file takes too much memory.',
    });
  });

  for (const [how, code] of [
    ['throws', 'setTimeout(() => { throw new Error("x"); }, 20)'],
    ['ends', 'setTimeout(() => process.exit(3), 20)'],
    ['needs more memory than it may have', 'const all = []; for (;;) all.push(new Array(1e6).fill({}));'],
  ] as const) {
    it(`rejects what is open and what comes later when it ${how}`, async () => {
      const worker = path.join(root, 'worker.js');
      await writeFile(worker, code);
      const opened = openIndex(worker, { read: () => undefined }, 64);
      const error = { name: 'UserError', message: 'The files of this workspace cannot be indexed.' };
      await assert.rejects(opened.index.update([], signal), error);
      await assert.rejects(opened.index.find([id]), error);
      opened.dispose();
    });
  }
});
