import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { createAuditSource, type Attempt } from '../../../src/api';
import { askKeystone } from '../../../src/app/askKeystone';
import { createLoad, type HistoryLoad } from '../../../src/app/createLoad';
import { fieldText, type ActivityEvent } from '../../../src/core/event/event';
import { covers } from '../../../src/core/time/ranges';
import { settlingTime, type History } from '../../../src/history/history';
import { Loader } from '../../../src/history/load/loader';
import { SentTokens } from '../../../src/host/connections/sentTokens';
import { learnRequester } from '../../../src/host/connections/learnRequester';
import type { Connection } from '../../../src/host/connections/connections';
import { makeEvents } from '../../server/events';
import type { StandIn } from '../../server/startServer';
import type { TokenOwner } from '../../server/tokens';
import { never, quick, useServer } from '../api/client';
import { readAll, Workshop } from '../history/fixture';
import {
  closeWindows,
  connectionTo,
  lockFile,
  MadeVault,
  openWindow,
  password,
  type Window,
} from '../host/connections/window';

const newest = Date.UTC(2026, 10, 1, 12);
const range = { from: newest - 3_600_000, to: newest + 1_000 };
/** All that may still come is long settled. */
const now = newest + 30 * 86_400_000;
const count = 100;
const viewer: TokenOwner = { userId: 'vera', roles: ['mcs_admin_network'], sees: ['neutron', 'nova'] };
const admin: TokenOwner = { userId: 'adam', roles: ['mcs_admin'] };

