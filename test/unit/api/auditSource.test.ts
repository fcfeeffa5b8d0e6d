import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { createAuditSource } from '../../../src/api';
import { UserError } from '../../../src/core/base/errors';
import { documentedAnswer, documentedEvents, makeEvents, vendorEvents } from '../../server/events';
import { disposeSources, failureOf, firstPage, never, quick, sourceOf, useServer } from './client';

interface LogAnswer {
  readonly logs: readonly { readonly event_id: string }[];
  readonly marker?: string;
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const parse = (bytes: Uint8Array) => JSON.parse(decode(bytes)) as LogAnswer;

describe('audit source', () => {
  const events = makeEvents(250, { newest: Date.UTC(2026, 5, 1), stepMs: 400 });
  const server = useServer({ events });
  afterEach(disposeSources);

  for (const compressed of [true, false])
    it(`hands over the documented answer byte for byte, ${compressed ? 'gzipped' : 'plain'} on the wire`, async () => {
      if (!compressed) server().fault({ kind: 'answer', body: documentedAnswer });
      else server().addEvents(documentedEvents);
      const day = { ...firstPage, from: Date.UTC(2021, 6, 14), to: Date.UTC(2021, 6, 17) };
      const source = sourceOf(server());
      const bytes = await source.page(day, never);
      assert.equal(decode(bytes), documentedAnswer);
      assert.equal(source.attempts[0]!.bytes < bytes.length, compressed, 'gzip was accepted and used');
    });

  it('hands over the shapes of the newer examples unchanged', async () => {
    server().addEvents(vendorEvents);
    const bytes = await sourceOf(server()).page(
      { ...firstPage, from: Date.UTC(2023, 4, 17), to: Date.UTC(2023, 4, 18) },
      never,
    );
    assert.equal(decode(bytes), JSON.stringify({ logs: vendorEvents }));
  });

  it('hands over bytes that own their memory, so that another thread can take them', async () => {
    for (const body of [documentedAnswer, '{}', '{"logs":[]}']) {
      server().fault({ kind: 'answer', body, times: 1 });
      const bytes = await sourceOf(server()).page(firstPage, never);
      assert.equal(bytes.buffer.byteLength, bytes.byteLength);
    }
  });

  it('sends limit, from and to with every page, the same ones, and the marker as it came', async () => {
    const source = sourceOf(server());
    const range = { ...firstPage, from: Date.UTC(2026, 4, 31), to: Date.UTC(2026, 5, 1, 0, 0, 30) };
    const ids: string[] = [];
    const markers: string[] = [];
    for (let marker: string | undefined; ;) {
      const page = parse(await source.page({ ...range, marker }, never));
      ids.push(...page.logs.map(({ event_id }) => event_id));
      if (page.marker === undefined) break;
      markers.push((marker = page.marker));
    }
    assert.deepEqual(
      ids,
      events.map((event) => event['event_id']),
      'every event once, newest first',
    );
    const frozen = { limit: '100', from: '2026-05-31T00:00:00Z', to: '2026-06-01T00:00:30Z' };
    assert.deepEqual(
      server().requests.map(({ query }) => query),
      [frozen, { ...frozen, marker: markers[0] }, { ...frozen, marker: markers[1] }],
    );
  });

  it('names the component only when one is asked for', async () => {
    const page = parse(await sourceOf(server()).page({ ...firstPage, component: 'glance & co=1' }, never));
    assert.deepEqual(page.logs, []);
    await sourceOf(server()).page(firstPage, never);
    assert.deepEqual(
      server().requests.map(({ query }) => query['source']),
      ['glance & co=1', undefined],
    );
  });

  it('rounds fractions of a second outwards, so that nothing falls between', async () => {
    await sourceOf(server()).page({ ...firstPage, from: 1_500, to: 2_500 }, never);
    const { from, to } = server().requests[0]!.query;
    assert.deepEqual({ from, to }, { from: '1970-01-01T00:00:01Z', to: '1970-01-01T00:00:03Z' });
  });

  it('returns a marker with +, / and = unharmed', async () => {
    await sourceOf(server())
      .page({ ...firstPage, marker: 'a+b/c==&limit=1#?ü' }, never)
      .catch(() => undefined);
    assert.equal(server().requests[0]!.query['marker'], 'a+b/c==&limit=1#?ü');
    assert.equal(server().requests[0]!.query['limit'], '100');
  });

  it('asks for the path of the endpoint, whatever its ending', async () => {
    for (const tail of ['', '/', '//'])
      await sourceOf(server(), { endpoint: server().endpoint + tail }).page(firstPage, never);
    assert.deepEqual(
      [...new Set(server().requests.map(({ path }) => path))],
      [`/auditlogs/v1/${server().projectId}/logs`],
    );
  });

  it('reads the token anew for each attempt', async () => {
    const tokens = ['stale', server().token];
    const source = sourceOf(server(), { token: () => tokens.shift() });
    const error = await failureOf(source.page(firstPage, never));
    assert.equal(error.failure, 'unauthorized');
    assert.equal(source.attempts.length, 1, 'a refused token is not tried again');
    await source.page(firstPage, never);
    server().fault({ kind: 'status', status: 503, times: 1 });
    tokens.push('stale', server().token);
    await source.page(firstPage, never);
    assert.equal(server().requests.at(-1)!.headers['x-auth-token'], server().token, 'renewed between two attempts');
  });

  it('asks nothing without a token, or with one that cannot be one', async () => {
    for (const token of [undefined, '', 'two words', 'line\r\nx-injected: 1', 'тайна']) {
      const error = await failureOf(sourceOf(server(), { token: () => token }).page(firstPage, never));
      assert.equal(error.failure, 'unauthorized');
      if (token) assert.ok(!error.message.includes(token));
    }
    assert.equal(server().requests.length, 0);
  });

  it('tells a token without a role from a refused one', async () => {
    const token = server().tokens.issue({ forbidden: true });
    const error = await failureOf(sourceOf(server(), { token: () => token }).page(firstPage, never));
    assert.equal(error.failure, 'forbidden');
    assert.equal(error.details.status, 403);
    assert.match(error.message, /role/);
  });

  it('reports a token that expires between two pages', async () => {
    const token = server().tokens.issue({ requests: 1 });
    const source = sourceOf(server(), { token: () => token });
    const { marker } = parse(await source.page(firstPage, never));
    assert.equal((await failureOf(source.page({ ...firstPage, marker }, never))).failure, 'unauthorized');
  });

  it('reports refused markers by their status', async () => {
    const failures = { 400: 'badRequest', 404: 'notFound', 410: 'notFound' } as const;
    for (const status of [400, 404, 410] as const) {
      server().fault({ kind: 'refuseMarker', status, times: 1 });
      const error = await failureOf(sourceOf(server()).page({ ...firstPage, marker: 'x' }, never));
      assert.deepEqual([error.failure, error.details.status], [failures[status], status]);
    }
  });

  it('accepts https anywhere and http on this computer, nothing else', () => {
    const accepted = [
      'https://mcs.mail.ru/auditlogs/v1/x',
      'http://127.0.0.1:1/v1/x',
      'http://localhost/v1/x',
      'http://[::1]:80/v1/x',
    ];
    const refused = [
      'http://mcs.mail.ru/auditlogs/v1/x',
      'http://127.0.0.1.evil.example/v1/x',
      'http://localhost.evil.example/',
      'https://user:password@mcs.mail.ru/v1/x',
      'ftp://mcs.mail.ru/',
      'file:///etc/passwd',
      'mcs.mail.ru',
      '',
    ];
    const open = (endpoint: string) => createAuditSource({ endpoint, token: () => 'token', ...quick }).dispose();
    for (const endpoint of accepted) open(endpoint);
    for (const endpoint of refused) assert.throws(() => open(endpoint), UserError, endpoint);
  });

  it('reports each attempt without token or query', async () => {
    server().fault({ kind: 'status', status: 500, times: 1 });
    const source = sourceOf(server());
    await source.page({ ...firstPage, component: 'secret-component' }, never);
    const [first, second] = source.attempts;
    assert.deepEqual([first!.number, first!.status, first!.failure], [1, 500, 'server']);
    assert.deepEqual([second!.number, second!.status, second!.failure], [2, 200, undefined]);
    const log = JSON.stringify(source.attempts);
    assert.ok(second!.bytes > 0 && !log.includes(server().token) && !log.includes('secret-component'));
  });
});
