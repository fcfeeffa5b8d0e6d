import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { objects } from '../../../../src/core/narrative/calls/objects';
import { fieldText, type ActivityEvent } from '../../../../src/core/event/event';
import { maxRead, narrateEvent } from '../../../../src/core/narrative/eventStory';
import { format } from '../../../../src/core/base/message';
import { mask } from '../../../../src/core/redact/redact';
import { sampleEvents } from '../../../../src/sample/sampleEvents';
import { cpuTime } from '../../cpuTime';

const russian = JSON.parse(readFileSync('l10n/bundle.l10n.ru.json', 'utf8')) as Record<string, string>;

const server = 'c6be7a10-1f7c-4f8e-9d0a-2b6f0e5a7d11';
const other = '0d1dc624-e134-48d2-84cd-155b774fe6c8';
const project = 'b5b7ffd4ef0547e5b222f44500000000';

function call(
  source: string,
  line: string,
  request: unknown = '',
  response: unknown = '',
  success = 'yes',
): ActivityEvent {
  const [method = '', uri = ''] = line.split(' ');
  const text = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));
  return {
    source,
    action: 'unknown',
    success,
    method,
    uri,
    request_body: text(request),
    response_body: text(response),
  };
}

const act = (request: unknown, success?: string): ActivityEvent =>
  call('nova', `POST /v2.1/servers/${server}/action`, request, '', success);

const say = (event: ActivityEvent): string => format(narrateEvent(event).sentence);
const sayInRussian = (event: ActivityEvent): string => format(narrateEvent(event).sentence, russian);