describe('a load', () => {
  const server = useServer({
    events: makeEvents(count, { newest, stepMs: 10_000, seed: 'requesters' }),
    users: [{ name: 'ann', password, domain: 'users', role: 'mcs_admin' }],
  });
  const workshop = new Workshop();
  const seen = makeEvents(count, { newest, stepMs: 10_000, seed: 'requesters' }).filter((event: ActivityEvent) =>
    viewer.sees?.includes(fieldText(event, 'source')),
  ).length;
  afterEach(async () => {
    closeWindows();
    await workshop.cleanUp();
  });

  interface Open {
    readonly connection: Connection;
    readonly window: Window;
    readonly history: History;
    readonly loads: HistoryLoad;
    /** How often Load Again was offered. */
    readonly offers: number;
    /** The tokens that were given out to be sent, with the user for whom pages count then. */
    readonly given: readonly [userId?: string, token?: string][];
    /** How many sources are open. */
    readonly sources: number;
    load(again?: { from?: number; to?: number }): Promise<number>;
    isComplete(): Promise<boolean>;
    setToken(owner: TokenOwner | undefined): Promise<string>;
  }

  /** A connection as it is open in one window. Without `hasKeystone` nobody tells whose its tokens are. */
  async function open({
    hasKeystone = true,
    vault = new MadeVault(),
    known = connectionTo(server()),
    file = ':memory:',
    isLive = true,
    at = now,
  } = {}) {
    const connection: Connection = hasKeystone ? known : { ...known, auth: undefined };
    const window = await openWindow(connection, vault, lockFile());
    const history = await workshop.local(file);
    const held = window.tokens.held(connection);
    await history.setRequester(held?.requester);
    const opened = { connection, window, history, offers: 0, given: [] as [string?, string?][], sources: 0 };
    const loads: HistoryLoad = createLoad(
      {
        history,
        sent: new SentTokens(connection, window),
        run: async ({ range, ...task }, { reported, now, waitForToken, ...ports }, signal) => {
          const token = (): string | undefined => {
            const given = ports.token();
            opened.given.push([loads.requester?.userId, given]);
            return given;
          };
          const onAttempt = (attempt: Attempt): void => reported({ attempts: [attempt], progress: undefined });
          const source = createAuditSource({ endpoint: connection.address, ...quick, token, onAttempt });
          opened.sources++;
          try {
            const loader = new Loader({ ...task, source, history, now, waitForToken, log: window.log });
            return await loader.load(range, (progress) => reported({ attempts: [], progress }), signal);
          } finally {
            opened.sources--;
            source.dispose();
          }
        },
        findToken: (signal) =>
          learnRequester(connection, { ...window, keystone: askKeystone(() => Promise.resolve(quick)) }, signal),
        onUnknownRequester: () => {
          opened.offers++;
        },
        options: () => ({ components: [], concurrency: 2, pageSize: 10, now: () => at }),
        waitForToken: () => assert.fail('nobody is to be asked'),
        isLive,
        log: window.log,
      },
      held,
    );
    return Object.assign(opened, {
      loads,
      load: async (again?: { from?: number; to?: number }) => {
        const { gaps } = await loads.load(range, again, () => undefined, never);
        assert.deepEqual(gaps, []);
        return (await readAll(history)).length;
      },
      isComplete: async () => covers(await history.coverage(''), range),
      setToken: async (owner: TokenOwner | undefined) => {
        const token = server().tokens.issue(owner && { owner });
        await window.tokens.set(connection, token);
        return token;
      },
    }) satisfies Open;
  }

  const logRequests = (from: StandIn = server()) => from.requests.filter(({ route }) => route === 'logs').length;

  it('asks for all again when the token is of another user, and for nothing when the first one is back', async () => {
    const { isComplete, load, loads, setToken } = await open();
    await setToken(viewer);
    assert.equal(await load(), seen);
    assert.deepEqual(loads.requester, { userId: 'vera', roles: viewer.roles });
    assert.equal(await isComplete(), true);
    await setToken(admin);
    assert.equal(await load(), count);
    assert.equal(loads.requester.userId, 'adam');
    assert.equal(await isComplete(), true);
    const before = logRequests();
    for (const owner of [viewer, admin, viewer]) {
      await setToken(owner);
      assert.equal(await load(), count);
      assert.equal(await isComplete(), true);
    }
    assert.equal(logRequests(), before);
  });

  it('asks for all again when the user has one more role', async () => {
    const { load, loads, setToken } = await open();
    await setToken(viewer);
    await load();
    await setToken({ userId: viewer.userId, roles: [...viewer.roles, 'mcs_viewer'] });
    const told: number[] = [];
    await loads.load(range, undefined, ({ events }) => told.push(events), never);
    assert.equal(told[0], 0, 'it is told at once that what counts as loaded is another thing');
    assert.equal(await load(), count);
  });

  it('begins anew when it is given the token of another user half-way, so that no page counts for the wrong one', async () => {
    const opened = await open();
    const { given, history, isComplete, load, loads, setToken, window } = opened;
    await setToken(admin);
    server().fault({ kind: 'slow', ms: 20 });
    const loading = load();
    while (logRequests() < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    const token = await setToken(viewer);
    const stored = await loading;
    assert.deepEqual([...new Set(given.filter((each) => each[1] === token).map(([user]) => user))], ['vera']);
    assert.equal(opened.sources, 0);
    assert.ok(stored < count, String(stored));
    assert.equal(loads.requester?.userId, 'vera');
    assert.equal(await isComplete(), true);
    await history.setRequester(admin);
    assert.equal(await isComplete(), false);
    assert.ok(window.log.lines.some((line) => /begins anew/.test(line)));
    await setToken(admin);
    assert.equal(await load(), count);
  });

  it('goes on with a renewed token of the same user', async () => {
    const opened = await open();
    const { connection, load, window } = opened;
    await window.tokens.setSecret(connection, password);
    await window.renewal.renew(connection.id, never);
    server().tokens.revokeAll();
    assert.equal(await load(), count);
    assert.ok(!window.log.lines.some((line) => /begins anew/.test(line)));
    const again = logRequests();
    await window.renewal.renew(connection.id, never);
    await load();
    assert.equal(logRequests(), again);
    await load({});
    assert.equal(opened.offers, 0);
  });

  it('uncovers nothing for a token that nobody knows, and offers to load again, which finds what that one may see', async () => {
    const opened = await open({ hasKeystone: false });
    await opened.setToken(viewer);
    assert.equal(await opened.load(), seen);
    assert.equal(opened.offers, 0);
    await opened.setToken(admin);
    const before = logRequests();
    assert.equal(await opened.load(), seen);
    assert.equal(logRequests(), before);
    await opened.load({ from: range.from + 1_000 });
    assert.equal(opened.offers, 1);
    assert.equal(await opened.load({}), count);
    assert.equal(opened.loads.requester, undefined);
    assert.equal(await opened.isComplete(), true);
  });

  it('counts what an unknown user loaded for nobody who is known', async () => {
    const known = connectionTo(server());
    const file = workshop.file();
    const first = await open({ hasKeystone: false, known, file });
    await first.setToken(viewer);
    await first.load();
    const second = await open({ known, file });
    await second.setToken(admin);
    assert.equal(await second.load(), count);
  });

  it('asks for late events once a session, for no longer than it loads, and again where that failed', async () => {
    const [known, vault, file] = [connectionTo(server()), new MadeVault(), workshop.file()];
    const settled = { known, vault, file, at: range.to + settlingTime };
    const first = await open(settled);
    await first.setToken(admin);
    await first.load();
    const saved = await open({ ...settled, isLive: false });
    const second = await open(settled);
    await second.load({ from: range.to - 1_000 });
    for (const fails of [true, false]) {
      server().requests.splice(0);
      if (fails) server().fault({ kind: 'status', status: 500 });
      const { gaps } = await second.loads.load(range, undefined, () => undefined, never);
      assert.equal(gaps.length > 0, fails);
      const asked = server().requests.map(({ query }) => Date.parse(query['from'] ?? ''));
      assert.equal(Math.min(...asked), range.from - 1_000); // servers may leave out the second they are asked from
      server().clearFaults();
    }
    server().requests.splice(0);
    for (const { load } of [first, saved, second]) await load();
    assert.deepEqual(server().requests, []);
  });

  it('knows the user of a stored token without asking, as without network', async () => {
    const [known, vault, file] = [connectionTo(server()), new MadeVault(), workshop.file()];
    const first = await open({ known, vault, file });
    await first.setToken(admin);
    await first.load();
    server().requests.splice(0);
    const second = await open({ known, vault, file });
    assert.equal(second.loads.requester?.userId, 'adam');
    assert.equal(await second.isComplete(), true);
    assert.deepEqual(server().requests, []);
  });

  it('takes a user for unknown whom Keystone does not tell', async () => {
    const { load, loads, setToken } = await open();
    server().fault({ kind: 'status', status: 503, route: 'keystone' });
    await setToken(admin);
    assert.equal(await load(), count);
    assert.equal(loads.requester, undefined);
  });
});
