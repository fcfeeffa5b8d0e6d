import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { chooseProxy, readProxyRules, type ProxySettings } from '../../../src/api/proxy';
import type { Network } from '../../../src/api';
import { authority, good } from '../../server/authority';
import { startProxy, type Proxy, type ProxyOptions } from '../../server/proxy';
import { disposeSources, failureOf, firstPage, never, sourceOf, useServer } from './client';

const unset: ProxySettings = { support: 'override', address: '', bypass: [], authorization: undefined };

describe('which proxy', () => {
  const target = 'https://audit.cloud.test/v1/x';
  const choices: readonly [what: string, Partial<ProxySettings>, NodeJS.ProcessEnv, expected: string | undefined][] = [
    ['none', {}, {}, undefined],
    ['the setting', { address: ' http://proxy.test:3128 ' }, {}, 'proxy.test:3128'],
    [
      'the setting before the environment',
      { address: 'http://a.test:1' },
      { HTTPS_PROXY: 'http://b.test:2' },
      'a.test:1',
    ],
    ['HTTPS_PROXY', {}, { HTTPS_PROXY: 'http://b.test:2', HTTP_PROXY: 'http://c.test:3' }, 'b.test:2'],
    ['https_proxy', {}, { https_proxy: 'http://b.test:2' }, 'b.test:2'],
    ['HTTP_PROXY', {}, { HTTP_PROXY: 'http://c.test:3' }, 'c.test:3'],
    ['ALL_PROXY', {}, { ALL_PROXY: 'http://d.test:4' }, 'd.test:4'],
    ['an address without a scheme', {}, { HTTPS_PROXY: 'proxy.test:3128' }, 'proxy.test:3128'],
    ['a proxy over TLS', { address: 'https://proxy.test' }, {}, 'proxy.test'],
    [
      'none where extensions are to use none',
      { support: 'off', address: 'http://a.test:1' },
      { HTTPS_PROXY: 'b:2' },
      undefined,
    ],
    ['none for what NO_PROXY names', {}, { HTTPS_PROXY: 'b:2', NO_PROXY: 'x.test, .cloud.test' }, undefined],
    ['none for what no_proxy names', {}, { HTTPS_PROXY: 'b:2', no_proxy: 'audit.cloud.test' }, undefined],
    ['none for what http.noProxy names', { address: 'http://a.test:1', bypass: ['*.cloud.test'] }, {}, undefined],
    ['http.noProxy before NO_PROXY', { address: 'http://a.test:1', bypass: ['x.test'] }, { NO_PROXY: '*' }, 'a.test:1'],
  ];
  for (const [what, settings, environment, expected] of choices)
    it(what, () => {
      const rules = readProxyRules({ ...unset, ...settings }, environment);
      assert.equal(chooseProxy(new URL(target), rules)?.host, expected);
    });

  const direct: readonly [entry: string, origin: string, isDirect: boolean][] = [
    ['*', target, true],
    ['cloud.test', target, true],
    ['CLOUD.test', target, true],
    ['.audit.cloud.test', target, true],
    ['oud.test', target, false],
    ['audit.cloud.test.example', target, false],
    ['cloud.test:443', target, true],
    ['cloud.test:8443', target, false],
    ['cloud.test:8443', 'https://audit.cloud.test:8443', true],
    ['', target, false],
    ['.', target, false],
    ['10.0.0.0/8', 'https://10.1.2.3:8774', true],
    ['10.0.0.0/8', 'https://11.1.2.3:8774', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['2.3', 'https://10.1.2.3', false],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['[fd00::1]:443', 'https://[fd00::1]', true],
    ['10.0.0.0/8', target, false],
  ];
  for (const [entry, origin, isDirect] of direct)
    it(`“${entry}” ${isDirect ? 'lets' : 'does not let'} ${new URL(origin).host} go past it`, () => {
      const rules = { address: 'http://proxy.test:1', bypass: ['other.test', entry] };
      assert.equal(chooseProxy(new URL(origin), rules) === undefined, isDirect);
    });

  it('none to this computer, so that a token sent there by plain http meets nobody', () => {
    for (const origin of ['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000'])
      assert.equal(chooseProxy(new URL(origin), { address: 'http://proxy.test:1' }), undefined);
  });

  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const signIns: readonly [address: string, authorization: string | undefined, expected: string | undefined][] = [
    ['http://proxy.test:1', undefined, undefined],
    ['http://user:pass@proxy.test:1', undefined, basic('user:pass')],
    ['http://DOMAIN%5Cuser:p%40ss%3A@proxy.test:1', undefined, basic('DOMAIN\\user:p@ss:')],
    ['http://user:100%@proxy.test:1', undefined, basic('user:100%')],
    ['http://user:pass@proxy.test:1', 'Bearer abc', 'Bearer abc'],
  ];
  for (const [address, authorization, expected] of signIns)
    it(`signs in at ${address} with ${authorization ?? 'what it holds'}`, () => {
      const proxy = chooseProxy(new URL(target), { address, authorization });
      assert.equal(proxy?.authorization, expected);
      assert.equal(proxy?.host, 'proxy.test:1');
    });

  it('says that the address is none, or a header no header, without repeating them', () => {
    for (const address of ['socks5://a:hunter2@127.0.0.1:1', 'http://', 'a b', 'user:hunter2@proxy.test:1'])
      assert.throws(
        () => chooseProxy(new URL(target), { address }),
        (error: Error) => /address of the proxy/.test(error.message) && !error.message.includes('hunter2'),
      );
    assert.throws(
      () => chooseProxy(new URL(target), { address: 'p.test:1', authorization: 'Basic hunter2\r\nx: y' }),
      (error: Error) => /proxyAuthorization/.test(error.message) && !error.message.includes('hunter2'),
    );
  });
});

describe('audit source behind a proxy', () => {
  const server = useServer({ tls: good });
  let proxy: Proxy | undefined;
  afterEach(async () => {
    disposeSources();
    await proxy?.stop();
    proxy = undefined;
  });

  /** A proxy that knows the server as audit.cloud.test, and a source that knows it by that name only. */
  async function behind(options: ProxyOptions = {}, network: (proxy: Proxy) => Network = () => ({})) {
    proxy = await startProxy({ hosts: { 'audit.cloud.test:443': new URL(server().url).host }, ...options });
    const endpoint = `https://audit.cloud.test/v1/${server().projectId}`;
    const way = { proxy: { address: proxy.url }, ca: [authority], ...network(proxy) };
    return { proxy, source: sourceOf(server(), { endpoint, network: way }) };
  }

  it('goes through a tunnel to a name that only the proxy knows, signed in; the proxy sees no token', async () => {
    const { proxy, source } = await behind({ credentials: 'engineer:correct-horse' });
    await source.page(firstPage, never);
    assert.deepEqual(proxy.tunnels, ['audit.cloud.test:443']);
    assert.equal(server().requests[0]!.headers['proxy-authorization'], undefined);
    assert.equal(server().requests[0]!.headers['x-auth-token'], server().token);
    const heard = Buffer.concat(proxy.heard).toString('latin1');
    assert.ok(heard.length > 500 && !heard.includes(server().token) && !/x-auth-token/i.test(heard));
  });

  it('goes through a proxy that is itself spoken to over TLS', async () => {
    const { source, proxy } = await behind({ tls: good, credentials: 'a:b' });
    await source.page(firstPage, never);
    assert.equal(proxy.tunnels.length, 1);
    const untrusted = sourceOf(server(), {
      endpoint: 'https://audit.cloud.test/v1/x',
      network: { proxy: { address: proxy.url } },
    });
    assert.match((await failureOf(untrusted.page(firstPage, never))).message, /Example Root CA/);
    assert.equal(proxy.tunnels.length, 1, 'signs in with nobody it does not trust');
  });

  it('goes past the proxy where it shall', async () => {
    proxy = await startProxy({ instead: 'HTTP/1.1 403 Forbidden\r\n\r\n' });
    const network = { proxy: { address: proxy.url }, ca: [authority] };
    await sourceOf(server(), { network }).page(firstPage, never);
    assert.equal(server().requests.length, 1);
  });

  const forbidden = 'HTTP/1.1 403 Blocked by policy\r\nx: y\r\n\r\n';
  const refusals: readonly [
    what: string,
    ProxyOptions,
    network: (proxy: Proxy) => Network,
    text: RegExp,
    attempts: number,
  ][] = [
    [
      'asks for a sign-in',
      { credentials: 'engineer:right' },
      ({ url }) => ({ proxy: { address: url.replace('engineer:right@', '') } }),
      /^The proxy 127\.0\.0\.1:\d+ asks for a user name and password \(Negotiate, Basic\)\. .*http\.proxy/,
      1,
    ],
    [
      'refuses the password',
      { credentials: 'engineer:right' },
      ({ url }) => ({ proxy: { address: url.replace('right', 'hunter2') } }),
      /refuses the user name or password/,
      1,
    ],
    [
      'forbids the host',
      { instead: forbidden },
      () => ({}),
      /refuses to connect to audit\.cloud\.test \(403 Blocked by policy\)/,
      1,
    ],
    [
      'does not reach the host',
      { hosts: { 'audit.cloud.test:443': '127.0.0.1:1' } },
      () => ({}),
      /does not reach audit\.cloud\.test \(502 Bad Gateway\)/,
      3,
    ],
    ['speaks something else', { instead: 'SSH-2.0-OpenSSH_9.6\r\n' }, () => ({}), /does not answer as a proxy does/, 1],
    [
      'floods with headers',
      { instead: `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(3_000)}`, left: true },
      () => ({}),
      /does not answer as a proxy does/,
      1,
    ],
    [
      'opens a tunnel with more headers than are read',
      { instead: `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(3_000)}\r\n`, left: true },
      () => ({}),
      /does not answer as a proxy does/,
      1,
    ],
  ];
  for (const [what, options, network, text, attempts] of refusals)
    it(`says that the proxy ${what}`, async () => {
      const { source } = await behind(options, network);
      const error = await failureOf(source.page(firstPage, never));
      assert.equal(error.failure, 'network');
      assert.match(error.message, text);
      assert.ok(!error.message.includes('hunter2'));
      assert.equal(source.attempts.length, attempts);
      assert.equal(server().requests.length, 0);
    });

  it('says that the proxy is silent, in good time', async () => {
    proxy = await startProxy({ instead: '' });
    const source = sourceOf(server(), {
      endpoint: 'https://audit.cloud.test/v1/x',
      network: { proxy: { address: proxy.url } },
      limits: { connectMs: 50 },
      retry: { attempts: 1 },
    });
    const error = await failureOf(source.page(firstPage, never));
    assert.match(error.message, /The proxy 127\.0\.0\.1:\d+ cannot be reached \(ETIMEDOUT\)/);
  });

  it('says that the proxy is not there', async () => {
    const { proxy, source } = await behind();
    await proxy.stop();
    const error = await failureOf(source.page(firstPage, never));
    assert.match(error.message, /The proxy 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/);
  });
});
