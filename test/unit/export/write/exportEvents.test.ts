import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { isCancelled, UserError } from '../../../../src/core/base/errors';
import type { ActivityEvent } from '../../../../src/core/event/event';
import { exportEvents } from '../../../../src/export/write/exportEvents';
import { explainFileError } from '../../../../src/export/fileErrors';
import { formats, type ExportFormat } from '../../../../src/export/write/formats';
import { inBatches, never, sample, useFolder, write } from '../support';

const allFormats = Object.keys(formats) as ExportFormat[];

async function* thenFail(error: Error): AsyncGenerator<readonly ActivityEvent[]> {
  yield* inBatches(Array.from({ length: 2000 }, () => ({ event_id: 'a', request_body: 'x'.repeat(1000) })));
  throw error;
}

describe('exportEvents', () => {
  const folder = useFolder();

  for (const format of allFormats) {
    it(`${format}: says where and how many, and leaves only the file`, async () => {
      const path = folder.file('a');
      assert.deepEqual(await exportEvents(format, path, inBatches(sample), { formulaGuard: true }, never), {
        path,
        events: 2,
      });
      assert.deepEqual(await folder.names(), ['a']);
    });

    it(`${format}: a failure leaves an existing file untouched and nothing else`, async () => {
      await writeFile(folder.file('a'), 'before');
      const failing = exportEvents(
        format,
        folder.file('a'),
        thenFail(new Error('lost')),
        { formulaGuard: true },
        never,
      );
      await assert.rejects(failing, { message: 'lost' });
      assert.deepEqual(await folder.names(), ['a']);
      assert.equal(await readFile(folder.file('a'), 'utf8'), 'before');
    });

    it(`${format}: a cancel in the middle leaves nothing, and the source is let go`, async () => {
      const abort = new AbortController();
      let released = false;
      async function* endless(): AsyncGenerator<readonly ActivityEvent[]> {
        try {
          for (let batch = 0; ; batch++) {
            if (batch === 30) abort.abort();
            await new Promise((resolve) => setImmediate(resolve));
            yield Array.from({ length: 10 }, () => ({ event_id: 'a', request_body: 'x'.repeat(5000) }));
          }
        } finally {
          released = true;
        }
      }
      await assert.rejects(
        exportEvents(format, folder.file('a'), endless(), { formulaGuard: true }, abort.signal),
        (error) => isCancelled(error),
      );
      assert.deepEqual(await folder.names(), []);
      assert.ok(released);
    });
  }

  it('does not begin when cancelled before', async () => {
    await assert.rejects(
      exportEvents('csv', folder.file('a'), inBatches(sample), { formulaGuard: true }, AbortSignal.abort()),
      (error) => isCancelled(error),
    );
  });

  it('names the formats where it is asked for another', async () => {
    await assert.rejects(write('pdf' as ExportFormat, folder.file('a'), sample), {
      message: 'pdf is not an export format. Use one of xlsx, xls, csv, tsv, json, ndjson, markdown.',
    });
    assert.deepEqual(await folder.names(), []);
  });

  it('grows beside its place under a name nobody can guess, for the user only', async () => {
    const seen = new Set<string>();
    async function* watching(): AsyncGenerator<readonly ActivityEvent[]> {
      const [name = '', ...others] = (await folder.names()).filter((name) => name !== 'a.csv');
      assert.match(name, /^\.a\.csv\.[0-9a-f]{18}\.tmp$/);
      assert.deepEqual(others, []);
      const { mode } = await stat(folder.file(name));
      if (process.platform !== 'win32') assert.equal(mode & 0o777, 0o600);
      seen.add(name);
      yield [];
    }
    for (const times of [1, 2]) {
      await exportEvents('csv', folder.file('a.csv'), watching(), { formulaGuard: true }, never);
      assert.equal(seen.size, times);
    }
  });

  it('writes through a link to the file it names', async function () {
    if (process.platform === 'win32') this.skip();
    await mkdir(folder.file('real'));
    await writeFile(folder.file('real/a.csv'), 'before');
    await symlink(folder.file('real/a.csv'), folder.file('link.csv'));
    await write('csv', folder.file('link.csv'), sample);
    assert.match(await readFile(folder.file('real/a.csv'), 'utf8'), /create-floating-ip/);
    assert.equal(await readFile(folder.file('link.csv'), 'utf8'), await readFile(folder.file('real/a.csv'), 'utf8'));
  });

  it('names the cause where the place cannot be', async () => {
    await writeFile(folder.file('file'), '');
    for (const [path, text] of [
      [folder.path, `${folder.path} is a folder. Choose a file name.`],
      [folder.file('no/a.csv'), `The folder ${folder.file('no')} does not exist. Create it, or choose another one.`],
      [folder.file('file/a.csv'), `${folder.file('file')} is not a folder. Choose another place.`],
    ] as const) {
      await assert.rejects(write('csv', path, sample), { name: 'UserError', message: text });
    }
  });

  it('names a folder that may not be written to', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    await mkdir(folder.file('locked'));
    await chmod(folder.file('locked'), 0o500);
    await assert.rejects(write('csv', folder.file('locked/a.csv'), sample), /No permission/);
  });

  for (const [code, start] of [
    ['EACCES', 'No permission for /x/a.csv.'],
    ['EPERM', 'No permission for /x/a.csv.'],
    ['ENOSPC', 'The disk is full: /x/a.csv was not written.'],
    ['EDQUOT', 'Your disk quota is used up:'],
    ['EROFS', '/x/a.csv is on a read-only disk.'],
    ['EBUSY', '/x/a.csv is open in another program.'],
    ['EIO', '/x/a.csv cannot be written (EIO).'],
  ] as const) {
    it(`explains ${code}`, () => {
      const cause = Object.assign(new Error(code), { code, syscall: 'write' });
      const error = explainFileError(cause, '/x/a.csv', 'write');
      assert.ok(error instanceof UserError && error.message.startsWith(start) && error.cause === cause);
    });
  }

  it('leaves errors alone that are not of the file system', () => {
    const error = new Error('other');
    assert.equal(explainFileError(error, '/x', 'write'), error);
  });
});
