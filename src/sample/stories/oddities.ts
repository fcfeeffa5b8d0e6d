import { idOf } from '../random';
import { ivan, olga, olgaBrowser, projectId } from '../people';
import { Tape } from '../tape';

/** What a real log holds too: unknown actions, sources without a name, answers cut off or no JSON at all, odd paths. */
export function oddities(): Tape {
  const tape = new Tape('oddities');
  const web = idOf('server web-2');
  addUnknown(tape, web);
  addCutOff(tape, web);
  addRefused(tape);
  addOther(tape);
  return tape;
}

function addUnknown(tape: Tape, web: string): void {
  for (let i = 0; i < 6; i++) {
    tape
      .at(27.1 - i * 4.4)
      .by(i % 2 ? olga : ivan)
      .ok('new', 'vm-action', `POST /v2.1/servers/${web}/action`, '{}', '{}')
      .ok('nova', 'unknown', `PUT /v2.1/servers/${web}/metadata/owner`, { meta: { owner: i % 2 ? 'olga' : 'ivan' } })
      .ok('', 'unknown', `GET /v1/${projectId}/reports/${1000 + i}`, '', 'accepted');
  }
}

function addCutOff(tape: Tape, web: string): void {
  tape.at(23.7).by(olgaBrowser);
  tape.ok(
    'nova',
    'update-vm-metadata',
    `POST /v2.1/servers/${web}/metadata`,
    `{"metadata": {"note": "${'long text, '.repeat(90)}`,
    `{"metadata": {"note": "${'long text, '.repeat(60)}`,
  );
  tape.no(
    'nova',
    'vm-action',
    `POST /v2.1/servers/${web}/action`,
    '{"createImage": {"name": "web-2 before',
    '504 Gateway Time-out',
  );
  tape.no(
    'cinder',
    'unknown',
    `POST /v3/${projectId}/volumes/${idOf('volume db-data')}/action`,
    { 'os-retype': { new_type: 'high-iops', migration_policy: 'on-demand' } },
    '<html><body><h1>503 Service Unavailable</h1>No server is available to handle this request.</body></html>',
  );
  tape.no(
    'cinder',
    'create-volume',
    `POST /v3/${projectId}/volumes`,
    { volume: { name: 'archive', size: 4000, volume_type: 'ceph-hdd' } },
    {
      overLimit: {
        code: 413,
        message: 'VolumeSizeExceedsAvailableQuota: requested 4000G, quota is 2000G and 940G are used',
        retryAfter: '0',
      },
    },
  );
}

function addRefused(tape: Tape): void {
  tape
    .at(9.3)
    .by(ivan)
    .no('neutron', 'delete-network', `DELETE /v2.0/networks/${idOf('network app-net')}`, undefined, {
      NeutronError: {
        type: 'NetworkInUse',
        message: `Unable to complete operation on network ${idOf('network app-net')}. There are one or more ports in use on the network.`,
        detail: '',
      },
    })
    .no('glance', 'upload-image', `PUT /v2/images/${idOf('image broken')}/file`, '<BINARY_DATA>', '410 Gone');
}

function addOther(tape: Tape): void {
  const { random } = tape;
  tape
    .ok('nova', 'update-quota', `PUT /v2.1/os-quota-sets/${projectId}?token=${random.password(32)}&force=1`, {
      quota_set: { cores: 40, instances: 20, ram: 163_840, force: true },
    })
    .no(
      'iam',
      'create-user',
      'POST /v3/users',
      { user: { name: 'guest', password: random.password(), domain_id: 'users' } },
      {
        error: {
          code: 403,
          title: 'Forbidden',
          message: 'You are not authorized to perform the requested action: identity:create_user.',
        },
      },
    )
    .ok(
      'dns',
      'create-record',
      `POST /v2/dns/${idOf('zone example.test')}/txt/`,
      { name: 'пример', content: 'v=проверка — ✓ 🚀', ttl: 60 },
      {
        uuid: random.uuid(),
        name: 'пример',
        content: 'v=проверка — ✓ 🚀',
      },
    );
}
