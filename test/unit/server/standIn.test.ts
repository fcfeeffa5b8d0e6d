import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ActivityEvent } from '../../../src/core/event/event';
import { makeEvent, makeEvents } from '../../server/events';
import { type ServerOptions, startServer, type StandIn } from '../../server/startServer';

interface Page {
  readonly logs: ActivityEvent[];
  readonly marker?: string;
}

const newest = Date.UTC(2026, 5, 1);

/** Runs `work` with a server of its own. */
async function serving(options: ServerOptions, work: (server: StandIn) => Promise<void>): Promise<void> {
  const server = await startServer(options);
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

async function ask(server: StandIn, query: string): Promise<{ status: number; page: Page }> {
  const answer = await fetch(`${server.endpoint}/logs?${query}`, { headers: { 'x-auth-token': server.token } });
  return { status: answer.status, page: (await answer.json()) as Page };
}

async function readAll(server: StandIn, query: string): Promise<ActivityEvent[]> {
  const all: ActivityEvent[] = [];
  for (let marker: string | undefined = ''; marker !== undefined;) {
    const { page } = await ask(server, `${query}&marker=${encodeURIComponent(marker)}`);
    all.push(...page.logs);
    marker = page.marker;
  }
  return all;
}

describe('stand-in: log', () => {
  const series = { newest, stepMs: 500 };

  it('serves the same events prepared as unprepared, in any range and page size', async () => {
    const events = makeEvents(333, series);
    await serving({ events }, (plain) =>
      serving({ prepared: { ...series, count: 333 } }, async (prepared) => {
        for (const query of [
          'limit=7',
          'limit=1000',
          'limit=50&from=2026-05-31T23:58:00Z&to=2026-05-31T23:59:30Z',
          'limit=20&source=nova',
        ])
          assert.deepEqual(await readAll(prepared, query), await readAll(plain, query), query);
        assert.deepEqual(await readAll(prepared, 'limit=100'), events);
      }),
    );
  });

  it('counts from and to in, or not', async () => {
    const query = 'limit=100&from=2026-05-31T23:59:50Z&to=2026-05-31T23:59:55Z';
    const events = makeEvents(30, { newest, stepMs: 1000 });
    await serving({ events }, async (server) => {
      assert.equal((await ask(server, query)).page.logs.length, 6);
      server.setRules({ bounds: 'exclusive' });
      assert.equal((await ask(server, query)).page.logs.length, 4);
    });
  });

  it('limits pages by its own default and maximum', async () => {
    await serving({ prepared: { ...series, count: 1500 } }, async (server) => {
      assert.equal((await ask(server, '')).page.logs.length, 100);
      assert.equal((await ask(server, 'limit=5000')).page.logs.length, 1000);
      server.setRules({ overLimit: 'refuse' });
      assert.equal((await ask(server, 'limit=5000')).status, 400);
      assert.equal((await ask(server, 'limit=0')).status, 400);
      assert.equal((await ask(server, 'from=yesterday')).status, 400);
    });
  });

  it('forgets markers after their time', async () => {
    await serving({ prepared: { ...series, count: 20 }, markerLifeMs: -1, markerStatus: 410 }, async (server) => {
      const { page } = await ask(server, 'limit=10');
      assert.equal((await ask(server, `limit=10&marker=${encodeURIComponent(page.marker!)}`)).status, 410);
    });
  });

  it('shifts the pages of an open range when events arrive, and not of a closed one', async () => {
    for (const [query, shifted] of [
      ['limit=5', true],
      [`limit=5&to=${new Date(newest).toISOString()}`, false],
    ] as const)
      await serving({ events: makeEvents(10, { newest, stepMs: 1000 }) }, async (server) => {
        const first = (await ask(server, query)).page;
        server.addEvents(makeEvents(2, { seed: 'new', newest: newest + 60_000, stepMs: 1000 }));
        const second = (await ask(server, `${query}&marker=${encodeURIComponent(first.marker!)}`)).page;
        assert.equal(second.logs[0]!['event_id'] === first.logs[3]!['event_id'], shifted);
      });
  });

  it('refuses strangers, other projects and, when told so, requests without a component', async () => {
    await serving({ sourceRequired: true }, async (server) => {
      const headers = { 'x-auth-token': server.token };
      assert.equal((await fetch(`${server.endpoint}/logs`)).status, 401);
      assert.equal((await fetch(`${server.url}/v1/${'0'.repeat(32)}/logs`, { headers })).status, 403);
      assert.equal((await ask(server, '')).status, 400);
      assert.equal((await ask(server, 'source=nova')).status, 200);
    });
  });

  it('lets chance strike the same requests each time', async () => {
    const struck = async () => {
      const statuses: number[] = [];
      await serving({ seed: 'dice' }, async (server) => {
        server.fault({ kind: 'status', status: 503, chance: 0.5 });
        for (let i = 0; i < 12; i++) statuses.push((await ask(server, '')).status);
      });
      return statuses.join();
    };
    const first = await struck();
    assert.equal(await struck(), first);
    assert.ok(first.includes('200') && first.includes('503'));
  });

  it('tells each of its lies', async () => {
    const events = makeEvents(6, series);
    await serving({ events }, async (server) => {
      const told = async (kind: Parameters<StandIn['fault']>[0]['kind']) => {
        server.clearFaults();
        server.fault({ kind } as Parameters<StandIn['fault']>[0]);
        return (await ask(server, 'limit=3')).page as unknown as { logs: Record<string, unknown>[]; marker?: string };
      };
      assert.deepEqual(Object.keys((await told('logsObject')).logs), ['0', '1', '2']);
      assert.equal((await told('logsMissing')).logs, undefined);
      assert.equal(typeof (await told('wrongTypes')).logs[0]!['success'], 'boolean');
      assert.deepEqual((await told('notRecords')).logs.slice(1), ['text', null]);
      assert.deepEqual(Object.keys((await told('missingFields')).logs[0]!), ['event_id', 'timestamp']);
      assert.ok((await told('missingIds')).logs.every((event) => !('event_id' in event)));
      assert.equal((await told('duplicateIds')).logs[1]!['event_id'], events[0]!['event_id']);
      assert.equal((await told('repeatedRecords')).logs.length, 6);
      assert.equal((await told('unreadableTimes')).logs[0]!['timestamp'], 'yesterday');
      assert.ok((await told('markerLoop')).marker);
      assert.ok((await told('endlessMarkers')).marker);
    });
  });

  it('makes events of about the length asked for, the same each time', () => {
    for (const bytes of [700, 2048, 10_000]) {
      const { length } = JSON.stringify(makeEvent(3, { newest, stepMs: 1, bytes }));
      assert.ok(Math.abs(length - bytes) < 120, `${length} for ${bytes}`);
    }
    assert.deepEqual(makeEvent(3, series), makeEvent(3, series));
  });
});

describe('stand-in: Keystone', () => {
  const user = { name: 'engineer', password: 'correct horse', domain: 'users' };
  const options: ServerOptions = {
    users: [user, { ...user, name: 'careful', passcode: '123456' }, { ...user, name: 'gone', enabled: false }],
    applicationCredentials: [{ id: 'credential', secret: 's3cret' }],
  };
  const named = ({ name, password, domain }: typeof user) => ({ name, password, domain: { name: domain } });
  const passwordOf = (given: typeof user) => ({ methods: ['password'], password: { user: named(given) } });

  const signIn = (server: StandIn, identity: object, headers: Record<string, string> = {}) =>
    fetch(`${server.authUrl}auth/tokens`, { method: 'POST', headers, body: JSON.stringify({ auth: { identity } }) });

  it('issues a token by password or application credential, with a catalog that leads back here', async () => {
    await serving(options, async (server) => {
      for (const identity of [
        passwordOf(user),
        { methods: ['application_credential'], application_credential: { id: 'credential', secret: 's3cret' } },
      ]) {
        const answer = await signIn(server, identity);
        assert.equal(answer.status, 201);
        const token = answer.headers.get('x-subject-token')!;
        const body = (await answer.json()) as {
          token: { expires_at: string; catalog: { type: string; endpoints: { url: string }[] }[] };
        };
        assert.ok(Date.parse(body.token.expires_at) > Date.now());
        const audit = body.token.catalog.find(({ type }) => type === 'audit')!.endpoints[0]!.url;
        assert.equal((await fetch(`${audit}/logs`, { headers: { 'x-auth-token': token } })).status, 200);
      }
    });
  });

  it('refuses wrong passwords and disabled users', async () => {
    await serving(options, async (server) => {
      for (const given of [
        { ...user, password: 'wrong' },
        { ...user, name: 'gone' },
        { ...user, domain: 'other' },
      ])
        assert.equal((await signIn(server, passwordOf(given))).status, 401);
    });
  });

  it('asks for the second factor and takes it with the receipt, or with the first one', async () => {
    await serving(options, async (server) => {
      const careful = { ...user, name: 'careful' };
      const first = await signIn(server, passwordOf(careful));
      const receipt = first.headers.get('openstack-auth-receipt')!;
      assert.deepEqual([first.status, Boolean(receipt)], [401, true]);
      const totp = { user: { name: 'careful', domain: { name: 'users' }, passcode: '123456' } };
      const second = { methods: ['totp'], totp };
      assert.equal((await signIn(server, second)).status, 401, 'not without the receipt');
      assert.equal((await signIn(server, second, { 'openstack-auth-receipt': receipt })).status, 201);
      const both = { ...passwordOf(careful), methods: ['password', 'totp'], totp };
      assert.equal((await signIn(server, both)).status, 201);
    });
  });

  it('revokes and expires', async () => {
    await serving(options, async (server) => {
      const token = (await signIn(server, passwordOf(user))).headers.get('x-subject-token')!;
      const logs = () => fetch(`${server.endpoint}/logs`, { headers: { 'x-auth-token': token } });
      const headers = { 'x-auth-token': token, 'x-subject-token': token };
      assert.equal((await fetch(`${server.authUrl}auth/tokens`, { method: 'DELETE', headers })).status, 204);
      assert.equal((await logs()).status, 401);
      server.realm.tokenLifeMs = -1;
      const expired = (await signIn(server, passwordOf(user))).headers.get('x-subject-token')!;
      assert.equal((await fetch(`${server.endpoint}/logs`, { headers: { 'x-auth-token': expired } })).status, 401);
    });
  });
});

describe('stand-in: services and control', () => {
  const call = (method: string, uri: string, source = 'nova') =>
    ({
      ...makeEvent(0, { newest, stepMs: 1, seed: method + uri }),
      method,
      uri,
      source,
      success: 'yes',
    }) as ActivityEvent;

  it('knows the resources that the log names and has not seen deleted', async () => {
    const events = [
      call('POST', '/v2.1/servers/aaaa-1/action'),
      call('PUT', '/v2.0/ports/bbbb-2', 'neutron'),
      call('DELETE', '/v2.0/ports/bbbb-2', 'neutron'),
    ];
    await serving({ events }, async (server) => {
      const get = (path: string) => fetch(server.url + path, { headers: { 'x-auth-token': server.token } });
      assert.equal(
        ((await (await get('/v2.1/servers/aaaa-1')).json()) as { server: { id: string } }).server.id,
        'aaaa-1',
      );
      assert.equal((await get('/v2.0/ports/bbbb-2')).status, 404);
      assert.equal((await get('/v2.1/servers/never')).status, 404);
      assert.equal((await fetch(`${server.url}/v2.1/servers/aaaa-1`)).status, 401);
    });
  });

  it('is led over HTTP only when it was started so', async () => {
    const control = (server: StandIn, name: string, argument?: unknown) =>
      fetch(`${server.url}/control/${name}`, { method: 'POST', body: JSON.stringify(argument) });
    await serving({}, async (server) => assert.equal((await control(server, 'clearFaults')).status, 401));
    await serving({ control: true }, async (server) => {
      await control(server, 'fault', { kind: 'status', status: 503, times: 1 });
      assert.equal((await ask(server, '')).status, 503);
      await control(server, 'addEvents', makeEvents(2, { newest, stepMs: 1 }));
      assert.equal((await ask(server, '')).page.logs.length, 2);
      const requests = (await (await control(server, 'requests')).json()) as unknown[];
      assert.equal(requests.length, 2);
      assert.equal((await control(server, 'toString')).status, 404);
    });
  });
});
