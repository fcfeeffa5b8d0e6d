import assert from 'node:assert/strict';
import type { Related } from '../../../../src/protocol/panel';
import { noSignal, record, store, Workshop } from '../fixture';

const shown = { redact: true, zone: 'utc' } as const;

describe('what is related to an event', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  async function related(records: readonly object[], key: string): Promise<Related> {
    const history = await workshop.local();
    await store(history, records);
    return history.related(key, shown, noSignal);
  }
  const keysOf = ({ groups }: Related, kind: string): string[] | undefined =>
    groups.find((group) => group.kind === kind)?.events.map(({ key }) => key);

  const at = (event_id: string, timestamp: string, changes: object = {}): object =>
    record(1, { event_id, timestamp, uri: `/v2.1/servers/${event_id}`, ...changes });

  it('are the events of its request, however far away', async () => {
    const request_id = 'req-same';
    const found = await related(
      [
        at('late', '2026-11-20T10:00:00Z', { request_id }),
        at('other', '2026-11-01T10:01:00Z', { request_id: 'req-other' }),
        at('this', '2026-11-01T10:00:00Z', { request_id }),
        at('early', '2025-03-01T10:00:00Z', { request_id }),
        at('undated', 'never', { request_id }),
      ],
      'this',
    );
    assert.deepEqual(keysOf(found, 'request'), ['late', 'early', 'undated']);
    assert.equal(found.groups.find(({ kind }) => kind === 'request')?.total, 3);
  });

  it('are those of the same user within ten minutes', async () => {
    const found = await related(
      [
        at('after', '2026-11-01T10:10:00Z'),
        at('this', '2026-11-01T10:00:00Z', { request_id: '' }),
        at('somebody', '2026-11-01T09:59:00Z', { user_id: 'u2' }),
        at('before', '2026-11-01T09:50:00Z'),
        at('long before', '2026-11-01T09:49:59Z'),
      ],
      'this',
    );
    assert.deepEqual(keysOf(found, 'user'), ['after', 'before']);
    assert.equal(keysOf(found, 'request'), undefined);
  });

  it('are those of its request alone where nobody knows when it was', async () => {
    const found = await related(
      [at('dated', '2026-11-01T10:00:00Z', { request_id: 'r' }), at('this', 'never', { request_id: 'r' })],
      'this',
    );
    assert.deepEqual(
      found.groups.map(({ kind, events }) => [kind, events.map(({ key }) => key)]),
      [['request', ['dated']]],
    );
  });

  it('are the attempts of the same call; to one address goes more than one kind of action', async () => {
    const uri = '/v2.1/servers/s1/action';
    const call = (event_id: string, minute: number, what: string, success: string): object =>
      at(event_id, `2026-11-01T10:0${minute}:00Z`, {
        uri,
        success,
        request_body: `{"${what}": null}`,
        user_id: event_id,
      });
    const found = await related(
      [
        call('done', 5, 'os-stop', 'yes'),
        call('between', 4, 'os-start', 'no'),
        call('this', 3, 'os-stop', 'no'),
        call('before', 2, 'os-stop', 'no'),
        call('long done', 1, 'os-stop', 'yes'),
      ],
      'this',
    );
    assert.deepEqual(keysOf(found, 'retry'), ['before', 'done']);
  });
});
