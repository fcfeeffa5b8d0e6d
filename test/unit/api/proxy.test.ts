import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { certificate } from '../../server/certificate';
import { startProxy, type Proxy } from '../../server/proxy';
import { disposeSources, failureOf, firstPage, never, sourceOf, useServer } from './client';

describe('audit source behind a proxy', () => {
  const plain = useServer();
  const secure = useServer({ tls: certificate });
  let proxy: Proxy;
  afterEach(async () => {
    disposeSources();
    await proxy.stop();
  });

  for (const [name, server] of [
    ['plain', plain],
    ['TLS', secure],
  ] as const)
    it(`reaches a ${name} server through a tunnel, signed in`, async () => {
      proxy = await startProxy('engineer:correct-horse');
      const network = { proxy: proxy.url, ca: [certificate.cert] };
      await sourceOf(server(), { network }).page(firstPage, never);
      assert.deepEqual(proxy.tunnels, [new URL(server().url).host]);
      assert.equal(server().requests[0]!.headers['proxy-authorization'], undefined);
    });

  it('says that the proxy refuses, without its password', async () => {
    proxy = await startProxy('engineer:right');
    const source = sourceOf(secure(), { network: { proxy: proxy.url.replace('right', 'wrong') } });
    const error = await failureOf(source.page(firstPage, never));
    assert.equal(error.failure, 'network');
    assert.match(error.message, /proxy/i);
    assert.ok(!error.message.includes('wrong'));
    assert.equal(source.attempts.length, 1);
    assert.equal(secure().requests.length, 0);
  });

  it('says that the address of the proxy is none, without repeating it', async () => {
    proxy = await startProxy();
    for (const address of ['', 'socks5://a:hunter2@127.0.0.1:1', 'proxy.example.test:3128'])
      assert.throws(
        () => sourceOf(plain(), { network: { proxy: address } }),
        (error: Error) => /address of the proxy/.test(error.message) && !error.message.includes('hunter2'),
      );
  });

  it('says that the proxy is not there', async () => {
    proxy = await startProxy();
    await proxy.stop();
    const error = await failureOf(sourceOf(plain(), { network: { proxy: proxy.url } }).page(firstPage, never));
    assert.equal(error.failure, 'network');
    assert.match(error.message, /proxy/i);
    proxy = await startProxy();
  });
});
