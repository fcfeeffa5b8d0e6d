import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'mocha';
import { defaultLimits } from '../../../src/api/httpClient';
import type { FaultKind } from '../../server/faults';
import { certificate } from '../../server/certificate';
import { disposeSources, failureOf, firstPage, never, sourceOf, useServer } from './client';

const megabyte = 1024 * 1024;
const gigabyte = 1024 * megabyte;

describe('audit source against a hostile server', () => {
  const server = useServer();
  afterEach(disposeSources);

  const floods: readonly [name: string, fault: FaultKind][] = [
    ['10 GB that the header admits', { kind: 'endless', bytes: 10 * gigabyte, declared: true }],
    ['10 GB that just keep coming', { kind: 'endless', bytes: 10 * gigabyte }],
    ['a gzip bomb of 10 GB', { kind: 'bomb', bytes: 10 * gigabyte }],
    ['10 GB of gzip with nothing in it', { kind: 'hollow', bytes: 10 * gigabyte }],
  ];
  for (const [name, fault] of floods)
    it(`refuses ${name}, once, and stays small`, async () => {
      server().fault(fault);
      const source = sourceOf(server(), { limits: { maxBytes: 8 * megabyte } });
      const before = process.memoryUsage().rss;
      const error = await failureOf(source.page(firstPage, never));
      assert.equal(error.failure, 'tooLarge');
      assert.match(error.message, /larger than 8 MB/);
      assert.equal(source.attempts.length, 1);
      assert.ok(process.memoryUsage().rss - before < 150 * megabyte);
    });

  it('takes an answer of just the bound and refuses one byte more', async () => {
    for (const [bytes, fits] of [
      [megabyte, true],
      [megabyte + 1, false],
    ] as const)
      for (const declared of [true, false]) {
        server().fault({ kind: 'endless', bytes, declared, times: 1 });
        const page = sourceOf(server(), { limits: { maxBytes: megabyte } }).page(firstPage, never);
        if (fits) assert.equal((await page).length, bytes);
        else assert.equal((await failureOf(page)).failure, 'tooLarge');
      }
  });

  it('refuses at once what the header admits to be too much, before a byte of it comes', async () => {
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${65 * megabyte}\r\n\r\n`;
    const silent = createServer((socket) => void socket.on('error', () => undefined).write(head));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1/x`;
    const error = await failureOf(sourceOf(server(), { endpoint }).page(firstPage, never));
    silent.close();
    assert.equal(error.failure, 'tooLarge');
    assert.match(error.message, /larger than 64 MB/);
  });

  it('waits 10 seconds for a byte, 2 minutes for an answer and 8 seconds for a connection, and takes 64 MB', () => {
    assert.deepEqual(defaultLimits, {
      connectMs: 8_000,
      idleMs: 10_000,
      answerMs: 120_000,
      maxBytes: 64 * megabyte,
    });
  });

  it('counts no time in which a large answer has to wait for its turn, and all that comes after', async () => {
    server().fault({ kind: 'answer', body: Buffer.alloc(10 * megabyte, ' ') });
    server().fault({ kind: 'hang', at: 'body' });
    // So long that a busy machine hands over the first 10 MB meanwhile.
    const idleMs = 2_000;
    let gaveUpMeanwhile: boolean | undefined;
    const onLarge = async (signal: AbortSignal): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, idleMs + 500));
      gaveUpMeanwhile = signal.aborted;
    };
    const source = sourceOf(server(), { limits: { idleMs }, retry: { attempts: 1 } });
    const error = await failureOf(source.page({ ...firstPage, onLarge }, never));
    assert.match(error.message, /sent nothing for 2 seconds/);
    assert.equal(gaveUpMeanwhile, false);
  });

  it('bounds the whole answer of a server that drips for ever', async () => {
    server().fault({ kind: 'drip', ms: 5, bytes: 1 });
    const source = sourceOf(server(), { limits: { idleMs: 2_000, answerMs: 300 }, retry: { attempts: 2, baseMs: 1 } });
    const error = await failureOf(source.page(firstPage, never));
    assert.equal(error.failure, 'timeout');
    assert.match(error.message, /not complete after 0\.3 seconds/);
    assert.equal(source.attempts.length, 2);
  });

  it('is patient with a slow server that keeps sending', async () => {
    server().fault({ kind: 'drip', ms: 20, bytes: 6 });
    const bytes = await sourceOf(server(), { limits: { idleMs: 200, answerMs: 10_000 } }).page(firstPage, never);
    assert.equal(new TextDecoder().decode(bytes), '{"logs":[]}');
  });

  it('counts no time as silence in which this thread was too busy to hear', async () => {
    server().fault({ kind: 'slow', ms: 100 });
    const page = sourceOf(server(), { limits: { idleMs: 200 }, retry: { attempts: 1 } }).page(firstPage, never);
    setTimeout(() => {
      for (const start = performance.now(); performance.now() - start < 1_000;);
    }, 20);
    assert.ok((await page).length > 0);
  });

  it('hands over a million brackets without reading them', async () => {
    // They do not match: whoever read them would fail.
    const body = `{"logs":${'['.repeat(1_000_000)}}`;
    server().fault({ kind: 'answer', body });
    assert.equal((await sourceOf(server()).page(firstPage, never)).length, body.length);
  });

  it('quotes a refusal in short, without secrets, queries or control characters', async () => {
    const token = 'kitten-in-a-basket';
    const said = [
      `Bad ${token} for GET /v1/x/logs?marker=bWFya2Vy&limit=1`,
      'and\u001b[31m more\r\n',
      'x'.repeat(5000),
    ].join(' ');
    server().fault({ kind: 'status', status: 403, body: JSON.stringify({ forbidden: { code: 403, message: said } }) });
    const { message } = await failureOf(sourceOf(server(), { token: () => token }).page(firstPage, never));
    assert.match(message, /\(403 Forbidden: Bad •+ for GET \/v1\/x\/logs\?… and \[31m more x+…\)/);
    assert.ok(message.length < 500);
    for (const secret of [token, 'bWFya2Vy', '\u001b', '\n']) assert.ok(!message.includes(secret));
  });

  it('looks at the first 4 KB of a refusal, in which no half of a secret is left', async () => {
    const token = 'kitten-in-a-basket';
    const pad = 'x'.repeat(4096 - '{"pad":"","message":"no '.length - 6);
    server().fault({ kind: 'status', status: 403, body: `{"pad":"${pad}","message":"no ${token} here"}` });
    const { message } = await failureOf(sourceOf(server(), { token: () => token }).page(firstPage, never));
    assert.match(message, /\(403 Forbidden: no •+…?\)/);
    server().clearFaults();
    server().fault({ kind: 'status', status: 403, body: `{"pad":"${'x'.repeat(4096)}","message":"far"}` });
    assert.doesNotMatch((await failureOf(sourceOf(server()).page(firstPage, never))).message, /far/);
  });

  it('masks secrets in what a refusal quotes of the request', async () => {
    server().fault({ kind: 'status', status: 400, body: 'cannot take {"adminPass":"hunter2"}' });
    const { message } = await failureOf(sourceOf(server()).page(firstPage, never));
    assert.ok(message.includes('adminPass') && !message.includes('hunter2'));
  });

  it('quotes a refusal that is gzipped, and does without one it cannot read', async () => {
    const refusal = { kind: 'status', status: 400, encoding: 'gzip' } as const;
    server().fault({ ...refusal, body: '{"badRequest":{"message":"limit is too high"}}' });
    assert.match((await failureOf(sourceOf(server()).page(firstPage, never))).message, /: limit is too high\)/);
    server().clearFaults();
    server().fault({ ...refusal, encoding: 'br', body: '\u0001garbage' });
    const error = await failureOf(sourceOf(server()).page(firstPage, never));
    assert.equal(error.failure, 'badRequest', 'the status counts, even where the words cannot be read');
    assert.match(error.message, /\(400 Bad Request\)/);
  });

  it('unpacks no more of a gzipped refusal than a megabyte', async () => {
    const body = `{"badRequest":{"message":"small"}}${' '.repeat(2 * megabyte)}`;
    server().fault({ kind: 'status', status: 400, encoding: 'gzip', body });
    assert.match((await failureOf(sourceOf(server()).page(firstPage, never))).message, /\(400 Bad Request\)/);
  });

  it('reads no more of an endless refusal than it quotes', async () => {
    const body = 'no '.repeat(1_000_000);
    server().fault({ kind: 'status', status: 400, body });
    const source = sourceOf(server());
    assert.equal((await failureOf(source.page(firstPage, never))).failure, 'badRequest');
    assert.ok(source.attempts[0]!.bytes <= 256 * 1024, `${source.attempts[0]!.bytes}`);
  });
});

