import { attachVolume, createKeypair, createServer, ubuntu } from '../compute';
import { create, createFloating, createGroup, createPort, createRule, externalNetwork } from '../network';
import { projectId, terraform } from '../people';
import { idOf } from '../random';
import { createVolume } from '../storage';
import { Tape } from '../tape';

const boot = (role: string) =>
  `#cloud-config\nhostname: ${role}\nwrite_files:\n  - path: /etc/app.env\n    content: DB_PASSWORD=${new Tape(role).random.password()}\n`;

/** The first `terraform apply`: network, machines, disks, addresses. Its ids are those of the sample's state file. */
export function foundation(): Tape {
  const tape = new Tape('foundation').at(29.3).by(terraform);
  createNetworks(tape);
  createGroups(tape);
  createWebServers(tape);
  createDatabaseServer(tape);
  return tape;
}

function createNetworks(tape: Tape): void {
  const network = idOf('network app-net');
  const subnet = idOf('subnet app-net');
  const router = idOf('router main');
  create(tape, 'create-network', 'networks', 'network', network, { name: 'app-net', admin_state_up: true });
  create(tape, 'create-subnet', 'subnets', 'subnet', subnet, {
    name: 'app-subnet',
    network_id: network,
    ip_version: 4,
    cidr: '10.0.1.0/24',
    dns_nameservers: ['198.51.100.53'],
  });
  create(tape, 'create-router', 'routers', 'router', router, {
    name: 'main',
    admin_state_up: true,
    external_gateway_info: { network_id: externalNetwork },
  });
  tape.ok(
    'neutron',
    'add-router-interface',
    `PUT /v2.0/routers/${router}/add_router_interface`,
    { subnet_id: subnet },
    { id: router, subnet_id: subnet, port_id: idOf('port router'), tenant_id: projectId },
  );
}

function createGroups(tape: Tape): void {
  createGroup(tape, idOf('group web'), 'web', 'HTTP and HTTPS from anywhere');
  createRule(tape, idOf('rule web 80'), idOf('group web'), 80);
  createRule(tape, idOf('rule web 443'), idOf('group web'), 443);
  createGroup(tape, idOf('group db'), 'db', 'PostgreSQL from the application network');
  createRule(tape, idOf('rule db 5432'), idOf('group db'), 5432, '10.0.1.0/24');
  createKeypair(tape, 'deploy', true);
  tape.ok(
    'nova',
    'server-groups-create',
    'POST /v2.1/os-server-groups',
    { server_group: { name: 'web', policies: ['soft-anti-affinity'] } },
    { server_group: { id: idOf('server group web'), name: 'web', policies: ['soft-anti-affinity'], members: [] } },
  );
}

function createWebServers(tape: Tape): void {
  for (const [index, name] of ['web-1', 'web-2'].entries()) {
    createPort(tape, idOf(`port ${name}`), name, `10.0.1.${11 + index}`);
    createServer(tape, {
      id: idOf(`server ${name}`),
      name,
      flavor: 'STD2-2-4',
      port: idOf(`port ${name}`),
      group: 'web',
      key: 'deploy',
      image: ubuntu,
      zone: index === 0 ? 'MS1' : 'GZ1',
      boot: boot(name),
    });
    createFloating(tape, idOf(`floating ${name}`), `203.0.113.${11 + index}`, idOf(`port ${name}`));
  }
}

function createDatabaseServer(tape: Tape): void {
  createPort(tape, idOf('port db-1'), 'db-1', '10.0.1.21');
  createServer(tape, {
    id: idOf('server db-1'),
    name: 'db-1',
    flavor: 'STD4-8-16',
    port: idOf('port db-1'),
    group: 'db',
    key: 'deploy',
    disk: 40,
    boot: boot('db-1'),
  });
  for (const [name, size, device] of [
    ['data', 100, '/dev/vdb'],
    ['logs', 50, '/dev/vdc'],
  ] as const) {
    createVolume(tape, idOf(`volume db-${name}`), `db-${name}`, size);
    attachVolume(tape, idOf('server db-1'), idOf(`volume db-${name}`), device);
  }
}
