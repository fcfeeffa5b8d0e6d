import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditOptions } from '../../../src/api';
import { RequestError } from '../../../src/core/base/errors';
import type { Range } from '../../../src/core/time/range';
import type { History } from '../../../src/history/history';
import { Loader } from '../../../src/history/load/loader';
import { openHistory } from '../../../src/history/openHistory';
import { PageThread } from '../../../src/app/pageThread';
import { makeEvents } from '../../server/events';
import { useServer } from '../api/client';
import { noSignal, pageWorkerPath, readAll, silentLog, workerPath, Workshop } from '../history/fixture';

const newest = Date.UTC(2026, 10, 20);
const range: Range = { from: newest - 86_400_000, to: newest + 1 };
const events = makeEvents(3_000, { newest, stepMs: 20_000, bytes: 2_048 });
const first = { component: undefined, ...range, marker: undefined, limit: 500 };

describe('the thread that requests pages', () => {
  const workshop = new Workshop();
  const server = useServer({ events, maxLimit: 5_000 });
  let thread: PageThread;
  let history: History;
  let open: (options?: Partial<AuditOptions>) => ReturnType<PageThread['open']>;

  beforeEach(async () => {
    thread = new PageThread(pageWorkerPath);
    const opened = await openHistory({ workerPath, file: ':memory:' });
    ({ history } = opened);
    workshop.keep(history);
    open = (options) => {
      const { endpoint, token } = server();
      return thread.open({ endpoint, token: () => token, ...options }, opened.receivePages);
    };
  });
  afterEach(() => {
    thread.dispose();
    return workshop.cleanUp();
  });

  async function load(pageSize: number): Promise<void> {
    const source = await open();
    const fixed = { components: [], concurrency: 4, now: () => newest + 3_600_000, log: silentLog };
    const waitForToken = (): never => assert.fail('no token is missing');
    try {
      const loader = new Loader({ source, history, pageSize, ...fixed, waitForToken });
      assert.deepEqual((await loader.load(range, () => undefined, noSignal)).gaps, []);
    } finally {
      source.dispose();
    }
  }

  async function requested(): Promise<void> {
    while (server().requests.length === 0) await sleep(5);
  }

  it('hands each record to the history as it was received', async () => {
    await load(100);
    assert.deepEqual(await readAll(history), events);
  });

  it('hands over a large page in several parts', async () => {
    await load(5_000);
    const bytes = Buffer.byteLength(JSON.stringify(events));
    assert.ok(bytes > 5 << 20, `a page of ${bytes} bytes is no large one`);
    assert.deepEqual(await readAll(history), events);
  });

  it('asks for the token before each attempt, and tells of each', async () => {
    const tokens = ['old', server().token];
    const failures: (string | undefined)[] = [];
    const source = await open({
      token: () => tokens.shift(),
      onAttempt: ({ failure }) => failures.push(failure),
    });
    const isRefused = (error: unknown): boolean =>
      error instanceof RequestError && error.failure === 'unauthorized' && error.details.status === 401;
    await assert.rejects(source.read(first, noSignal), isRefused);
    assert.equal((await source.read(first, noSignal)).records, 500);
    assert.deepEqual(failures, ['unauthorized', undefined]);
    source.dispose();
  });

  it('drops what was neither stored nor dropped when the load ends', async () => {
    const source = await open();
    const [kept, left] = [await source.read(first, noSignal), await source.read(first, noSignal)];
    assert.equal(await history.storePage(kept.ticket, '', undefined), 500);
    source.dispose();
    await load(500); // by then it has ended
    await assert.rejects(history.storePage(left.ticket, '', undefined), /No page/);
  });

  it('ends a request that is cancelled, on the other thread too, and is there for the next', async () => {
    server().fault({ kind: 'hang', at: 'head', times: 1 });
    const failures: (string | undefined)[] = [];
    const source = await open({ onAttempt: ({ failure }) => failures.push(failure) });
    const cancel = new AbortController();
    const reading = source.read(first, cancel.signal);
    void requested().then(() => cancel.abort());
    await assert.rejects(reading, { name: 'AbortError' });
    assert.equal((await source.read(first, noSignal)).records, 500);
    assert.deepEqual(failures, ['cancelled', undefined]);
    source.dispose();
  });

  it('says what is wrong with an endpoint', async () => {
    await assert.rejects(open({ endpoint: 'http://elsewhere.test/' }), { name: 'UserError' });
    await load(500);
  });

  it('says that it died, and starts again', async () => {
    server().fault({ kind: 'hang', at: 'head', times: 1 });
    const source = await open();
    const reading = source.read(first, noSignal);
    void requested().then(() => thread.dispose());
    await assert.rejects(reading, /stopped unexpectedly/);
    source.dispose();
    await load(500);
  });
});
