import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import { readRetryAfter } from '../../../src/api/retryAfter';
import { isCancelled, type RequestFailure } from '../../../src/core/base/errors';
import { makeEvents } from '../../server/events';
import type { FaultKind } from '../../server/faults';
import { startServer } from '../../server/startServer';
import { disposeSources, failureOf, firstPage, never, quick, sourceOf, useServer } from './client';

const events = makeEvents(20, { newest: Date.UTC(2026, 5, 1), stepMs: 1000 });

describe('audit source against a failing server', () => {
  const server = useServer({ events });
  afterEach(disposeSources);

  const passing: readonly FaultKind[] = [
    { kind: 'status', status: 429 },
    { kind: 'status', status: 429, retryAfter: 0 },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 502, body: '<html><title>Bad Gateway</title></html>' },
    { kind: 'status', status: 503, retryAfter: 0 },
    { kind: 'status', status: 504 },
    { kind: 'status', status: 408 },
    { kind: 'reset', at: 'head' },
    { kind: 'reset', at: 'body' },
    { kind: 'cut', framing: 'length' },
    { kind: 'cut', framing: 'chunked' },
    { kind: 'cut', framing: 'clean' },
    { kind: 'answer', body: '{"logs":[{"action":"x"},', headers: { connection: 'close' } },
    { kind: 'answer', body: 'no gzip at all', headers: { 'content-encoding': 'gzip' } },
  ];
  for (const fault of passing)
    it(`gets over ${JSON.stringify(fault)}, twice`, async () => {
      const honest = await sourceOf(server()).page(firstPage, never);
      server().fault({ ...fault, times: 2 });
      const source = sourceOf(server());
      assert.deepEqual(await source.page(firstPage, never), honest);
      assert.equal(source.attempts.length, 3);
    });

  it('gets over silence, before and within the answer', async () => {
    for (const at of ['head', 'body'] as const) {
      server().fault({ kind: 'hang', at, times: 1 });
      // A machine that is slow itself may fall silent again, but not for ever.
      const retry = { ...quick.retry, attempts: 100, totalMs: 600_000 };
      const source = sourceOf(server(), { limits: { idleMs: 100 }, retry });
      await source.page(firstPage, never);
      assert.equal(source.attempts[0]?.failure, 'timeout');
      assert.equal(source.attempts.at(-1)?.failure, undefined);
    }
  });

  const lasting: readonly [fault: FaultKind, failure: RequestFailure, attempts: number, text: RegExp][] = [
    [{ kind: 'status', status: 429 }, 'rateLimited', 3, /fewer requests \(429 Too Many Requests: stand-in fault\)/],
    [{ kind: 'status', status: 500 }, 'server', 3, /failed \(500 Internal Server Error: stand-in fault\)/],
    [{ kind: 'reset', at: 'head' }, 'network', 3, /cut/],
    [{ kind: 'cut', framing: 'length' }, 'network', 3, /cut/],
    [{ kind: 'status', status: 400 }, 'badRequest', 1, /did not accept the request \(400/],
    [{ kind: 'status', status: 401 }, 'unauthorized', 1, /Set a new token/],
    [{ kind: 'status', status: 403 }, 'forbidden', 1, /role/],
    [{ kind: 'status', status: 404 }, 'notFound', 1, /project id/],
    [{ kind: 'status', status: 410 }, 'notFound', 1, /410 Gone/],
    [{ kind: 'status', status: 407 }, 'network', 1, /proxy/],
    [{ kind: 'status', status: 405 }, 'malformed', 1, /405 Method Not Allowed/],
    [{ kind: 'html' }, 'malformed', 1, /A web page \(Sign in to the network\)/],
    [{ kind: 'answer', body: '\n <!DOCTYPE html><title>Portal</title>' }, 'malformed', 1, /A web page/],
    [{ kind: 'answer', body: '{}', headers: { 'content-encoding': 'br' } }, 'malformed', 1, /encoding .*br/],
    [{ kind: 'headerFlood', bytes: 17 * 1024 }, 'tooLarge', 1, /headers/],
  ];
  for (const [fault, failure, attempts, text] of lasting)
    it(`gives up on ${JSON.stringify(fault)} after ${attempts}: ${failure}`, async () => {
      server().fault(fault);
      const source = sourceOf(server());
      const error = await failureOf(source.page(firstPage, never));
      assert.equal(error.failure, failure);
      assert.match(error.message, text);
      assert.ok(error.message.includes(new URL(server().url).host), 'names the host');
      assert.equal(source.attempts.length, attempts);
      assert.equal(server().requests.length, attempts);
    });

  it('says what a refused connection means', async () => {
    const gone = await startServer();
    await gone.stop();
    const error = await failureOf(sourceOf(gone).page(firstPage, never));
    assert.equal(error.failure, 'network');
    assert.match(error.message, /^There is no answer at 127\.0\.0\.1:\d+\./);
  });

  it('says what an unknown name means', async () => {
    const source = sourceOf(server(), { endpoint: 'https://no-such-host.invalid/v1/x', retry: { attempts: 1 } });
    const error = await failureOf(source.page(firstPage, never));
    assert.equal(error.failure, 'network');
    assert.match(error.message, /no-such-host\.invalid cannot be found/);
  });

  it('says what it means when nobody speaks HTTP there', async () => {
    const { createServer } = await import('node:net');
    const other = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const source = sourceOf(server(), { endpoint: `http://127.0.0.1:${port}/v1/x` });
    const error = await failureOf(source.page(firstPage, never));
    other.close();
    assert.equal(error.failure, 'malformed');
    assert.match(error.message, /does not speak HTTP/);
  });

  it('never follows a redirect, and the token goes nowhere', async () => {
    const other = await startServer();
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        server().fault({ kind: 'redirect', to: `${other.url}/v1/x/logs?token=abc`, status, times: 1 });
        const error = await failureOf(sourceOf(server()).page(firstPage, never));
        assert.equal(error.failure, 'redirect');
        assert.ok(error.message.includes(new URL(other.url).host) && !error.message.includes('abc'));
      }
      assert.equal(other.requests.length, 0);
    } finally {
      await other.stop();
    }
  });

  describe('Retry-After', () => {
    it('is waited for in seconds', async () => {
      server().fault({ kind: 'status', status: 429, retryAfter: '0.2', times: 1 });
      await sourceOf(server()).page(firstPage, never);
      const [first, second] = server().requests;
      assert.ok(second!.at - first!.at >= 195, `${second!.at - first!.at} ms`);
    });

    const now = 'Sun, 22 Nov 2026 12:00:00 GMT';
    const texts: readonly [text: string | undefined, ms: number | undefined][] = [
      ['2', 2_000],
      [' 0 ', 0],
      ['Sun, 22 Nov 2026 12:00:07 GMT', 7_000],
      ['Sun, 22 Nov 2026 11:59:00 GMT', 0],
      ['soon', undefined],
      ['-5', undefined],
      ['', undefined],
      [undefined, undefined],
    ];
    for (const [text, ms] of texts)
      it(`"${text}" is ${ms} ms`, () => {
        assert.equal(readRetryAfter({ date: now, ...(text !== undefined && { 'retry-after': text }) }), ms);
      });

    it('is waited for as a date', async () => {
      const retryAfter = new Date(Date.now() + 1_000).toUTCString();
      server().fault({ kind: 'status', status: 503, retryAfter, times: 1 });
      await sourceOf(server()).page(firstPage, never);
      const [first, second] = server().requests;
      const asked = Date.parse(retryAfter) - Math.floor(first!.at / 1000) * 1000;
      assert.ok(second!.at - first!.at >= asked - 10, `${second!.at - first!.at} of ${asked} ms`);
    });

    it('is shortened to the bound, and given up on where the time is over', async () => {
      server().fault({ kind: 'status', status: 429, retryAfter: 86_400 });
      const source = sourceOf(server(), { retry: { ...quick.retry, maxRetryAfterMs: 30, totalMs: 600_000 } });
      const error = await failureOf(source.page(firstPage, never));
      assert.equal(error.failure, 'rateLimited');
      assert.equal(error.details.retryAfterMs, 86_400_000);
      assert.equal(source.attempts.length, 3);
      const impatient = sourceOf(server(), { retry: { ...quick.retry, totalMs: 100 } });
      await failureOf(impatient.page(firstPage, never));
      assert.equal(impatient.attempts.length, 1);
    });

    it('holds back all requests of the source', async () => {
      const source = sourceOf(server());
      server().fault({ kind: 'status', status: 429, retryAfter: '0.15', times: 1 });
      const first = source.page(firstPage, never);
      while (source.attempts.length === 0) await sleep(2);
      await Promise.all([first, source.page(firstPage, never), source.page(firstPage, never)]);
      const [refused, ...later] = server().requests;
      assert.equal(later.length, 3);
      for (const { at } of later) assert.ok(at - refused!.at >= 145, `${at - refused!.at} ms`);
    });
  });

  describe('cancelling', () => {
    /** Nothing but the cancellation ends it before the test runs out of time. */
    const endless = {
      limits: { idleMs: 600_000, answerMs: 600_000 },
      retry: { ...quick.retry, totalMs: 6_000_000, maxRetryAfterMs: 600_000 },
    };
    const states: readonly [when: string, fault: FaultKind][] = [
      ['before the status line', { kind: 'hang', at: 'head' }],
      ['within the body', { kind: 'hang', at: 'body' }],
      ['within a body that drips', { kind: 'drip', ms: 5, bytes: 1 }],
      ['while waiting for the next attempt', { kind: 'status', status: 429, retryAfter: 600 }],
      ['within the decompression', { kind: 'bomb', bytes: 60 * 1024 * 1024 }],
    ];
    for (const [when, fault] of states)
      it(`ends at once ${when}`, async () => {
        server().fault(fault);
        const source = sourceOf(server(), endless);
        const controller = new AbortController();
        const rejected = assert.rejects(source.page(firstPage, controller.signal), isCancelled);
        const isUnderWay = () => (fault.kind === 'status' ? source.attempts : server().requests).length > 0;
        while (!isUnderWay()) await sleep(2);
        await sleep(30);
        controller.abort();
        await rejected;
        assert.equal(source.attempts.length, 1);
      });

    it('sends nothing when it came first', async () => {
      await assert.rejects(sourceOf(server()).page(firstPage, AbortSignal.abort()), isCancelled);
      assert.equal(server().requests.length, 0);
    });

    it('ends everything that is under way when the source is disposed of', async () => {
      server().fault({ kind: 'hang', at: 'head' });
      const source = sourceOf(server());
      const pages = [source.page(firstPage, never), source.page(firstPage, never)];
      while (server().requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
      disposeSources();
      for (const page of pages) await assert.rejects(page, isCancelled);
      assert.deepEqual(
        source.attempts.map(({ failure }) => failure),
        ['cancelled', 'cancelled'],
      );
      await assert.rejects(source.page(firstPage, never), isCancelled);
    });

    it('leaves no listener behind on the signal', async () => {
      const { signal } = new AbortController();
      await sourceOf(server()).page(firstPage, signal);
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    });
  });
});
