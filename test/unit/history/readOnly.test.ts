import assert from 'node:assert/strict';
import { chmodSync, chownSync, copyFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fieldText } from '../../../src/core/event/event';
import { format } from '../../../src/core/base/message';
import { LocalHistory } from '../../../src/history/localHistory';
import { always, noSignal, readAll, record, store, Workshop } from './fixture';
import { SmallDisk } from './smallDisk';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
const resource = 'e4f0a7f6-2b7c-4b25-9d0e-7a6f3d2c1b0a';
const records = [3, 2, 1].map((n) => record(n, { uri: `/v2.1/servers/${resource}/action` }));

describe('storage that is read-only', function () {
  const workshop = new Workshop();
  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  afterEach(async () => {
    process.seteuid?.(process.getuid?.() ?? 0);
    await workshop.cleanUp();
  });

  /** Root may write everywhere: it becomes somebody else until the test ends. */
  function becomeOrdinary(): void {
    if (isRoot) process.seteuid?.(nobody);
  }

  /** A history as its window left it: closed, or ended in the middle, with the files that SQLite keeps beside it. */
  async function makeFile(ended: 'closed' | 'killed'): Promise<string> {
    const file = workshop.file();
    const before = await workshop.local(file);
    await store(before, records);
    if (ended === 'closed') {
      await before.close();
      return file;
    }
    const copy = workshop.file();
    for (const suffix of ['', '-wal', '-shm']) copyFileSync(file + suffix, copy + suffix);
    return copy;
  }

  function give(file: string, owner: number, mode: { readonly folder: number; readonly file: number }): void {
    const folder = path.dirname(file);
    for (const name of readdirSync(folder)) {
      if (isRoot) chownSync(path.join(folder, name), owner, owner);
      chmodSync(path.join(folder, name), mode.file);
    }
    if (isRoot) chownSync(folder, owner, owner);
    chmodSync(folder, mode.folder);
  }

  async function openAsOrdinary(file: string): Promise<{ history: LocalHistory; notice: string; inMemory: boolean }> {
    becomeOrdinary();
    const history = new LocalHistory();
    const { notices, inMemory } = await history.open({ file });
    workshop.keep(history);
    return { history, notice: notices.map((notice) => format(notice)).join('\n'), inMemory };
  }

  async function assertBrowsable(history: LocalHistory): Promise<void> {
    assert.deepEqual(await readAll(history), records);
    const ofResource = await readAll(history, { view: { range: always, resourceId: resource } });
    assert.deepEqual(ofResource, records);
    const key = fieldText(records[0]!, 'event_id');
    assert.deepEqual((await history.event(key))?.record, records[0]);
    assert.equal((await history.neighbours(key, undefined, 5)).previous.length, 2);
    const search = { type: 'text', value: 'CREATE-vm' } as const;
    assert.equal((await readAll(history, { view: { range: always, search } })).length, 3);
    const { days } = await history.counts({ range: always }, 'utc', noSignal);
    assert.deepEqual(days, [{ source: 'nova', day: '2026-11-01', events: 3, failures: 0 }]);
  }

  for (const ended of ['closed', 'killed'] as const) {
    for (const [what, owner, mode] of [
      ['a file', nobody, { folder: 0o700, file: 0o400 }],
      ['a folder with its file', nobody, { folder: 0o500, file: 0o400 }],
      ["another user's file", 0, { folder: 0o755, file: 0o644 }],
    ] as const) {
      it(`shows what is stored in ${what} (${ended}), and goes on once it can be written`, async function () {
        if (owner === 0 && !isRoot) this.skip();
        const file = await makeFile(ended);
        give(file, owner, mode);
        const { history, notice, inMemory } = await openAsOrdinary(file);
        assert.equal(inMemory, false);
        assert.match(notice, /can be read, but nothing can be added to it: writing there is not permitted\. .*refresh/);
        await assertBrowsable(history);
        await assert.rejects(store(history, [record(4)]), { name: 'UserError', message: /not permitted/ });
        await assert.rejects(history.clear(), { name: 'UserError', message: /not permitted/ });
        await assertBrowsable(history);
        process.seteuid?.(process.getuid?.() ?? 0);
        give(file, nobody, { folder: 0o700, file: 0o600 });
        becomeOrdinary();
        assert.equal(await store(history, [record(4)]), 1);
        assert.equal((await readAll(history)).length, 4);
      });
    }
  }

  it('keeps a new history in memory where a file may not even be read, and says so', async function () {
    if (!isRoot) this.skip();
    const file = await makeFile('closed');
    give(file, 0, { folder: 0o755, file: 0o600 });
    const { history, notice, inMemory } = await openAsOrdinary(file);
    assert.equal(inMemory, true);
    assert.match(notice, /cannot be stored in .*: writing there is not permitted\. Events are kept in memory/);
    assert.equal(await store(history, [record(1)]), 1);
    assert.deepEqual(readdirSync(path.dirname(file)), ['history.sqlite']);
  });

  it('shows what is stored on a disk that is mounted read-only', async function () {
    if (!SmallDisk.isPossible) this.skip();
    const disk = new SmallDisk(10_000_000);
    try {
      const before = await workshop.local(disk.file);
      await store(before, records);
      await before.close();
      disk.remount('ro');
      const history = new LocalHistory();
      const { notices } = await history.open({ file: disk.file });
      workshop.keep(history);
      assert.match(format(notices[0]!), /can be read, but nothing can be added to it: the disk is read-only\./);
      await assertBrowsable(history);
      disk.remount('rw');
      assert.equal(await store(history, [record(4)]), 1);
    } finally {
      await workshop.cleanUp();
      disk.remove();
    }
  });
});
