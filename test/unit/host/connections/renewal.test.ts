import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import { isCancelled } from '../../../../src/core/base/errors';
import type { Connection } from '../../../../src/host/connections/connections';
import { startServer, type StandIn } from '../../../server/startServer';
import { failureOf, never, quick, useServer } from '../../api/client';
import { Workshop } from '../../history/fixture';
import { loadAll, type Loaded } from '../loadAll';
import { closeWindows, connectionTo, lockFile, MadeVault, openWindow, password, type Window } from './window';

const count = 50_000;

const withoutCatalog = {
  headers: { 'x-subject-token': 'bare' },
  body: JSON.stringify({ token: { issued_at: '2026-01-01T00:00:00Z', expires_at: '2026-01-01T01:00:00Z' } }),
};

describe('renewal of tokens', () => {
  const server = useServer({
    prepared: { count, newest: Date.UTC(2026, 10, 1), stepMs: 10_000, seed: 'renewal' },
    users: [{ name: 'ann', password, domain: 'users' }],
  });
  const workshop = new Workshop();
  const lock = lockFile();
  afterEach(async () => {
    closeWindows();
    await workshop.cleanUp();
    server().realm.tokenLifeMs = 3_600_000;
    server().realm.tokenRequests = undefined;
    rmSync(path.dirname(lock), { recursive: true, force: true });
  });

  async function signedIn(lifeMs = 3_600_000): Promise<{ connection: Connection; vault: MadeVault; window: Window }> {
    server().realm.tokenLifeMs = lifeMs;
    const connection = connectionTo(server());
    const vault = new MadeVault();
    const window = await openWindow(connection, vault, lock);
    await window.tokens.setSecret(connection, password);
    assert.equal(await window.renewal.renew(connection.id, never), true);
    server().requests.splice(0);
    return { connection, vault, window };
  }

  const signIns = (from: StandIn = server()) =>
    from.requests.filter(({ route, method }) => route === 'keystone' && method === 'POST').length;

  const range = { from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 10, 2) };
  const load = async (connection: Connection, window: Window, part = range): Promise<Loaded> =>
    loadAll(connection, window, await workshop.local(':memory:'), part, quick);

  it('loads 50,000 events while tokens last for a dozen requests each, and asks nobody', async function () {
    server().realm.tokenRequests = 12;
    const { connection, window } = await signedIn();
    const { gaps, stored, prompts } = await load(connection, window);
    assert.deepEqual({ gaps, stored, prompts }, { gaps: [], stored: count, prompts: 0 });
    // Four requests may be under way with a token that ends: who learns of it late asks once more.
    const [pages, most] = [count / 1_000, Math.ceil(server().requests.length / 12) * 2];
    assert.ok(signIns() >= Math.floor(pages / 12) && signIns() <= most, `${signIns()} sign-ins`);
  });

  it('renews when a token is refused before its time, once for all requests under way', async function () {
    const { connection, window } = await signedIn();
    setTimeout(() => server().tokens.revokeAll(), 150);
    server().fault({ kind: 'slow', ms: 40 });
    const { gaps, stored, prompts } = await load(connection, window);
    assert.deepEqual({ gaps, stored, prompts }, { gaps: [], stored: count, prompts: 0 });
    assert.equal(signIns(), 1);
  });

  it('asks a person, and does not sign in for ever, where the log refuses what Keystone issues', async () => {
    const { connection, window } = await signedIn();
    server().fault({ kind: 'status', status: 401 });
    assert.equal((await load(connection, window)).prompts, 1);
    assert.equal(signIns(), 2);
  });

  it('signs in once for all who ask at the same time, in this window and in others', async () => {
    const { connection, vault, window } = await signedIn();
    const other = await openWindow(connection, vault, lock);
    const former = window.tokens.current(connection);
    assert.equal(other.tokens.current(connection), former);
    server().fault({ kind: 'slow', ms: 100, route: 'keystone' });
    const all = [window, window, other, other].map(({ renewal }) => renewal.renew(connection.id, never));
    assert.deepEqual(await Promise.all(all), [true, true, true, true]);
    assert.equal(signIns(), 1);
    assert.notEqual(other.tokens.current(connection), former);
    assert.equal(other.tokens.current(connection), window.tokens.current(connection));
  });

  it('tries a refused password once, in whatever window, until another is set', async () => {
    const { connection, vault, window } = await signedIn();
    const open = await openWindow(connection, vault, lock);
    server().realm.users = [{ name: 'ann', password: 'changed', domain: 'users' }];
    assert.equal(await window.renewal.renew(connection.id, never), false);
    assert.equal(await window.renewal.renew(connection.id, never), false);
    const next = await openWindow(connection, vault, lock);
    for (const { renewal } of [window, open, next]) {
      assert.equal(await renewal.renew(connection.id, never), false);
      assert.equal(renewal.isPossible(connection), false);
    }
    assert.equal(signIns(), 1);
    await window.tokens.setSecret(connection, 'changed');
    assert.equal(await window.renewal.renew(connection.id, never), true);
    server().realm.users = [{ name: 'ann', password, domain: 'users' }];
    assert.ok(!window.log.lines.join('\n').includes(password));
  });

  it('follows services that moved; the token stays with the endpoint of the connection when the log does', async () => {
    const { connection, window } = await signedIn();
    const { realm, requests, url } = server();
    const compute = () => window.connection.catalog?.find(({ type }) => type === 'compute')?.url;
    const told = [compute(), window.moves.length];
    const other = await startServer();
    try {
      realm.url = other.url;
      assert.equal(await window.renewal.renew(connection.id, never), true);
      const log = other.endpoint.replace(other.projectId, server().projectId);
      assert.deepEqual([...told, compute(), window.moves], [`${url}/v2.1`, 0, `${other.url}/v2.1`, [[log]]]);
      assert.equal(window.connection.address, connection.address);
      requests.splice(0);
      const { gaps, prompts } = await load(window.connection, window, { ...range, from: Date.UTC(2026, 9, 31, 23) });
      assert.deepEqual([gaps, prompts, other.requests.length], [[], 0, 0]);
      assert.ok(requests.some(({ route }) => route === 'logs'));
      assert.equal(await window.renewal.renew(connection.id, never), true);
      assert.equal(window.moves.length, 1, 'told once');
      server().fault({ route: 'keystone', kind: 'answer', status: 201, ...withoutCatalog });
      assert.equal(await window.renewal.renew(connection.id, never), true);
      assert.equal(compute(), `${other.url}/v2.1`, 'no catalog tells nothing');
    } finally {
      realm.url = url;
      await other.stop();
    }
  });

  it('tries again when Keystone could not be reached', async () => {
    const { connection, window } = await signedIn(2_000);
    server().fault({ kind: 'status', status: 503, route: 'keystone', times: 3 });
    assert.equal((await failureOf(window.renewal.renew(connection.id, never))).failure, 'server');
    assert.equal(window.renewal.isPossible(connection), true);
    server().fault({ kind: 'status', status: 503, route: 'keystone', times: 3 });
    const former = window.tokens.current(connection);
    window.renewal.watch(connection.id);
    while (window.tokens.current(connection) === former) await sleep(20);
    assert.equal(server().tokens.use(window.tokens.current(connection)), 'ok');
  });

  it('keeps no token of a sign-in that was under way when somebody signed out, and revokes it', async () => {
    const { connection, vault } = await signedIn();
    // However long the test takes, the sign-in does not run out of time: it would be tried again.
    const limits = { idleMs: 60_000, answerMs: 60_000 };
    const { renewal, tokens } = await openWindow(connection, vault, lock, { ...quick, limits });
    let answer = (): void => undefined;
    const until = new Promise<void>((resolve) => (answer = resolve));
    server().fault({ kind: 'held', until, route: 'keystone', times: 1 });
    const issued = server().tokens.all.length;
    const renewing = renewal.renew(connection.id, never);
    while (signIns() === 0) await sleep(5);
    await tokens.delete(connection.id);
    answer();
    assert.equal(await renewing, false);
    assert.equal(tokens.current(connection), undefined);
    assert.equal(vault.kept.size, 0);
    const [late, ...others] = server().tokens.all.slice(issued);
    assert.deepEqual([others, server().tokens.expiry(late!)], [[], undefined]);
  });

  it('lets who waits go without ending the renewal for others', async () => {
    const { connection, window } = await signedIn();
    server().fault({ kind: 'slow', ms: 100, route: 'keystone', times: 1 });
    const others = window.renewal.renew(connection.id, never);
    await assert.rejects(window.renewal.renew(connection.id, AbortSignal.abort()), isCancelled);
    assert.equal(await others, true);
  });

  it('sends the secret to the Keystone it was set for only', async () => {
    const { connection, window } = await signedIn();
    const elsewhere = { ...connection, auth: { ...connection.auth!, authUrl: 'https://keystone.test:5000/v3' } };
    assert.equal(window.tokens.secret(elsewhere), undefined);
    assert.equal(window.renewal.isPossible(elsewhere), false);
  });
});
