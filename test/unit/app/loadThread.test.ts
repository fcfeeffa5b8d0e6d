import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import {
  LoadThread,
  type LoadPorts,
  type LoadReport,
  type LoadTask,
  type SourceOptions,
} from '../../../src/app/loadThread';
import type { Range } from '../../../src/core/time/range';
import type { History } from '../../../src/history/history';
import type { LoadResult } from '../../../src/history/load/loader';
import { openHistory, type OpenedHistory } from '../../../src/history/openHistory';
import { connect } from '../../../src/protocol/rpc';
import { portOf } from '../../../src/protocol/workerPort';
import { makeEvents } from '../../server/events';
import { useServer } from '../api/client';
import {
  loadWorkerPath,
  logWorkerPath,
  noSignal,
  readAll,
  record,
  store,
  workerPath,
  Workshop,
} from '../history/fixture';
import { quietPorts } from './quietPorts';

const newest = Date.UTC(2026, 10, 20);
const now = newest + 3_600_000;
const range: Range = { from: newest - 86_400_000, to: newest + 1 };
const events = makeEvents(3_000, { newest, stepMs: 20_000, bytes: 2_048 });

interface Options extends Partial<LoadTask> {
  readonly source?: SourceOptions;
  readonly ports?: Partial<LoadPorts>;
  readonly signal?: AbortSignal;
}

