import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { type Network, readSystemCa } from '../../../src/api';
import { authority, early, expired, good } from '../../server/authority';
import { certificate } from '../../server/certificate';
import { startProxy } from '../../server/proxy';
import { startServer } from '../../server/startServer';
import { disposeSources, failureOf, firstPage, never, sourceOf } from './client';

describe('audit source and certificates', () => {
  afterEach(disposeSources);

  type Pair = typeof good;
  const refusals: readonly [what: string, Pair, Network, host: string, text: RegExp][] = [
    [
      'an authority that is not trusted, by its name',
      good,
      {},
      'audit.cloud.test',
      /^The certificate of audit\.cloud\.test comes from “Example Root CA, Example Private Cloud”, an authority that is not trusted here \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)\. .*activityLog\.caFile\.$/,
    ],
    [
      'one that vouches for itself',
      certificate,
      { ca: [authority] },
      'audit.cloud.test',
      /“stand-in” of audit\.cloud\.test vouches for itself: .*\(DEPTH_ZERO_SELF_SIGNED_CERT\)\. .*activityLog\.caFile/,
    ],
    [
      'one that has expired, and when',
      expired,
      { ca: [authority] },
      'audit.cloud.test',
      /“expired\.cloud\.test” of audit\.cloud\.test, issued by Example Root CA, Example Private Cloud, expired on 2021-01-01 00:00 UTC\. Check the clock/,
    ],
    [
      'one that is not valid yet, and until when',
      early,
      { ca: [authority] },
      'audit.cloud.test',
      /“early\.cloud\.test” of audit\.cloud\.test, .*is not valid before 2110-01-01 00:00 UTC\. Check the clock/,
    ],
    [
      'one for another host, and for which',
      good,
      { ca: [authority] },
      'audit.elsewhere.test',
      /audit\.elsewhere\.test shows is for another host: \*\.cloud\.test, localhost, 127\.0\.0\.1, issued by Example Root CA/,
    ],
  ];
  for (const [what, tls, network, host, text] of refusals)
    it(`refuses ${what}, at once and before a request is sent`, async () => {
      const server = await startServer({ tls });
      const proxy = await startProxy({ hosts: { [`${host}:443`]: new URL(server.url).host } });
      try {
        const way = { proxy: { address: proxy.url }, ...network };
        const source = sourceOf(server, { endpoint: `https://${host}/v1/${server.projectId}`, network: way });
        const error = await failureOf(source.page(firstPage, never));
        assert.equal(error.failure, 'network');
        assert.match(error.message, text);
        assert.equal(source.attempts.length, 1);
        assert.equal(server.requests.length, 0);
        // As told by http.proxyStrictSSL: off.
        const careless = sourceOf(server, {
          endpoint: `https://${host}/v1/${server.projectId}`,
          network: { ...way, strictSsl: false },
        });
        await careless.page(firstPage, never);
      } finally {
        await proxy.stop();
        await server.stop();
      }
    });

  it('trusts what this computer trusts, and what the user names', async () => {
    const server = await startServer({ tls: good });
    try {
      for (const network of [
        { systemCa: [authority] },
        { ca: [authority] },
        { ca: [certificate.cert], systemCa: [authority] },
      ])
        await sourceOf(server, { network }).page(firstPage, never);
      await failureOf(sourceOf(server, { network: { ca: [certificate.cert] } }).page(firstPage, never));
      assert.equal(server.requests.length, 3);
    } finally {
      await server.stop();
    }
  });

  it('reads what this computer trusts, without holding up this thread', async () => {
    const before = performance.eventLoopUtilization();
    const certificates = await readSystemCa();
    const { active, idle } = performance.eventLoopUtilization(before);
    for (const pem of certificates) assert.match(pem, /^-----BEGIN CERTIFICATE-----/);
    assert.equal(await readSystemCa(), certificates, 'once');
    assert.ok(active < idle, `${active} of ${active + idle} ms`);
  });
});
