import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createAuditSource } from '../../../src/api';
import type { EventSource } from '../../../src/core/event/source';
import { format } from '../../../src/core/base/message';
import type { History } from '../../../src/history/history';
import { Loader } from '../../../src/history/load/loader';
import { openHistory } from '../../../src/history/openHistory';
import { makeEvents } from '../../server/events';
import { startServer, type StandIn } from '../../server/startServer';
import { noSignal, readAll, record, silentLog, store, workerPath, Workshop } from './fixture';
import { SmallDisk } from './smallDisk';

const newest = Date.UTC(2026, 10, 20, 12);
const to = newest + 3_600_000;
const range = { from: 0, to };
const events = makeEvents(3_000, { newest, stepMs: 20_000, bytes: 2_000 });
const full = /disk is full.*free some space and refresh/i;

describe('a disk that is full', () => {
  const workshop = new Workshop();
  let disk: SmallDisk | undefined;
  let server: StandIn;
  before(async () => (server = await startServer({ events })));
  after(() => server.stop());
  afterEach(async () => {
    await workshop.cleanUp();
    disk?.remove();
    disk = undefined;
  });

  async function load(history: History): Promise<void> {
    const source: EventSource & { dispose(): void } = createAuditSource({
      endpoint: server.endpoint,
      token: () => server.token,
    });
    const waitForToken = (): Promise<void> => Promise.reject(new Error('The token was refused'));
    const options = { source, history, components: [], pageSize: 100, concurrency: 4, now: () => to, log: silentLog };
    try {
      const { gaps } = await new Loader({ ...options, waitForToken }).load(range, () => undefined, noSignal);
      assert.deepEqual(gaps, []);
    } finally {
      source.dispose();
    }
  }

  async function countOf(history: History): Promise<number> {
    const { days } = await history.counts({ range }, 'utc', noSignal);
    return days.reduce((sum, day) => sum + day.events, 0);
  }

  describe('(a small one)', function () {
    before(function () {
      if (!SmallDisk.isPossible) this.skip();
    });

    it('ends a load with cause and next step; what is there can be read; once there is room a load completes', async () => {
      disk = new SmallDisk(2_000_000);
      const { history } = await openHistory({ workerPath, file: disk.file });
      workshop.keep(history);
      for (let attempt = 0; attempt < 2; attempt++)
        await assert.rejects(load(history), { name: 'UserError', message: full });
      const stored = await readAll(history);
      assert.ok(stored.length > 0 && stored.length < events.length, `${stored.length} events`);
      assert.equal(await countOf(history), stored.length);
      const known = new Set(events.map((event) => JSON.stringify(event)));
      assert.ok(stored.every((event) => known.has(JSON.stringify(event))));
      disk.remount('size=100m');
      await load(history);
      assert.deepEqual(await readAll(history), events);
      assert.equal(await countOf(history), events.length);
    });

    it('shows what is stored when it is full from the start, and goes on once there is room', async () => {
      disk = new SmallDisk(20_000_000);
      const before = await workshop.local(disk.file);
      await store(before, [record(1), record(2)]);
      await before.close();
      disk.fill();
      const { history, notices, inMemory } = await openHistory({ workerPath, file: disk.file });
      workshop.keep(history);
      assert.equal(inMemory, false);
      assert.match(format(notices[0]!), /can be read, but nothing can be added to it: the disk is full\. .*refresh/);
      assert.equal((await readAll(history)).length, 2);
      await assert.rejects(store(history, [record(3)]), { name: 'UserError', message: /the disk is full/ });
      assert.equal((await readAll(history)).length, 2);
      disk.free();
      assert.equal(await store(history, [record(3)]), 1);
      assert.equal((await readAll(history)).length, 3);
    });

    it('keeps a new history in memory, and says so', async () => {
      disk = new SmallDisk(1_000_000);
      disk.fill();
      const { history, notices, inMemory } = await openHistory({ workerPath, file: disk.file });
      workshop.keep(history);
      assert.equal(inMemory, true);
      assert.match(format(notices[0]!), /cannot be stored in .*: the disk is full\. Events are kept in memory/);
      await load(history);
      assert.deepEqual(await readAll(history), events);
    });

    it('lets events be cleared, which makes room', async () => {
      disk = new SmallDisk(2_000_000);
      const history = await workshop.local(disk.file);
      await assert.rejects(load(history), { message: full });
      disk.fill();
      await history.clear();
      assert.deepEqual(await readAll(history), []);
      const sizes = readdirSync(disk.folder).map((name) =>
        name === 'filler' ? 0 : statSync(path.join(disk!.folder, name)).size,
      );
      assert.ok(sizes.reduce((sum, size) => sum + size) < 500_000, `${sizes.join()} bytes left`);
      assert.equal(await store(history, [record(1)]), 1);
    });

    it('does not lose events when old ones are to be deleted', async () => {
      disk = new SmallDisk(2_000_000);
      const history = await workshop.local(disk.file);
      await assert.rejects(load(history), { message: full });
      const before = await readAll(history);
      disk.fill();
      // Whether there is room enough for deleting depends on what was written last.
      const outcome = await history.trim(newest).catch(String);
      assert.match(String(outcome), /^[1-9]|disk is full/);
      assert.equal(await countOf(history), (await readAll(history)).length);
      disk.remount('size=100m');
      await load(history);
      assert.deepEqual(await readAll(history), events);
      assert.ok(before.length > 0);
    });
  });

  it('or a file that may not grow ends a load in the same way (of a process that may write only so much)', async function () {
    if (process.platform === 'win32') this.skip();
    const file = workshop.file();
    const script = path.join(__dirname, 'loadProcess.js');
    const run = async (limit: string): Promise<string> => {
      const limited = ['-c', `ulimit -f ${limit}; exec "$0" "$@" 2>&1`, process.execPath];
      const child = spawn('sh', [...limited, script, server.endpoint, server.token, file, String(to)]);
      return text(child.stdout);
    };
    // Blocks of 512 bytes.
    assert.match(await run('2000'), /UserError: The history in .* cannot be written or read: .*refresh/);
    const between = await workshop.local(file);
    const stored = await readAll(between);
    assert.ok(stored.length > 0 && stored.length < events.length);
    await between.close();
    assert.match(await run('unlimited'), /gaps 0/);
    assert.deepEqual(await readAll(await workshop.local(file)), events);
  });
});
