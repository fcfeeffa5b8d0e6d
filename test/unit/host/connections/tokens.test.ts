import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import type { Connection } from '../../../../src/host/connections/connections';
import { Tokens } from '../../../../src/host/connections/tokens';
import { MadeVault } from './window';

const connection: Connection = { id: 'a', name: 'A', kind: 'http', address: 'https://audit.test/auditlogs/v1/x' };
const hour = 3_600_000;
const auth = { kind: 'applicationCredential', authUrl: 'https://keystone.test:5000/v3', id: 'ac' } as const;
const open: Tokens[] = [];
const ended: string[] = [];

function tokens(vault = new MadeVault()): Tokens {
  const made = new Tokens(
    vault,
    (error) => assert.fail(String(error)),
    async ({ token }) => {
      ended.push(token);
    },
  );
  open.push(made);
  return made;
}

/** A Fernet token issued at `time`. */
function fernet(time: number): string {
  const bytes = Buffer.alloc(120, 0xfb);
  bytes[0] = 0x80;
  bytes.writeBigUInt64BE(BigInt(Math.floor(time / 1000)), 1);
  return bytes.toString('base64url');
}

describe('tokens', () => {
  afterEach(() => {
    for (const made of open.splice(0)) made.dispose();
    ended.splice(0);
  });

  it('live as long as Keystone says', async () => {
    const held = tokens();
    const now = Date.now();
    await held.set(connection, 'abc', { expires: now + 90_000 });
    assert.deepEqual(held.remaining(connection, now), { ms: 90_000, isKnown: true });
    assert.deepEqual(held.remaining(connection, now + hour), { ms: 0, isKnown: true });
    await held.setSecret({ ...connection, auth }, 'secret', { token: 'def', expires: now + 5_000 });
    assert.deepEqual(held.remaining(connection, now), { ms: 5_000, isKnown: true });
  });

  it('live an hour at most where nobody says', async () => {
    const held = tokens();
    await held.set(connection, 'abc');
    const { ms, isKnown } = held.remaining(connection, Date.now())!;
    assert.ok(!isKnown && ms > hour - 60_000 && ms <= hour);
  });

  it('live an hour from when they were issued, where their text tells', async () => {
    const held = tokens();
    const issued = Math.floor(Date.now() / 1000) * 1000 - 20 * 60_000;
    await held.set(connection, fernet(issued));
    assert.deepEqual(held.remaining(connection, issued + 30 * 60_000), { ms: hour / 2, isKnown: true });
    // One that opens the log after an hour lives longer than usual; one from the future is no measure either.
    for (const time of [issued - 2 * hour, issued + 3 * hour]) {
      await held.set(connection, fernet(time));
      assert.equal(held.remaining(connection, Date.now())?.isKnown, false);
    }
  });

  it('go to the origin they were set for only', async () => {
    const held = tokens();
    await held.set(connection, 'abc');
    assert.equal(held.current(connection), 'abc');
    for (const address of ['https://other.test/v1/x', 'http://audit.test/v1/x', 'https://audit.test:8443/v1/x'])
      assert.equal(held.current({ ...connection, address }), undefined);
    assert.equal(held.current({ ...connection, kind: 'file' }), undefined);
  });

  it('of earlier versions are still good', async () => {
    const vault = new MadeVault();
    const since = Date.now() - 60_000;
    vault.kept.set('activityLog.token.a', JSON.stringify({ token: 'abc', origin: 'https://audit.test', since }));
    const held = tokens(vault);
    await held.load(connection);
    assert.equal(held.current(connection), 'abc');
    assert.deepEqual(held.remaining(connection, since), { ms: hour, isKnown: false });
  });

  it('and secrets are gone when they are deleted', async () => {
    const vault = new MadeVault();
    const held = tokens(vault);
    await held.set(connection, 'abc');
    await held.setSecret({ ...connection, auth }, 'secret');
    assert.equal(held.secret({ ...connection, auth }), 'secret');
    await held.delete('a');
    assert.equal(held.secret({ ...connection, auth }), undefined);
    assert.equal(vault.kept.size, 0);
  });

  it('end at Keystone with what sign-ins had brought before; those that were handed over do not', async () => {
    const held = tokens();
    const [now, signed] = [Date.now(), { ...connection, auth }];
    await held.set(signed, 'by hand', { expires: now + hour });
    await held.setSecret(signed, 'secret', { token: 'first', expires: now + hour });
    assert.equal(await held.renew(signed, 'secret', { token: 'over', expires: now - 1 }), true);
    assert.equal(await held.renew(signed, 'secret', { token: 'second', expires: now + hour }), true);
    await held.set(signed, 'by hand again', { expires: now + hour });
    assert.equal(ended.length, 0);
    await held.delete('a');
    assert.deepEqual(ended, ['first', 'second']);
    assert.equal(await held.renew(signed, 'secret', { token: 'late', expires: now + hour }), false);
    assert.deepEqual([held.current(signed), ended.at(-1)], [undefined, 'late']);
  });
});
