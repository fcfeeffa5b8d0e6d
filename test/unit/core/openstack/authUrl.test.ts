import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseAuthUrl, readDomain, usualDomain } from '../../../../src/core/openstack/authUrl';

describe('parseAuthUrl', () => {
  const good: readonly [text: string, expected: string][] = [
    ['https://infra.mail.ru:5000/v3/', 'https://infra.mail.ru:5000/v3'],
    ['https://infra.mail.ru:5000/v3', 'https://infra.mail.ru:5000/v3'],
    ['https://infra.mail.ru:5000', 'https://infra.mail.ru:5000/v3'],
    [' "https://infra.mail.ru:5000/v2.0/" ', 'https://infra.mail.ru:5000/v3'],
    ['https://infra.mail.ru:5000/v3/auth/tokens', 'https://infra.mail.ru:5000/v3'],
    ['https://cloud.test/identity', 'https://cloud.test/identity/v3'],
    ['https://cloud.test/identity/v3/', 'https://cloud.test/identity/v3'],
    ['http://127.0.0.1:5000/v3/', 'http://127.0.0.1:5000/v3'],
  ];
  for (const [text, expected] of good) it(`reads ${text}`, () => assert.equal(parseAuthUrl(text), expected));

  const bad: readonly [text: string, what: RegExp][] = [
    ['', /empty/],
    ['infra.mail.ru:5000', /https:\/\//],
    ['http://infra.mail.ru:5000/v3', /unencrypted/],
    ['https://user:secret-word@infra.mail.ru:5000/v3', /user name or password/],
    ['https://<host>:5000/v3', /placeholder/],
    ['https://mcs.mail.ru/auditlogs/v1/0123456789abcdef0123456789abcdef', /address of the activity log/],
    ['https://infra.mail.ru:8776/v3/0123456789abcdef0123456789abcdef', /another service/],
  ];
  for (const [text, what] of bad)
    it(`names what is wrong with ${text || 'nothing'}`, () => {
      assert.throws(
        () => parseAuthUrl(text),
        (error: Error) => what.test(error.message) && !error.message.includes('secret-word'),
      );
    });

  it('knows what users’ domains are called', () => {
    assert.deepEqual(usualDomain('https://infra.mail.ru:5000/v3'), { name: 'users' });
    assert.deepEqual(usualDomain('https://cloud.test/identity/v3'), { id: 'default' });
    assert.deepEqual(readDomain('default'), { id: 'default' });
    assert.deepEqual(readDomain('Default'), { name: 'Default' });
    assert.deepEqual(readDomain('0123456789abcdef0123456789abcdef'), { id: '0123456789abcdef0123456789abcdef' });
  });
});
