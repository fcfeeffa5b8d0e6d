import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fieldText } from '../../../src/core/event/event';
import { Random } from '../../../src/sample/random';
import { makeEvents } from '../../server/events';
import { startServer } from '../../server/startServer';
import { noSignal, readAll, Workshop } from './fixture';

const newest = Date.UTC(2026, 10, 20, 12);
const to = newest + 3_600_000;
const range = { from: 0, to };
const kills = 50;
/** So small that all kills together do not see the end of the load. */
const pageSize = '25';

describe('a process that is killed while it loads', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  it(`${kills} times at random moments ends with what an undisturbed one holds`, async () => {
    const events = makeEvents(6_000, { newest, stepMs: 600, bytes: 700, recurring: true });
    const server = await startServer({ events });
    server.fault({ kind: 'slow', ms: 20 });
    const file = workshop.file();
    const random = new Random('kill');
    try {
      let pages = 0;
      for (let kill = 0; kill < kills; kill++) {
        // One in five dies while it starts, the others within the first pages they load.
        const patience = random.chance(0.2) ? 0 : random.int(1, 5);
        const output = await load(random.next() * (patience ? 15 : 400), patience);
        assert.doesNotMatch(output, /gaps/, `the load had ended before kill ${kill}`);
        pages += output.split('page').length - 1;
      }
      assert.ok(pages > kills, `${pages} pages only were loaded in between`);
      server.clearFaults();
      assert.match(await load(Infinity, Infinity), /gaps 0\n$/);
      const requests = server.requests.length;
      assert.match(await load(Infinity, Infinity), /gaps 0\n$/);
      assert.ok(server.requests.length - requests <= 2, 'asks again for what is stored');

      const history = await workshop.local(file);
      const stored = await readAll(history, { view: { range } });
      assert.equal(stored.length, events.length);
      assert.deepEqual(stored, events);
      assert.deepEqual(await history.coverage(''), [{ from: 0, to: to - 120_000 }]);
      const { days } = await history.counts({ range }, 'utc', noSignal);
      assert.equal(
        days.reduce((sum, day) => sum + day.events, 0),
        events.length,
      );
      for (let index = 0; index < events.length; index += 97) {
        const found = await history.event(fieldText(events[index]!, 'event_id'));
        assert.deepEqual(found?.record, events[index]);
        const resourceId = found?.summary.resourceId;
        const life = events.filter((event) => fieldText(event, 'uri').includes(resourceId ?? '?'));
        assert.deepEqual(await readAll(history, { view: { range, resourceId } }), life);
      }
    } finally {
      await server.stop();
    }

    /** What a process says that is killed so many milliseconds after it has loaded so many pages, if it still lives then. */
    async function load(milliseconds: number, patience: number): Promise<string> {
      const script = path.join(__dirname, 'loadProcess.js');
      const child = spawn(process.execPath, [script, server.endpoint, server.token, file, String(to), pageSize], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
      });
      let output = '';
      let timer: NodeJS.Timeout | undefined;
      const look = (): void => {
        if (output.split('page').length > patience)
          timer ??= setTimeout(() => child.kill('SIGKILL'), Math.min(milliseconds, 60_000));
      };
      look();
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString();
        look();
      });
      await new Promise((resolve) => child.once('close', resolve));
      clearTimeout(timer);
      return output;
    }
  });
});