describe('narrateEvent', () => {
  const cases: readonly (readonly [event: ActivityEvent, english: string, russian: string])[] = [
    [
      act({ addFloatingIp: { address: '95.163.1.2' } }),
      'Attached floating IP 95.163.1.2 to server c6be7a10…',
      'Плавающий IP 95.163.1.2 подключён к серверу c6be7a10…',
    ],
    [
      act({ addFloatingIp: { address: '95.163.1.2' } }, 'no'),
      'Tried to attach floating IP 95.163.1.2 to server c6be7a10…',
      'Не удалось подключить плавающий IP 95.163.1.2 к серверу c6be7a10…',
    ],
    [
      act({ addFloatingIp: { address: '95.163.1.2' } }, ''),
      'Asked to attach floating IP 95.163.1.2 to server c6be7a10… (outcome not stated)',
      'Запрошено: подключить плавающий IP 95.163.1.2 к серверу c6be7a10… (результат не указан)',
    ],
    [
      act({ resize: { flavorRef: 'STD4-8' } }),
      'Resized server c6be7a10… to flavor STD4-8',
      'Конфигурация сервера c6be7a10… изменена на STD4-8',
    ],
    [
      act({ resize: { flavorRef: 'https://nova.example.test/flavors/STD4-8' } }),
      'Resized server c6be7a10… to flavor STD4-8',
      'Конфигурация сервера c6be7a10… изменена на STD4-8',
    ],
    [
      act({ resize: {} }),
      'Resized server c6be7a10… to flavor (not stated)',
      'Конфигурация сервера c6be7a10… изменена на (не указано)',
    ],
    [act('{"resize":{"flavorRef":"STD4'), 'Resized server c6be7a10… to flavor (not stated)', ''],
    [act({ reboot: { type: 'HARD' } }), 'Rebooted server c6be7a10… (HARD)', 'Сервер c6be7a10… перезагружен (HARD)'],
    [act({ reboot: null }), 'Rebooted server c6be7a10…', 'Сервер c6be7a10… перезагружен'],
    [act({ lock: { locked_reason: 'ask\nolga' } }), 'Locked server c6be7a10…: ask olga', ''],
    [
      act({ changePassword: { adminPass: 'hunter2' } }),
      'Set a new administrator password on server c6be7a10…',
      'Задан новый пароль администратора на сервере c6be7a10…',
    ],
    [act({ 'os-getVNCConsole': { type: 'novnc' } }), 'Opened a VNC console of server c6be7a10…', ''],
    [act({ somethingNew: null }), `Called POST /v2.1/servers/${server}/action`, ''],
    [act(''), `Called POST /v2.1/servers/${server}/action`, `Выполнен вызов POST /v2.1/servers/${server}/action`],
    [act('<BINARY_DATA>', 'no'), `Tried to call POST /v2.1/servers/${server}/action`, ''],
    [
      call(
        'nova',
        'POST /v2.1/servers',
        { server: { name: 'web-3' } },
        { server: { id: server, adminPass: 'hunter2' } },
      ),
      'Created server web-3',
      'Создан сервер web-3',
    ],
    [
      call('nova', 'POST /v2.1/servers', { server: { name: 'web-3' }, 'os:scheduler_hints': { group: other } }),
      'Created server web-3',
      '',
    ],
    [
      call('nova', 'POST /v2.1/servers', { server: { name: 'web', min_count: 2, max_count: 3 } }),
      'Created servers web (count: 2–3)',
      'Созданы серверы web (количество: 2–3)',
    ],
    [call('nova', 'POST /v2.1/servers', '', { server: { id: server } }), 'Created server c6be7a10…', ''],
    [
      call('nova', 'POST /v2.1/servers', '', { forbidden: { message: 'no', name: 'x' } }, 'no'),
      'Tried to create server',
      'Не удалось создать сервер',
    ],
    [call('nova', `DELETE /v2.1/servers/${server}?force=1`), 'Deleted server c6be7a10…', 'Удалён сервер c6be7a10…'],
    [
      call(
        'nova',
        `PUT /v2.1/servers/${server}`,
        { server: { name: 'b', x: 1 } },
        { server: { id: server, name: 'b' } },
      ),
      'Updated server b: name, x',
      'Изменён сервер b: name, x',
    ],
    [
      call('nova', `PUT /v2.1/servers/${server}`, { server: { name: 'b' } }, { conflict: { message: 'busy' } }, 'no'),
      'Tried to update server c6be7a10…: name',
      'Не удалось изменить сервер c6be7a10…: name',
    ],
    [
      call('nova', `DELETE /v2.1/servers/${server}/os-volume_attachments/${other}`),
      'Detached volume 0d1dc624… from server c6be7a10…',
      'Диск 0d1dc624… отключён от сервера c6be7a10…',
    ],
    [
      call('nova', `PUT /v2.1/servers/${server}/tags`, { tags: ['a', 'b', 'c', 'd', 'e'] }),
      'Replaced the tags of server c6be7a10…: a, b, c, d…',
      '',
    ],
    [call('nova', 'DELETE /v2.1/os-keypairs/my%20key'), 'Deleted key pair my key', 'Удалена ключевая пара my key'],
    [
      call('nova', `PUT /v2.1/os-quota-sets/${project}`, { quota_set: { cores: 40, ram: 9 } }),
      'Set compute quotas of project b5b7ffd4…: cores 40, ram 9',
      '',
    ],
    [
      call('neutron', 'POST /v2.0/security-groups', { security_group: { name: 'web' } }, '', 'no'),
      'Tried to create security group web',
      'Не удалось создать группу безопасности web',
    ],
    [
      call('neutron', 'POST /v2.0/security-group-rules', {
        security_group_rule: {
          security_group_id: other,
          direction: 'ingress',
          ethertype: 'IPv4',
          protocol: 'tcp',
          port_range_min: 80,
          port_range_max: 443,
          remote_ip_prefix: '0.0.0.0/0',
        },
      }),
      'Added a rule to security group 0d1dc624…: ingress, IPv4, tcp, 80–443, 0.0.0.0/0',
      'В группу безопасности 0d1dc624… добавлено правило: ingress, IPv4, tcp, 80–443, 0.0.0.0/0',
    ],
    [
      call('neutron', 'POST /v2.0/ports', { ports: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }),
      'Created port a and 2 more',
      'Созданы порт a и ещё 2',
    ],
    [
      call('neutron', `PUT /v2.0/floatingips/${other}`, { floatingip: { port_id: null } }),
      'Untied floating IP 0d1dc624… from its port',
      'Плавающий IP 0d1dc624… отвязан от порта',
    ],
    [
      call(
        'neutron',
        `PUT /v2.0/floatingips/${other}`,
        { floatingip: { port_id: server } },
        {
          floatingip: { id: other, floating_ip_address: '95.163.1.2' },
        },
      ),
      'Tied floating IP 95.163.1.2 to port c6be7a10…',
      '',
    ],
    [
      call('neutron', `PUT /v2.0/routers/${other}/add_router_interface`, { subnet_id: server }),
      'Connected router 0d1dc624… to subnet c6be7a10…',
      'Маршрутизатор 0d1dc624… подключён к подсети c6be7a10…',
    ],
    [
      call('neutron', `DELETE /v2.0/qos/policies/${server}/dscp_marking_rules/${other}`),
      'Deleted DSCP marking rule 0d1dc624… of QoS policy c6be7a10…',
      'Удалено правило маркировки DSCP 0d1dc624… политики QoS c6be7a10…',
    ],
    [
      call('cinder', `POST /v3/${project}/volumes/${other}/action`, { 'os-extend': { new_size: 150 } }),
      'Extended volume 0d1dc624… to 150 GB',
      'Диск 0d1dc624… увеличен до 150 ГБ',
    ],
    [
      call('cinder', `POST /v3/${project}/backups`, { backup: { name: 'daily', volume_id: other } }),
      'Created backup daily of volume 0d1dc624…',
      'Создана резервная копия daily диска 0d1dc624…',
    ],
    [
      call('trove', `DELETE /v1.0/${project}/backups/${other}`),
      'Deleted database backup 0d1dc624…',
      'Удалена резервная копия БД 0d1dc624…',
    ],
    [
      call('glance', `PATCH /v2/images/${other}`, [{ op: 'replace', path: '/min_disk', value: 20 }]),
      'Updated image 0d1dc624…: min_disk',
      'Изменён образ 0d1dc624…: min_disk',
    ],
    [call('glance', `PUT /v2/images/${other}/file`, '<BINARY_DATA>'), 'Uploaded the data of image 0d1dc624…', ''],
    [
      call('octavia', `DELETE /v2.0/lbaas/loadbalancers/${other}?cascade=true`),
      'Deleted load balancer 0d1dc624… with all it holds',
      '',
    ],
    [call('octavia', `DELETE /v2.0/lbaas/loadbalancers/${other}`), 'Deleted load balancer 0d1dc624…', ''],
    [
      call('magnum', `POST /v1/clusters/${other}/actions/resize`, { node_count: 5 }),
      'Resized cluster 0d1dc624… to 5 nodes',
      'Число узлов кластера 0d1dc624… изменено на 5',
    ],
    [
      call('karbor', `POST /v1/${project}/plans`, { plan: { name: 'nightly' } }),
      'Created backup plan nightly',
      'Создан план резервного копирования nightly',
    ],
    [
      call('dbaas', `POST /v1.0/${project}/instances/${other}/users`, {
        users: [{ name: 'app', password: 'hunter2' }],
      }),
      'Created user app on database instance 0d1dc624…',
      'На инстансе БД 0d1dc624… создан пользователь app',
    ],
    [
      call('manila', `POST /v2/${project}/shares`, { share: { name: 'files', size: 5, share_proto: 'NFS' } }),
      'Created share files of 5 GB (NFS)',
      'Создано файловое хранилище files на 5 ГБ (NFS)',
    ],
    [
      call('iam', `PUT /v3/projects/${project}/users/${other}/roles/${server}`),
      'Gave user 0d1dc624… role c6be7a10… in project b5b7ffd4…',
      '',
    ],
    [
      call('dns', `DELETE /v2/dns/${other}/a/${server}`),
      'Deleted DNS record c6be7a10…',
      'Удалена запись DNS c6be7a10…',
    ],
    // A component nobody knows: the path counts where all services understand it the same way.
    [call('new', `POST /v2.1/servers/${server}/action`, { 'os-stop': null }), 'Stopped server c6be7a10…', ''],
    [call('new', `DELETE /v2/snapshots/${other}`), `Called DELETE /v2/snapshots/${other}`, ''],
    [call('nova', 'POST /v9/teapots', { teapot: { name: 'a' } }), 'Called POST /v9/teapots', ''],
    [call('nova', 'GET /v2.1/teapots?token=hunter2'), `Called GET /v2.1/teapots?token=${mask}`, ''],
    [
      { action: 'create-load-balancer', success: 'yes', request_body: '{"loadbalancer":{"name":"web"}}' },
      'Created load balancer web',
      '',
    ],
    [{ action: 'keypair-delete', success: 'no' }, 'Tried to delete key pair', 'Не удалось удалить ключевую пару'],
    [{ action: 'vm-action', success: 'yes' }, 'Called', 'Выполнен вызов'],
  ];
  for (const [event, english, translated] of cases) {
    it(english, () => {
      assert.equal(say(event), english);
      if (translated !== '') assert.equal(sayInRussian(event), translated);
    });
  }

  it('names what masks hide nowhere', () => {
    const secret = 'Zq7hunter2hunter2';
    const hidden = [
      call('nova', 'POST /v2.1/servers', { server: { adminPass: secret, password: secret } }),
      call('nova', `PUT /v2.1/servers/${server}/metadata/x?token=${secret}`, { meta: { password: secret } }),
      call('nova', `POST /v2.1/servers/${server}/action`, { lock: { locked_reason: `password: ${secret}` } }),
      call('dbaas', `PUT /v1.0/${project}/instances/${other}/users`, { users: [{ name: 'a', password: secret }] }),
      call('new', `POST /v1/x?token=${secret}`),
    ];
    for (const event of hidden) assert.ok(!JSON.stringify(narrateEvent(event)).includes(secret), say(event));
  });

  it('takes any record', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom(
        '{"server":null}',
        '[]',
        '{"servers":[null]}',
        '[[',
        '{"a":{"__proto__":{"name":5}}}',
        'POST',
        '/v2.1/servers',
      ),
    );
    const record = fc.dictionary(
      fc.constantFrom('source', 'action', 'success', 'method', 'uri', 'request_body', 'response_body'),
      fc.oneof(text, fc.jsonValue(), fc.constantFrom('nova', 'yes', 'no', 'PUT', `/v2.1/servers/${server}`)),
    );
    fc.assert(
      fc.property(record, (event) => {
        const said = say(event as ActivityEvent);
        assert.ok(said.length < 2000 && !said.includes('\n'), said);
      }),
      { numRuns: 500 },
    );
  });

  it('reads only the beginning of what is large', () => {
    const first = '{"ports":[{"name":"first"}';
    const long = `${first}${',{"name":"x","token":"hunter2"}'.repeat(200_000)}]}`;
    assert.ok(long.length > 5_000_000 && first.length < maxRead);
    const event = call('neutron', 'POST /v2.0/ports', long, long);
    assert.equal(say(event), 'Created port first and more');
    const start = cpuTime();
    for (let turn = 0; turn < 20; turn++) narrateEvent(event);
    // Some 2 ms each; reading the whole takes 100 ms.
    assert.ok(cpuTime() - start < 2000);
  });

  it('knows nearly every call of the sample project, and says all there is to say', () => {
    const events = sampleEvents(Date.UTC(2026, 10, 22));
    const unknown = events.filter((event) => !narrateEvent(event).known);
    assert.ok(unknown.length < events.length / 50, `${unknown.length} of ${events.length}`);
    for (const event of unknown) assert.match(fieldText(event, 'uri'), /reports|\/action$/);
    for (const event of events) {
      for (const said of [say(event), sayInRussian(event)]) assert.ok(!/[{}]|  |undefined/.test(said), said);
    }
  });

  it('bends every thing in Russian', () => {
    for (const thing of Object.values(objects).flatMap((collections) => Object.values(collections))) {
      assert.match(russian[thing.template] ?? '', /^[mfnp]\|/, thing.template);
    }
  });
});
