import type { Json } from '../core/json/json';
import { projectId } from './people';
import { idOf } from './random';
import type { Tape } from './tape';

export const externalNetwork = idOf('network ext-net');

/** Neutron's answer to a create and to an update: the object, with what was asked for and its id. */
function answer(kind: string, id: string, asked: { readonly [key: string]: Json }): Json {
  return { [kind]: { id, status: 'ACTIVE', project_id: projectId, ...asked } };
}

/** `create-port`, `POST /v2.0/ports` and the like. */
export function create(
  tape: Tape,
  action: string,
  path: string,
  kind: string,
  id: string,
  asked: { readonly [key: string]: Json },
  more: { readonly [key: string]: Json } = {},
): void {
  tape.ok('neutron', action, `POST /v2.0/${path}`, { [kind]: asked }, answer(kind, id, { ...asked, ...more }));
}

export function update(
  tape: Tape,
  action: string,
  path: string,
  kind: string,
  id: string,
  asked: { readonly [key: string]: Json },
): void {
  tape.ok('neutron', action, `PUT /v2.0/${path}/${id}`, { [kind]: asked }, answer(kind, id, asked));
}

export function remove(tape: Tape, action: string, path: string, id: string): void {
  tape.ok('neutron', action, `DELETE /v2.0/${path}/${id}`);
}

export function createPort(tape: Tape, id: string, name: string, address: string, device = ''): void {
  create(
    tape,
    'create-port',
    'ports',
    'port',
    id,
    {
      name,
      network_id: idOf('network app-net'),
      admin_state_up: true,
      fixed_ips: [{ subnet_id: idOf('subnet app-net'), ip_address: address }],
    },
    { device_id: device, mac_address: `fa:16:3e:${tape.random.hex(2)}:${tape.random.hex(2)}:${tape.random.hex(2)}` },
  );
}

export function createGroup(tape: Tape, id: string, name: string, description: string): void {
  create(tape, 'create-security-group', 'security-groups', 'security_group', id, { name, description });
}

export function createRule(tape: Tape, id: string, group: string, port: number, from = '0.0.0.0/0'): void {
  create(tape, 'create-security-group-rule', 'security-group-rules', 'security_group_rule', id, {
    security_group_id: group,
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol: 'tcp',
    port_range_min: port,
    port_range_max: port,
    remote_ip_prefix: from,
  });
}

export function deleteRule(tape: Tape, id: string): void {
  remove(tape, 'delete-security-group-rule', 'security-group-rules', id);
}

export function createFloating(tape: Tape, id: string, address: string, port: string | null = null): void {
  create(
    tape,
    'create-floating-ip',
    'floatingips',
    'floatingip',
    id,
    { floating_network_id: externalNetwork, port_id: port },
    { floating_ip_address: address, fixed_ip_address: null, router_id: idOf('router main') },
  );
}

/** To a port, or away from any with null. */
export function moveFloating(tape: Tape, id: string, port: string | null): void {
  update(tape, 'update-floating-ip', 'floatingips', 'floatingip', id, { port_id: port });
}

export function deleteFloating(tape: Tape, id: string): void {
  remove(tape, 'delete-floating-ip', 'floatingips', id);
}

export function refuse(tape: Tape, action: string, call: string, type: string, text: string, request?: Json): void {
  tape.no('neutron', action, call, request, { NeutronError: { type, message: text, detail: '' } });
}
