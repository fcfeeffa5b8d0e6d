import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { after, afterEach, before, describe, it } from 'mocha';
import { createAuditSource, getResource, Keystone, rescope, signIn, type Network } from '../../../src/api';
import type { UserError } from '../../../src/core/base/errors';
import { authority, good } from '../../server/authority';
import { startProxy, type Proxy } from '../../server/proxy';
import { startServer, type StandIn } from '../../server/startServer';
import { failureOf, firstPage, never, quick } from './client';

const password = 'correct horse "battery"';
const passcode = '271828';
const host = 'api.cloud.test:8443';
const otherHost = 'api.elsewhere.test:8443';

/** Where a request goes, and how. */
interface Way {
  readonly origin: string;
  readonly network: Network;
  readonly server: StandIn;
  readonly token: string;
}

/** A request, what it carries, and how many requests without that go before. */
type Kind = readonly [carries: 'token' | 'password' | 'passcode', after: number, send: (way: Way) => Promise<unknown>];

const kinds: Readonly<Record<string, Kind>> = {
  'a page of the log': ['token', 0, readPage],
  'a resource': [
    'token',
    0,
    ({ network, origin, token }) => getResource(`${origin}/v2.1/servers/s`, token, { network, ...quick }, never),
  ],
  'a password': ['password', 0, (way) => enter(way, 'ann')],
  'a passcode': ['passcode', 1, (way) => enter(way, 'dan')],
  'an application credential': [
    'password',
    0,
    ({ network, origin }) =>
      signIn({ kind: 'applicationCredential', authUrl: origin, id: 'ac' }, password, { network, ...quick }, never),
  ],
  'the exchange of a token': [
    'token',
    0,
    ({ network, origin, server, token }) => rescope(origin, token, server.projectId, { network, ...quick }, never),
  ],
  'the description of a token': ['token', 0, (way) => keystone(way).describe(way.token, never)],
  'the list of projects': ['token', 0, (way) => keystone(way).projects(way.token, never)],
  'the end of a token': ['token', 0, (way) => keystone(way).revoke(way.token, never)],
};

async function readPage({ network, origin, server, token }: Way): Promise<unknown> {
  const source = createAuditSource({
    endpoint: `${origin}/v1/${server.projectId}`,
    token: () => token,
    network,
    ...quick,
  });
  try {
    return await source.page(firstPage, never);
  } finally {
    source.dispose();
  }
}

async function enter({ network, origin }: Way, name: string): Promise<unknown> {
  const identity = { kind: 'password', authUrl: origin, user: { name, domain: { name: 'users' } } } as const;
  const answer = async (refusal: UserError | undefined): Promise<string> => {
    if (refusal) throw refusal;
    return passcode;
  };
  return signIn(identity, password, { network, ...quick, passcode: answer }, never);
}

function keystone({ network, origin }: Way): Keystone {
  return new Keystone(origin, { network, ...quick });
}

describe('what carries a token or a password', () => {
  let server: StandIn;
  let proxy: Proxy;
  before(async () => {
    server = await startServer({
      tls: good,
      users: [
        { name: 'ann', password, domain: 'users' },
        { name: 'dan', password, domain: 'users', passcode },
      ],
      applicationCredentials: [{ id: 'ac', secret: password }],
    });
    server.setResource('/v2.1/servers/s', { server: { id: 's' } });
    const to = new URL(server.url).host;
    proxy = await startProxy({ hosts: { [host]: to, [otherHost]: to } });
  });
  afterEach(() => {
    server.clearFaults();
    server.requests.splice(0);
    proxy.heard.splice(0);
  });
  after(() => Promise.all([server.stop(), proxy.stop()]));

  const way = (changes: Partial<Way> & { readonly ca?: string[] } = {}): Way => {
    const network = { proxy: { address: proxy.url }, ca: changes.ca ?? [authority] };
    return { origin: `https://${host}`, network, server, token: server.tokens.issue(), ...changes };
  };

  for (const [what, [carries, after, send]] of Object.entries(kinds)) {
    it(`${what}: in headers and bodies only, never in an address; no proxy hears it`, async () => {
      await send(way());
      assert.ok(server.requests.length > 0);
      const secrets = [password, passcode, ...server.tokens.all].flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
      ]);
      const addresses = server.requests.map(({ path, query }) => path + JSON.stringify(query)).join();
      const heard = Buffer.concat(proxy.heard).toString('latin1');
      assert.ok(heard.includes(host));
      for (const secret of secrets) assert.ok(!addresses.includes(secret) && !heard.includes(secret), secret);
    });

    it(`${what}: follows no redirect`, async () => {
      const other = await startServer({ tls: good });
      try {
        for (const status of [301, 307]) {
          server.fault({ kind: 'redirect', route: 'any', to: `${other.url}/v3/auth/tokens`, status, times: 1 });
          assert.equal((await failureOf(send(way()))).failure, 'redirect');
        }
        assert.deepEqual(other.requests, []);
      } finally {
        await other.stop();
      }
    });

    it(`${what}: goes nowhere by plain http, nor to a server whose certificate is not trusted or another’s`, async () => {
      await assert.rejects(async () => send(way({ origin: 'http://api.cloud.test' })), { name: 'UserError' });
      assert.match((await failureOf(send(way({ ca: [] })))).message, /not trusted here/);
      assert.match((await failureOf(send(way({ origin: `https://${otherHost}` })))).message, /another host/);
      assert.deepEqual(server.requests, []);
    });

    it(`${what}: is not quoted where the server repeats it`, async () => {
      const token = 'kitten-in-a-basket'; // which does not look like one
      const sent = { token: [token], password: [password], passcode: [password, passcode] }[carries];
      const escaped = sent.map((secret) => JSON.stringify(secret).slice(1, -1));
      const repeated = [`{"error":{"message":"${escaped.join(' ')}"}}`, `<html><title>${sent.join(' ')}</title>`];
      for (const status of [200, 400, 401, 403, 404, 429, 500]) {
        for (const body of repeated) {
          server.fault({ kind: 'answer', route: 'any', status, body, skip: after });
          const error = await send(way({ token })).catch((error: unknown) => error);
          server.clearFaults();
          if (!(error instanceof Error)) continue; // a resource may hold anything; what is gone is fine
          const text = inspect(error, { depth: 9 });
          for (const secret of [...sent, ...escaped]) assert.ok(!text.includes(secret), `${status} ${text}`);
        }
      }
    });
  }

  it('is not quoted where what comes back is no HTTP', async () => {
    const echo = createServer((socket) => socket.on('data', (data) => socket.end(data)).on('error', () => undefined));
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const origin = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
    try {
      for (const [, , send] of Object.values(kinds)) {
        const error = await failureOf(send(way({ origin })));
        assert.equal(error.failure, 'malformed');
        const text = inspect(error, { depth: 9 });
        for (const secret of [password, ...server.tokens.all]) assert.ok(!text.includes(secret), text);
      }
    } finally {
      echo.close();
    }
  });
});
