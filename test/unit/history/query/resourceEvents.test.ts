import assert from 'node:assert/strict';
import type { Activity, ResourceGroup } from '../../../../src/history/history';
import { always, noSignal, readAll, record, store, Workshop } from '../fixture';

const server = '11111111-1111-4111-8111-111111111111';
const volume = '22222222-2222-4222-8222-222222222222';
const network = '33333333-3333-4333-8333-333333333333';
const browser = 'Mozilla/5.0 (X11) Chrome/120.0';
const minute = (n: number): number => Date.UTC(2026, 10, 1, 0, n);

describe('events of groups of resources', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  async function filled() {
    const history = await workshop.local();
    await store(
      history,
      [
        record(9, { uri: `/v2.0/networks/${network}`, method: 'PUT', action: 'update-network', user_agent: browser }),
        record(8, { uri: `/v2.1/servers/${server}`, method: 'DELETE', action: 'delete-vm', success: 'no' }),
        record(7, { uri: `/v2.1/servers/${server}`, method: 'PUT', action: 'rename', user_agent: browser }),
        record(6, { uri: `/v2.1/servers/${server}`, method: 'GET', action: 'show', user_agent: browser }),
        record(5, {
          uri: `/v2.1/servers/${server}/os-volume_attachments`,
          action: 'attach',
          request_body: `{"volumeAttachment":{"volumeId":"${volume}"}}`,
          user_agent: 'HashiCorp Terraform/1.4.0',
        }),
        record(4, { uri: `/v3/volumes/${volume}`, method: 'PUT', action: 'update-volume' }),
        record(3, {
          response_body: `{"server":{"id":"${server}"}}`,
          request_body: `{"server":{"networks":[{"uuid":"${network}"}]}}`,
          user_agent: browser,
        }),
        record(2, { timestamp: 'never', uri: `/v3/volumes/${volume}`, method: 'PUT' }),
      ],
      '',
    );
    return history;
  }

  /** `events failures last-action`, for each group. */
  function told(activities: readonly Activity[]): string[] {
    return activities.map(({ events, failures, last }) => `${events} ${failures} ${last?.action ?? '-'}`);
  }

  const cases: readonly [ResourceGroup, string, string][] = [
    [{ resources: [[server]] }, '5 1 delete-vm', 'all that names it'],
    [{ resources: [[volume]] }, '3 0 attach', 'undated ones too, which are never the last'],
    [{ resources: [[server], [volume]] }, '7 1 delete-vm', 'none twice'],
    [{ resources: [[server, volume]] }, '1 0 attach', 'only what names all parts of a composite id'],
    [{ resources: [] }, '0 0 -', 'nothing'],
    [{ resources: [['44444444-4444-4444-8444-444444444444']] }, '0 0 -', 'nothing of what is not known'],
    [
      { resources: [[server]], outsideSince: 0 },
      '2 0 rename',
      'no failure, no reading call, none of Terraform, none without agent',
    ],
    [{ resources: [[server]], outsideSince: minute(6) }, '1 0 rename', 'only later changes'],
    [{ resources: [[server]], outsideSince: minute(7) }, '0 0 -', 'not one of that very moment'],
    [
      { resources: [[network]], outsideSince: 0 },
      '1 0 update-network',
      'only what is about the resource, not what names it',
    ],
  ];

  it('are counted, each group for itself, and the last one is described', async () => {
    const history = await filled();
    const groups = cases.map(([group]) => group);
    for (const [index, text] of told(await history.activity(groups, always, noSignal)).entries()) {
      assert.equal(text, cases[index]?.[1], cases[index]?.[2]);
    }
    const [activity] = await history.activity([{ resources: [[network]] }], always, noSignal);
    assert.deepEqual(activity?.last, {
      time: minute(9),
      source: 'nova',
      action: 'update-network',
      outcome: 'success',
      method: 'PUT',
      userEmail: 'a@example.com',
      userId: 'u1',
      userAgent: browser,
    });
  });

  it('tell which action the last one was, where the log only says that it was one', async () => {
    const history = await workshop.local();
    for (const [n, action, request_body, expected] of [
      [1, 'vm-action', '{"resize":{"flavorRef":"x"}}', 'resize'],
      [2, 'action-volume', ' { "os-extend" : {}}', 'os-extend'],
      [3, 'unknown', '<BINARY_DATA>', 'unknown'],
      [4, '', '', ''],
      [5, 'update-vm', '{"server":{}}', 'update-vm'],
    ] as const) {
      await store(history, [record(n, { uri: `/v2.1/servers/${server}/action`, action, request_body })]);
      const [activity] = await history.activity([{ resources: [[server]] }], always, noSignal);
      assert.equal(activity?.last?.action, expected);
    }
  });

  it('are those within the range', async () => {
    const history = await filled();
    const range = { from: minute(3), to: minute(5) };
    assert.deepEqual(told(await history.activity([{ resources: [[server]] }], range, noSignal)), ['1 0 create-vm']);
  });

  it('are what a view of them holds, with a filter and in counts, too', async () => {
    const history = await filled();
    for (const [group, expected, why] of cases) {
      const view = { range: always, resources: [group] };
      assert.equal((await readAll(history, { view })).length, Number(expected.split(' ')[0]), why);
      const { days } = await history.counts(view, 'utc', noSignal);
      assert.equal(
        days.reduce((sum, { events }) => sum + events, 0),
        Number(expected.split(' ')[0]),
        why,
      );
    }
    const both = { range: always, resources: [{ resources: [[volume]] }, { resources: [[network]], outsideSince: 0 }] };
    assert.deepEqual(
      (await readAll(history, { view: both })).map(({ action }) => action),
      ['update-network', 'attach', 'update-volume', 'create-vm'],
    );
    const search = { type: 'compare', field: 'success', op: '=', value: 'no' } as const;
    const failed = { range: always, resources: [{ resources: [[server]] }], search };
    assert.deepEqual(
      (await readAll(history, { view: failed })).map(({ action }) => action),
      ['delete-vm'],
    );
  });

  it('are other ones when the numbers of events are given anew', async () => {
    const history = await filled();
    const outside = [{ resources: [[server]], outsideSince: 0 }];
    await history.activity(outside, always, noSignal);
    await history.clear();
    await store(history, [
      record(9, { uri: `/v2.0/networks/${network}`, method: 'PUT', user_agent: browser }),
      record(8, { uri: `/v2.0/networks/${network}`, method: 'PUT', user_agent: browser }),
      record(7, {
        uri: `/v2.0/networks/${network}`,
        method: 'PUT',
        user_agent: browser,
        request_body: `{"server_id":"${server}"}`,
      }),
    ]);
    assert.deepEqual(told(await history.activity(outside, always, noSignal)), ['0 0 -']);
  });

  it('say what a request changed, from what earlier events of the resource hold', async () => {
    const history = await workshop.local();
    const uri = `/v2.1/servers/${server}`;
    await store(history, [
      record(3, { uri, method: 'PUT', request_body: '{"server":{"name":"web-2","size":1}}' }),
      record(2, { uri, method: 'PUT', request_body: '{"server":{"name":"web-1"}}' }),
      record(1, { response_body: `{"server":{"id":"${server}","name":"web","size":1}}` }),
    ]);
    const { items } = await history.list({ view: { range: always }, limit: 1 }, noSignal);
    assert.deepEqual(await history.changes(items[0]?.key ?? ''), [
      { path: 'name', before: '"web-1"', after: '"web-2"' },
    ]);
    assert.deepEqual(await history.changes('none'), []);
  });

  it('can be given up', async () => {
    const history = await filled();
    const groups = Array.from({ length: 20_000 }, () => ({ resources: [[server]] }));
    const abort = new AbortController();
    const asked = history.activity(groups, always, abort.signal);
    abort.abort();
    await assert.rejects(asked, { name: 'AbortError' });
  });
});