describe('audit source over TLS', () => {
  const server = useServer({ tls: certificate });
  afterEach(disposeSources);

  it('refuses a certificate that nobody vouches for, at once, and says what to do', async () => {
    const source = sourceOf(server());
    const error = await failureOf(source.page(firstPage, never));
    assert.equal(error.failure, 'network');
    assert.match(error.message, /vouches for itself.*activityLog\.caFile/);
    assert.equal(source.attempts.length, 1);
    assert.equal(server().requests.length, 0);
  });

  it('trusts the authority it is given, and any when told so', async () => {
    await sourceOf(server(), { network: { ca: [certificate.cert] } }).page(firstPage, never);
    await sourceOf(server(), { network: { strictSsl: false } }).page(firstPage, never);
    assert.equal(server().requests.length, 2);
  });

  it('says so when the file of the authority holds none', () => {
    for (const ca of ['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])
      assert.throws(() => sourceOf(server(), { network: { ca: [ca] } }), /activityLog\.caFile/);
  });

  it('says so when the server speaks no TLS', async () => {
    const { startServer } = await import('../../server/startServer');
    const plain = await startServer();
    const source = sourceOf(server(), { endpoint: plain.endpoint.replace('http:', 'https:') });
    const error = await failureOf(source.page(firstPage, never));
    await plain.stop();
    assert.equal(error.failure, 'network');
    assert.match(error.message, /No secure connection/);
    assert.equal(source.attempts.length, 1);
  });
});
