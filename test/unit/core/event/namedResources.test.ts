import assert from 'node:assert/strict';
import { namedResources } from '../../../../src/core/event/namedResources';

const [a, b, c, d] = [1, 2, 3, 4].map((n) => `aaaaaaaa-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
  string,
  string,
];

describe('namedResources', () => {
  for (const [name, event, expected] of [
    [
      'path and keys',
      {
        method: 'POST',
        uri: `/v2.1/servers/${a}/os-volume_attachments`,
        request_body: `{"volumeAttachment":{"volumeId":"${b}"}}`,
      },
      [
        [a, 'server'],
        [b, 'volume'],
      ],
    ],
    [
      'what was created, its owners and lists',
      {
        method: 'POST',
        uri: '/v2.1/servers',
        request_body: `{"server":{"imageRef":"${b}","networks":[{"uuid":"${c}","port":"${d}"}]}}`,
        response_body: `{"server":{"id":"${a}"}}`,
      },
      [
        [a, 'server'],
        [b, 'image'],
        [c, 'network'],
        [d, 'port'],
      ],
    ],
    [
      'names with a prefix',
      {
        method: 'GET',
        uri: `/v2.1/servers/${a}`,
        response_body: `{"server":{"id":"${a}","os-extended-volumes:volumes_attached":[{"id":"${b}"}]}}`,
      },
      [
        [a, 'server'],
        [b, 'volume'],
      ],
    ],
    [
      'no kind where nothing tells',
      { method: 'PUT', uri: `/v9/things/${a}`, request_body: `{"device_id":"${b}"` },
      [
        [a, undefined],
        [b, undefined],
      ],
    ],
    ['nothing', { method: 'GET', uri: '/' }, []],
  ] as const) {
    it(`finds ${name}`, () =>
      assert.deepEqual(
        namedResources(event).map(({ id, kind }) => [id, kind]),
        expected,
      ));
  }

  it('reads what is nested ten thousand deep', () => {
    const request_body = `${'['.repeat(10_000)}{"port_id":"${b}"}${']'.repeat(10_000)}`;
    const found = namedResources({ method: 'PUT', uri: `/v2.0/ports/${a}`, request_body });
    assert.deepEqual(found, [
      { id: a, kind: 'port' },
      { id: b, kind: 'port' },
    ]);
  });
});
