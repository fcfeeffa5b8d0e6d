import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { checkAccess, getResource } from '../../../src/api';
import { isCancelled, UserError } from '../../../src/core/base/errors';
import { makeEvents } from '../../server/events';
import { startServer } from '../../server/startServer';
import { failureOf, never, quick, useServer } from './client';

describe('checkAccess', () => {
  const server = useServer({ events: makeEvents(10, { newest: Date.now(), stepMs: 1000 }) });
  afterEach(() => server().setRules({ sourceRequired: false }));

  const check = (token = server().token, components: readonly string[] = ['nova', 'cinder']) =>
    checkAccess({ endpoint: server().endpoint, token: () => token, ...quick }, components, never);

  it('asks for one event without a component', async () => {
    assert.equal((await check()).component, undefined);
    const { query } = server().requests[0]!;
    assert.equal(server().requests.length, 1);
    assert.deepEqual([query['limit'], 'source' in query], ['1', false]);
    assert.match(`${query['from']} ${query['to']}`, /^\S+Z \S+Z$/);
  });

  it('names a component where the server insists on one', async () => {
    server().setRules({ sourceRequired: true });
    assert.equal((await check()).component, 'nova');
    assert.deepEqual(
      server().requests.map(({ query }) => [query['source'], query['limit']]),
      [
        [undefined, '1'],
        ['nova', '1'],
      ],
    );
  });

  it('tries the next component where one is refused', async () => {
    server().fault({ kind: 'status', status: 400, times: 2 });
    assert.equal((await check()).component, 'cinder');
    assert.deepEqual(
      server().requests.map(({ query }) => query['source']),
      [undefined, 'nova', 'cinder'],
    );
  });

  it('says why it fails', async () => {
    assert.equal((await failureOf(check('wrong'))).failure, 'unauthorized');
    assert.equal((await failureOf(check('wr ong'))).failure, 'unauthorized');
    server().setRules({ sourceRequired: true });
    assert.equal((await failureOf(check(server().token, []))).failure, 'badRequest');
    server().fault({ kind: 'answer', body: '{"versions":[]}' });
    assert.equal((await failureOf(check())).failure, 'malformed', 'JSON of something else');
  });

  it('does not try long', async () => {
    server().fault({ kind: 'status', status: 503 });
    const { endpoint, token } = server();
    await failureOf(checkAccess({ endpoint, token: () => token, retry: { baseMs: 1 } }, [], never));
    assert.equal(server().requests.length, 2);
  });

  it('can be cancelled', async () => {
    server().fault({ kind: 'hang', at: 'head' });
    const { endpoint, token } = server();
    await assert.rejects(checkAccess({ endpoint, token: () => token }, [], AbortSignal.timeout(30)), isCancelled);
  });
});

describe('getResource', () => {
  const id = '1b0c6d1c-3f0d-4f7a-9d53-8d0d9a8b7c6e';
  const server = useServer();
  const path = `/v2.1/servers/${id}`;
  const get = (address = server().url + path) => getResource(address, server().token, quick, never);

  it('returns what the service returns', async () => {
    const body = { server: { id, name: 'web-1' } };
    server().setResource(path, body);
    const resource = await get(`${server().url}${path}?microversion=2.1`);
    assert.equal(resource.status, 200);
    assert.equal(resource.contentType, 'application/json');
    assert.deepEqual(JSON.parse(new TextDecoder().decode(resource.body)), body);
    const [request] = server().requests;
    assert.equal(request!.headers['x-auth-token'], server().token);
    assert.equal(request!.query['microversion'], '2.1');
  });

  it('says that the resource is gone', async () => {
    server().setResource(path);
    const error = await failureOf(get());
    assert.equal(error.failure, 'notFound');
    assert.match(error.message, /deleted/);
  });

  it('gets over a passing fault, and is not led elsewhere', async () => {
    server().setResource(path, { server: { id } });
    server().fault({ kind: 'status', status: 502, route: 'services', times: 1 });
    assert.equal((await get()).status, 200);
    const other = await startServer();
    server().fault({ kind: 'redirect', to: other.url + path, route: 'services' });
    assert.equal((await failureOf(get())).failure, 'redirect');
    await other.stop();
    assert.equal(other.requests.length, 0);
  });

  it('shows the token to no address over plain http, nor to one with credentials', async () => {
    for (const address of ['http://nova.example.test/v2.1', 'https://a:b@nova.example.test/', 'nova'])
      await assert.rejects(get(address), UserError);
  });
});
