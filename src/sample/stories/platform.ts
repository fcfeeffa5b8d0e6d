import { createFloating } from '../network';
import { projectId, terraform } from '../people';
import { idOf } from '../random';
import { Tape } from '../tape';

/** The second `terraform apply`: what the services above the machines give. */
export function platform(): Tape {
  const tape = new Tape('platform').at(28.9).by(terraform);
  createBalancer(tape);
  createCluster(tape);
  createDatabase(tape);
  createZone(tape);
  createBackups(tape);
  return tape;
}

function createCluster(tape: Tape): void {
  const cluster = {
    name: 'k8s-1',
    cluster_template_id: idOf('template k8s'),
    keypair: 'deploy',
    master_count: 1,
    node_count: 2,
    master_flavor_id: 'STD3-4-8',
    labels: { kube_tag: 'v1.30.4', cluster_network: idOf('network app-net'), api_lb_fip: true },
  };
  tape.ok('magnum', 'create-cluster', 'POST /v1/clusters', cluster, { uuid: idOf('cluster k8s-1') });
  const group = { name: 'workers', node_count: 2, flavor_id: 'STD3-4-8', autoscaling_enabled: true, max_nodes: 6 };
  tape
    .wait(14)
    .ok(
      'magnum',
      'create-nodegroup',
      'POST /v1/nodegroups',
      { cluster_id: idOf('cluster k8s-1'), ...group },
      { uuid: idOf('node group workers') },
    );
}

function createDatabase(tape: Tape): void {
  const datastore = { type: 'postgresql', version: '15' };
  tape.ok(
    'dbaas',
    'create-instance',
    `POST /v1.0/${projectId}/instances`,
    {
      instance: {
        name: 'orders',
        flavorRef: 'STD2-4-8',
        datastore,
        volume: { size: 50, type: 'ceph-ssd' },
        nics: [{ 'net-id': idOf('network app-net') }],
        users: [{ name: 'orders', password: tape.random.password(20), databases: [{ name: 'orders' }] }],
        root_password: tape.random.password(20),
      },
    },
    { instance: { id: idOf('database orders'), name: 'orders', status: 'BUILD', datastore, volume: { size: 50 } } },
  );
}

function createZone(tape: Tape): void {
  const zone = { zone: 'example.test', soa_admin_email: 'dns@example.test', soa_expire: 1_209_600, soa_ttl: 10_800 };
  tape.ok('dns', 'create-zone', 'POST /v2/dns/', zone, { uuid: idOf('zone example.test'), ...zone });
  for (const [index, name] of ['web-1', 'web-2'].entries()) {
    const record = { name, ipv4: `203.0.113.${11 + index}`, ttl: 300 };
    tape.ok('dns', 'create-record', `POST /v2/dns/${idOf('zone example.test')}/a/`, record, {
      uuid: idOf(`record ${name}`),
      ...record,
    });
  }
}

function createBackups(tape: Tape): void {
  const plan = {
    name: 'nightly',
    provider_id: idOf('backup provider'),
    resources: [{ id: idOf('server db-1'), type: 'OS::Nova::Server', name: 'db-1' }],
    parameters: {},
  };
  tape.ok(
    'karbor',
    'create-plan',
    `POST /v1/${projectId}/plans`,
    { plan },
    { plan: { id: idOf('plan nightly'), ...plan } },
  );
  tape.ok(
    'karbor',
    'create-scheduled-operation',
    `POST /v1/${projectId}/scheduled_operations`,
    {
      scheduled_operation: {
        name: 'nightly',
        operation_type: 'retention_protect',
        trigger_id: idOf('trigger nightly'),
        operation_definition: { plan_id: idOf('plan nightly'), max_backups: '7' },
      },
    },
    { scheduled_operation: { id: idOf('operation nightly'), name: 'nightly', enabled: true } },
  );
}

const lbaas = 'POST /v2.0/lbaas';
const building = { provisioning_status: 'PENDING_CREATE', operating_status: 'OFFLINE', project_id: projectId };

function createBalancer(tape: Tape): void {
  const balancer = idOf('balancer web');
  const loadbalancer = { name: 'web', vip_subnet_id: idOf('subnet app-net'), admin_state_up: true };
  tape.ok(
    'octavia',
    'create-load-balancer',
    `${lbaas}/loadbalancers`,
    { loadbalancer },
    {
      loadbalancer: {
        id: balancer,
        ...loadbalancer,
        vip_port_id: idOf('port balancer'),
        vip_address: '10.0.1.5',
        ...building,
      },
    },
  );
  createFloating(tape.wait(2), idOf('floating balancer'), '203.0.113.5', idOf('port balancer'));
  const listener = { name: 'http', loadbalancer_id: balancer, protocol: 'HTTP', protocol_port: 80 };
  tape.ok(
    'octavia',
    'create-listener',
    `${lbaas}/listeners`,
    { listener },
    { listener: { id: idOf('listener http'), ...listener, ...building } },
  );
  createPool(tape);
  createPolicy(tape);
}

function createPool(tape: Tape): void {
  const pool = { name: 'web', listener_id: idOf('listener http'), protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };
  tape.ok(
    'octavia',
    'create-pool',
    `${lbaas}/pools`,
    { pool },
    { pool: { id: idOf('pool web'), ...pool, ...building } },
  );
  for (const [index, name] of ['web-1', 'web-2'].entries()) {
    const member = { name, address: `10.0.1.${11 + index}`, protocol_port: 8080, weight: 1 };
    tape.ok(
      'octavia',
      'create-member',
      `${lbaas}/pools/${idOf('pool web')}/members`,
      { member },
      { member: { id: idOf(`member ${name}`), ...member, ...building } },
    );
  }
}

function createPolicy(tape: Tape): void {
  const l7policy = {
    name: 'to-https',
    listener_id: idOf('listener http'),
    action: 'REDIRECT_TO_URL',
    redirect_url: 'https://shop.example.test/',
  };
  tape.ok(
    'octavia',
    'create-l7-policy',
    `${lbaas}/l7policies`,
    { l7policy },
    { l7policy: { id: idOf('policy to-https'), ...l7policy, ...building } },
  );
}