describe('the thread that loads', () => {
  const workshop = new Workshop();
  const server = useServer({ events, maxLimit: 5_000 });
  let thread: LoadThread;
  let history: History;
  let serveLoader: OpenedHistory['serveLoader'];

  beforeEach(async () => {
    thread = new LoadThread(loadWorkerPath);
    ({ history, serveLoader } = await openHistory({ workerPath, file: ':memory:' }));
    workshop.keep(history);
  });
  afterEach(() => {
    thread.dispose();
    return workshop.cleanUp();
  });

  function load({ source, ports, signal = noSignal, ...task }: Options = {}): Promise<LoadResult> {
    const { endpoint, token } = server();
    return thread.load(
      source ?? { kind: 'http', endpoint },
      { range, components: [], pageSize: 500, concurrency: 4, ...task },
      { ...quietPorts(token, now), ...ports },
      serveLoader,
      signal,
    );
  }

  async function requested(): Promise<void> {
    while (server().requests.length === 0) await sleep(5);
  }

  it('stores each record as it was received', async () => {
    assert.deepEqual((await load({ pageSize: 100 })).gaps, []);
    assert.deepEqual(await readAll(history), events);
  });

  it('hands over a large page in several parts', async () => {
    assert.deepEqual((await load({ pageSize: 5_000 })).gaps, []);
    const bytes = Buffer.byteLength(JSON.stringify(events));
    assert.ok(bytes > 5 << 20, `a page of ${bytes} bytes is no large one`);
    assert.deepEqual(await readAll(history), events);
  });

  it('tells once of each page and all requests before it, and asks once for the token', async () => {
    let asked = 0;
    const reports: LoadReport[] = [];
    const ports: Partial<LoadPorts> = {
      token: () => [server().token][asked++],
      reported: (report) => void reports.push(report),
      log: (_level, text) => assert.fail(text),
    };
    await load({ ports });
    const pages = server().requests.length;
    assert.ok(pages >= 6);
    assert.equal(asked, 1);
    assert.equal(reports.length, pages);
    assert.ok(reports.every(({ progress }) => progress));
    assert.equal(reports.flatMap(({ attempts }) => attempts).length, pages);
  });

  it('goes on with another token as soon as there is one', async () => {
    const tokens = [server().token];
    let changed = (): void => assert.fail('nobody listens');
    let isHeard = true;
    const ports: Partial<LoadPorts> = {
      token: () => tokens.at(-1),
      onDidChangeToken(listener) {
        changed = listener;
        return { dispose: () => (isHeard = false) };
      },
      reported() {
        if (tokens.length > 1) return;
        tokens.push(server().tokens.issue());
        changed();
      },
    };
    assert.deepEqual((await load({ ports, concurrency: 1, pageSize: 100 })).gaps, []);
    const sent = server().requests.map(({ headers }) => headers['x-auth-token']);
    assert.equal(sent[0], tokens[0]);
    assert.equal(sent.at(-1), tokens[1]);
    assert.equal(isHeard, false);
  });

  it('tells at once of a request that failed, and waits for a token where it was refused', async () => {
    const tokens = ['old'];
    const told: unknown[] = [];
    const ports: Partial<LoadPorts> = {
      token: () => tokens.at(-1),
      reported: ({ attempts }) => void told.push(...attempts.map(({ failure }) => failure)),
      waitForToken: async () => {
        await sleep(20);
        told.push('waited');
        tokens.push(server().token);
      },
    };
    assert.deepEqual((await load({ ports, concurrency: 1, pageSize: 5_000 })).gaps, []);
    assert.deepEqual(told.slice(0, 2), ['unauthorized', 'waited']);
    assert.deepEqual([...new Set(told.slice(2))], [undefined]);
  });

  it('ends with what ended the wait for a token', async () => {
    const gone = new Error('nobody is there');
    await assert.rejects(load({ ports: { token: () => 'old', waitForToken: () => Promise.reject(gone) } }), gone);
  });

  it('has stored all that it will store when a cancelled load ends, and lets others load', async () => {
    const cancel = new AbortController();
    const reason = new Error('enough');
    const reported = ({ progress }: LoadReport): void => {
      if (progress) cancel.abort(reason);
    };
    await assert.rejects(load({ pageSize: 20, ports: { reported }, signal: cancel.signal }), reason);
    assert.equal(await history.metadata('load'), undefined);
    const { length } = await readAll(history);
    assert.ok(length > 0 && length < events.length, String(length));
    await history.clear();
    await sleep(50);
    assert.deepEqual(await readAll(history), []);
  });

  it('ends a request that is cancelled, and is there for the next', async () => {
    server().fault({ kind: 'hang', at: 'head', times: 1 });
    const failures: unknown[] = [];
    const ports: Partial<LoadPorts> = {
      reported: ({ attempts }) => void failures.push(...attempts.map(({ failure }) => failure)),
    };
    const cancel = new AbortController();
    const loading = load({ ports, signal: cancel.signal });
    void requested().then(() => cancel.abort());
    await assert.rejects(loading, { name: 'AbortError' });
    assert.deepEqual(failures, ['cancelled']);
    assert.deepEqual((await load()).gaps, []);
  });

  it('says what is wrong with an endpoint', async () => {
    await assert.rejects(load({ source: { kind: 'http', endpoint: 'http://elsewhere.test/' } }), { name: 'UserError' });
    assert.deepEqual((await load()).gaps, []);
  });

  it('says that it died, and starts again', async () => {
    server().fault({ kind: 'hang', at: 'head', times: 1 });
    const loading = load();
    void requested().then(() => thread.dispose());
    await assert.rejects(loading, /stopped unexpectedly/);
    assert.deepEqual((await load()).gaps, []);
  });

  it('says that the history is gone', async () => {
    server().fault({ kind: 'slow', ms: 50 });
    const reported = ({ progress }: LoadReport): void => {
      if (progress) void history.close();
    };
    const loading = load({ pageSize: 20, ports: { reported } });
    await assert.rejects(loading, /The history stopped working/);
  });

  it('keeps the order within a second when it was started anew', async () => {
    const timestamp = '2026-11-19T12:00:00Z';
    const [nova, glance] = ['nova', 'glance'].map((source, n) => record(n, { timestamp, source }));
    const path = workshop.file('log.json');
    writeFileSync(path, JSON.stringify({ logs: [nova, glance] }));
    const source = { kind: 'file', path, workerPath: logWorkerPath } as const;
    await load({ source });
    thread.dispose();
    await load({ source, components: ['nova'], again: range });
    assert.deepEqual(await readAll(history), [nova, glance]);
  });

  it('loads a saved log, which it keeps open and opens again where it has to', async () => {
    const path = workshop.file('log.json');
    writeFileSync(path, JSON.stringify({ logs: events.slice(0, 100) }));
    const log = { path, workerPath: logWorkerPath };
    const { range: times } = await thread.openLog(log, noSignal);
    assert.equal(times?.to, newest + 1_000);
    await load({ source: { kind: 'file', ...log } });
    assert.deepEqual(await readAll(history), events.slice(0, 100));
    await history.clear();
    thread.dispose();
    await load({ source: { kind: 'file', ...log } });
    assert.deepEqual(await readAll(history), events.slice(0, 100));
  });

  it('says what is wrong with a saved log, and stops opening one that is not wanted', async () => {
    const log = { path: workshop.file('empty.json'), workerPath: logWorkerPath };
    writeFileSync(log.path, '');
    await assert.rejects(thread.openLog(log, noSignal), { name: 'UserError' });
    await assert.rejects(thread.openLog(log, AbortSignal.abort()), { name: 'AbortError' });
  });

  it('loads the sample, the same again when it was started anew', async () => {
    const source = { kind: 'sample', now } as const;
    const all = { from: 0, to: now };
    const { loaded } = await load({ source, range: all });
    assert.ok(loaded > 100);
    thread.dispose();
    const told: number[] = [];
    const reported = ({ progress }: LoadReport): void => {
      if (progress) told.push(progress.newEvents);
    };
    assert.equal((await load({ source, range: all, again: all, ports: { reported } })).loaded, loaded);
    assert.equal(told.at(-1), 0);
  });

  it('is offered of the history what it needs, and nothing more', async () => {
    const { port1, port2 } = new MessageChannel();
    await serveLoader(port1);
    const { remote } = connect<History>(portOf(port2));
    assert.deepEqual(await remote.coverage(''), []);
    for (const method of ['clear', 'close', 'open', 'records', 'serveLoader'])
      await assert.rejects((remote as unknown as Record<string, () => Promise<unknown>>)[method]!(), /No such method/);
    port2.close();
  });

  it('shares the history with the window, which goes on to answer', async () => {
    const loading = load({ pageSize: 50 });
    assert.equal(await store(history, [record(1)]), 1);
    assert.deepEqual((await loading).gaps, []);
    assert.equal((await readAll(history)).length, events.length + 1);
  });
});
