import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuditSource } from '../../../src/api';
import type { History } from '../../../src/history/history';
import { Loader, type LoadResult } from '../../../src/history/load/loader';
import { makeEvents } from '../../server/events';
import { startServer, type StandIn } from '../../server/startServer';
import type { Log } from '../../../src/core/base/log';
import { noSignal, readAll, silentLog, Workshop } from './fixture';

const newest = Date.UTC(2026, 10, 20, 12);
const to = newest + 3_600_000;
const range = { from: newest - 7_200_000, to };
const events = makeEvents(1_000, { newest, stepMs: 3_000, bytes: 700 });
const pages = events.length / 50;

describe('two windows on one connection', () => {
  const workshop = new Workshop();
  let server: StandIn;
  beforeEach(async () => {
    server = await startServer({ events });
    server.fault({ kind: 'slow', ms: 30 });
  });
  afterEach(async () => {
    await workshop.cleanUp();
    await server.stop();
  });

  async function load(
    history: History,
    options: { signal?: AbortSignal; onProgress?: () => unknown; token?: string; log?: Log } = {},
  ) {
    const source = createAuditSource({ endpoint: server.endpoint, token: () => options.token ?? server.token });
    const waitForToken = () => Promise.reject(new Error('The token was refused'));
    const fixed = { components: [], pageSize: 50, concurrency: 2, now: () => to, log: options.log ?? silentLog };
    try {
      const loader = new Loader({ source, history, ...fixed, waitForToken });
      return await loader.load(range, options.onProgress ?? (() => undefined), options.signal ?? noSignal);
    } finally {
      source.dispose();
    }
  }

  function startProcess(file: string): ChildProcess {
    const args = [path.join(__dirname, 'loadProcess.js'), server.endpoint, server.token, file, String(to)];
    const env = { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  }

  async function checkComplete(history: History, { gaps }: LoadResult): Promise<void> {
    assert.deepEqual(gaps, []);
    assert.deepEqual(await readAll(history), events);
  }

  /** As many requests as one window needs, and for the other one for the last minutes. */
  function checkNotDoubled(alone: number): void {
    assert.ok(server.requests.length <= alone * 1.2 + 2, `${server.requests.length} requests instead of ${alone}`);
  }

  it('do not load the same in one process, and the second one follows', async () => {
    await load(await workshop.local());
    const alone = server.requests.splice(0).length;
    const file = workshop.file();
    const [first, second] = [await workshop.inWorker(file), await workshop.inWorker(file)];
    let told = 0;
    const results = await Promise.all([
      load(first),
      sleep(20).then(() => load(second, { onProgress: () => (told += 1) })),
    ]);
    await checkComplete(second, results[1]);
    assert.deepEqual(results[0].gaps, []);
    assert.ok(told > 0, 'nothing was told of what the other stored');
    checkNotDoubled(alone);
  });

  it('do not load the same in two processes', async () => {
    await once(startProcess(workshop.file()), 'exit');
    const alone = server.requests.splice(0).length;
    const file = workshop.file();
    const children = [startProcess(file), startProcess(file)];
    const outputs = await Promise.all(
      children.map(async (child) => (await Promise.all([text(child.stdout!), once(child, 'exit')]))[0]),
    );
    for (const output of outputs) assert.match(output, /gaps 0/);
    assert.deepEqual(await readAll(await workshop.local(file)), events);
    checkNotDoubled(alone);
  });

  it('of which one is killed leave the rest to the other at once', async () => {
    const file = workshop.file();
    const child = startProcess(file);
    let output = '';
    child.stdout!.on('data', (data: Buffer) => {
      output += data.toString();
      if (output.split('page').length > 4) child.kill('SIGKILL');
    });
    await once(child, 'exit');
    const history = await workshop.local(file);
    const told: string[] = [];
    const log = { ...silentLog, info: (text: string) => void told.push(text) };
    await checkComplete(history, await load(history, { log }));
    assert.deepEqual(
      told.filter((text) => text.startsWith('Another window loads')),
      [],
    );
    assert.ok(server.requests.length <= pages * 1.5 + 6, `${server.requests.length} requests`);
  });

  it('of which one falls silent do not wait for it for long; when it wakes up it waits itself', async () => {
    const file = workshop.file();
    const [first, second] = [await workshop.local(file), await workshop.local(file)];
    // The first one stands still in the middle: neither its pages nor its signs of life are written.
    const { store, renewLease } = first;
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    let calls = 0;
    first.store = async (...args) => {
      if (++calls > 3) await asleep;
      return store.apply(first, args);
    };
    first.renewLease = async () => {
      if (calls > 3) await asleep;
      return renewLease.call(first);
    };
    const [early, late] = [load(first), sleep(500).then(() => load(second))];
    await checkComplete(second, await late);
    wake();
    await checkComplete(first, await early);
    assert.ok(server.requests.length <= pages * 2, `${server.requests.length} requests`);
  });

  it('let each other in when a load is cancelled or fails', async () => {
    const file = workshop.file();
    const [first, second] = [await workshop.local(file), await workshop.local(file)];
    const cancel = new AbortController();
    const cancelled = load(first, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 60);
    await assert.rejects(cancelled, { name: 'AbortError' });
    assert.equal(await second.acquireLease(undefined), undefined);
    await second.releaseLease();

    const { store } = first;
    first.store = () => Promise.reject(new Error('disk full'));
    await assert.rejects(load(first), { message: 'disk full' });
    first.store = store;
    assert.equal(await second.acquireLease(undefined), undefined);
    await second.releaseLease();
  });

  it('of which one waits for a token let the other ask, too', async () => {
    const file = workshop.file();
    const [first, second] = [await workshop.local(file), await workshop.local(file)];
    server.tokens.revokeAll();
    const token = server.tokens.issue();
    const source = createAuditSource({ endpoint: server.endpoint, token: () => server.token });
    const options = { source, history: first, components: [], pageSize: 50, concurrency: 2, now: () => to };
    const cancel = new AbortController();
    const waitForToken = (signal: AbortSignal) => sleep(60_000, undefined, { signal });
    const waiting = new Loader({ ...options, waitForToken, log: silentLog }).load(
      range,
      () => undefined,
      cancel.signal,
    );
    await sleep(200);
    await checkComplete(second, await load(second, { token }));
    cancel.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    source.dispose();
  });
});
