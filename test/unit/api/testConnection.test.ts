import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { afterEach, describe, it } from 'mocha';
import { testConnection, type TestOptions } from '../../../src/api';
import { isWorking, writeReport, type Outcome } from '../../../src/core/format/connectionReport';
import { isCancelled } from '../../../src/core/base/errors';
import { format, message } from '../../../src/core/base/message';
import { authority, expired, good } from '../../server/authority';
import { makeEvents } from '../../server/events';
import type { FaultKind } from '../../server/faults';
import { startProxy, type ProxyOptions } from '../../server/proxy';
import { startServer, type ServerOptions, type StandIn } from '../../server/startServer';
import { never } from './client';

const signs: Readonly<Record<Outcome, string>> = { ok: '+', warning: '!', failed: 'X', skipped: '-' };
const names = ['Network', 'Name lookup', 'TCP', 'Proxy', 'TLS', 'HTTP', 'Token', 'Answer', 'Clock', 'Keystone'];

describe('testing a connection', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  async function start(options: ServerOptions = {}): Promise<StandIn> {
    const server = await startServer({ events: makeEvents(3, { newest: Date.now(), stepMs: 1000 }), ...options });
    ends.push(() => server.stop());
    return server;
  }

  /** The outcomes as one sign for each step, and the report. */
  async function test(
    server: StandIn,
    changes: Partial<TestOptions> = {},
  ): Promise<[outcomes: string, report: string]> {
    const given = {
      endpoint: server.endpoint,
      token: server.token,
      tokenLife: undefined,
      network: {},
      components: ['nova'],
    };
    const findings = await testConnection({ ...given, ...changes }, never);
    assert.deepEqual(
      findings.map(({ step }) => format(step)),
      names,
    );
    const outcomes = findings.map(({ outcome }) => signs[outcome]).join('');
    assert.equal(isWorking(findings), !outcomes.includes('X'));
    const report = writeReport(message('Test'), [[message('Endpoint'), server.endpoint]], findings, format);
    assert.ok(!report.includes(server.token), 'the report holds the token');
    return [outcomes, report];
  }

  /** Over TLS, known to the proxy as audit.cloud.test. */
  async function behindProxy(
    options: ProxyOptions = {},
    tls = good,
  ): Promise<[StandIn, TestOptions['network'], string]> {
    const server = await start({ tls });
    const proxy = await startProxy({ hosts: { 'audit.cloud.test:443': new URL(server.url).host }, ...options });
    ends.push(() => proxy.stop());
    const endpoint = `https://audit.cloud.test/v1/${server.projectId}`;
    return [server, { proxy: { address: proxy.url }, ca: [authority] }, endpoint];
  }

  it('of this computer', async () => {
    const requester = { userId: 'ann-id', roles: ['mcs_admin_network'] };
    const [outcomes, report] = await test(await start(), { requester, tokenLife: { ms: 600_000, isKnown: false } });
    assert.equal(outcomes, '+-+--++++-');
    assert.match(report, /^# Test\n\n- Endpoint: `http:\/\/127\.0\.0\.1:\d+\/auditlogs/);
    assert.match(report, /3\. \*\*TCP\*\*: OK \(\d+ ms\)\n {3}- Connected with 127\.0\.0\.1:\d+\./);
    assert.match(report, /Status 200, \d+ bytes/);
    assert.match(report, /It lives for 10 more minutes at most/);
    assert.match(report, /roles of this user .*mcs_admin_network.* show a part of the events only/);
    assert.ok(!report.includes('ann-id'));
    assert.match(report, /1 records, 0 that cannot be read, a marker of the next page\./);
    assert.match(report, /Both clocks agree\./);
  });

  it('by name, with TLS, through a proxy with a sign-in', async () => {
    const [server, network, endpoint] = await behindProxy({ credentials: 'engineer:hunter2' });
    const [outcomes, report] = await test(server, { network, endpoint });
    assert.equal(outcomes, '+-+++++++-');
    assert.match(report, /Through the proxy 127\.0\.0\.1:\d+, signed in\./);
    assert.match(report, /opened the way to audit\.cloud\.test/);
    assert.match(report, /TLSv1\.3 with TLS_AES_/);
    assert.match(
      report,
      /Certificate “good\.cloud\.test”, issued by “Example Root CA, Example Private Cloud”, valid 2020-01-01 to 2120-01-01, for \\\*\.cloud\.test, localhost, 127\.0\.0\.1; SHA-256 [\da-f]{64}/,
    );
    assert.ok(!report.includes('hunter2') && !report.includes('engineer'));
    const [careless, warning] = await test(server, { network: { ...network, ca: [], strictSsl: false }, endpoint });
    assert.equal(careless, '!-++!++++-');
    assert.match(warning, /Any certificate is accepted, since http\.proxyStrictSSL is off/);
  });

  it('that fails on the way, and where', async () => {
    const plain = await start();
    const gone = await startServer();
    await gone.stop();
    const [server, network, endpoint] = await behindProxy();
    const [asked, askedNetwork] = await behindProxy({ credentials: 'engineer:hunter2' });
    const [old, oldNetwork] = await behindProxy({}, expired);
    const silent = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    ends.push(async () => void silent.close());
    const cases: readonly [StandIn, Partial<TestOptions>, outcomes: string, text: RegExp][] = [
      [plain, { endpoint: 'https://no-such-host.invalid/v1/x' }, '+X--------', /no-such-host\.invalid cannot be found/],
      [plain, { endpoint: gone.endpoint }, '+-X-------', /There is no answer at/],
      [plain, { endpoint: plain.endpoint.replace('http:', 'https:') }, '+-+-X-----', /No secure connection/],
      [plain, { endpoint: 'http://example.test/v1/x' }, 'X', /Plain http/],
      [
        server,
        { network: { ...network, proxy: { address: gone.url } }, endpoint },
        '+-X-------',
        /The proxy .* cannot be reached/,
      ],
      [server, { network: { ...network, proxy: { address: 'ftp://x' } }, endpoint }, 'X', /address of the proxy/],
      [
        server,
        { network: { proxy: network.proxy }, endpoint },
        '+-++X-----',
        /“Example Root CA, Example Private Cloud”, an authority/,
      ],
      [
        asked,
        {
          network: { ...askedNetwork, proxy: { address: askedNetwork.proxy!.address.replace('hunter2', 'x') } },
          endpoint,
        },
        '+-+X------',
        /refuses the user name/,
      ],
      [old, { network: oldNetwork, endpoint }, '+-++X-----', /expired on 2021-01-01/],
    ];
    for (const [target, changes, expected, text] of cases) {
      if (expected === 'X') {
        const given = {
          endpoint: target.endpoint,
          token: target.token,
          tokenLife: undefined,
          network: {},
          components: [],
        };
        const [only, ...others] = await testConnection({ ...given, ...changes }, never);
        assert.deepEqual([only?.outcome, others], ['failed', []]);
        assert.match(format(only!.details[0]!), text);
        continue;
      }
      const [outcomes, report] = await test(target, changes);
      assert.equal(outcomes, expected, report);
      assert.match(report, text);
      assert.ok(!report.includes('hunter2'));
      assert.equal(target.requests.length, 0);
    }
  });

  const answers: readonly [FaultKind | undefined, Partial<TestOptions>, outcomes: string, text: RegExp][] = [
    [undefined, { token: undefined }, '+-+---X---', /There is no token/],
    [undefined, { token: 'wrong' }, '+-+--+X-+-', /refused the token \(401 Unauthorized/],
    [{ kind: 'status', status: 403 }, {}, '+-+--+X-+-', /403 Forbidden.*\n.*role in it that may read the log/],
    [{ kind: 'status', status: 404 }, {}, '+-+--X--+-', /no activity log at this address/],
    [{ kind: 'status', status: 500 }, {}, '+-+--X--+-', /500 Internal Server Error/],
    [{ kind: 'redirect', to: 'https://evil.test/' }, {}, '+-+--X--+-', /points to evil\.test, which is not followed/],
    [{ kind: 'html' }, {}, '+-+--++X+-', /A web page/],
    [{ kind: 'answer', body: '{"items":[]}' }, {}, '+-+--++X+-', /without a list of events/],
    [{ kind: 'endless', bytes: 1e10, declared: true }, {}, '+-+--++X--', /larger than 64 MB/],
    [
      { kind: 'answer', body: '{"logs":[{"event_id":"1","extra":"s3cret"},7]}' },
      {},
      '+-+--++++-',
      /Documented fields that it lacks: timestamp, .*\n.*Further fields: extra/,
    ],
  ];
  for (const [fault, changes, expected, text] of answers)
    it(`whose server answers ${fault ? JSON.stringify(fault).slice(0, 60) : `to the token ${changes.token}`}`, async () => {
      const server = await start();
      if (fault) server.fault(fault);
      const [outcomes, report] = await test(server, changes);
      assert.equal(outcomes, expected, report);
      assert.match(report.replaceAll('<!-- -->', '').replaceAll('\\', ''), text);
      assert.ok(!report.includes('s3cret'), 'tells a value');
    });

  it('names a component where the server insists on one', async () => {
    const [outcomes, report] = await test(await start({ sourceRequired: true }));
    assert.equal(outcomes, '+-+--++++-');
    assert.match(report, /insists on a component to be named; nova was/);
  });

  it('reaches the Keystone that the connection signs in to', async () => {
    const server = await start();
    assert.equal((await test(server, { authUrl: server.authUrl }))[0], '+-+--+++++');
    assert.ok(!server.requests.some(({ route }) => route === 'keystone'), 'signs in');
    const [outcomes, report] = await test(server, { authUrl: 'https://keystone.invalid:5000/v3' });
    assert.equal(outcomes, '+-+--++++X');
    assert.match(report, /keystone\.invalid:5000 cannot be found/);
    assert.equal((await test(server, { authUrl: 'http://keystone.test/v3' }))[0], '+-+--++++X');
  });

  it('compares the clocks', async () => {
    for (const [ahead, outcome, text] of [
      [300_000, '!', /(299|300) seconds ahead/],
      [-7_200_000, '!', /7(200|199) seconds behind/],
      [10_000, '+', /(9|10) seconds ahead/],
    ] as const) {
      const [outcomes, report] = await test(await start({ clock: () => Date.now() + ahead }));
      assert.equal(outcomes, `+-+--+++${outcome}-`);
      assert.match(report, text);
    }
    const [outcomes, report] = await test(await start({ clock: () => undefined }));
    assert.equal(outcomes, '+-+--+++--');
    assert.match(report, /does not tell its time/);
  });

  it('can be cancelled', async () => {
    const server = await start();
    server.fault({ kind: 'hang', at: 'head' });
    const options = { endpoint: server.endpoint, token: 'x', tokenLife: undefined, network: {}, components: [] };
    await assert.rejects(testConnection(options, AbortSignal.abort()), isCancelled);
    const running = new AbortController();
    setTimeout(() => running.abort(), 50);
    await assert.rejects(testConnection(options, running.signal), isCancelled);
  });
});
