import { act, createServer, deleteServer, openConsole, refuseAct, updateServer } from '../compute';
import { create, createGroup, createPort, createRule, deleteRule, refuse, remove, update } from '../network';
import { ivan, ivanConsole, olga, olgaBrowser } from '../people';
import { idOf } from '../random';
import { actOnVolume, createSnapshot, createVolume, deleteSnapshot, deleteVolume } from '../storage';
import { Tape } from '../tape';

/** What people do between two tasks: look at a screen, open a port for an hour, try a machine. */
export function people(): Tape {
  const tape = new Tape('people');
  const { random } = tape;
  createGroup(tape.at(28.2).by(olga), idOf('group trial'), 'trial', '');
  for (let day = 27; day >= 1; day--) {
    const who = random.pick([ivan, ivanConsole, olga, olgaBrowser]);
    const server = idOf(`server ${random.pick(['web-1', 'web-2', 'db-1'])}`);
    tape.at(day - random.int(1, 9) / 24).by(who);
    openConsole(tape, server);
    const rule = random.uuid();
    createRule(tape.wait(6), rule, idOf('group trial'), random.pick([22, 8080, 3000, 9090]), '198.51.100.7/32');
    if (random.chance(0.3))
      refuse(
        tape,
        'create-security-group-rule',
        'POST /v2.0/security-group-rules',
        'SecurityGroupRuleExists',
        `Security group rule already exists. Rule id is ${rule}.`,
        {
          security_group_rule: { security_group_id: idOf('group trial'), direction: 'ingress', protocol: 'tcp' },
        },
      );
    deleteRule(tape.wait(random.int(20, 80)), rule);
    if (day % 2) tryMachine(tape);
    if (day % 3 === 0) tryDisk(tape);
    if (day % 5 === 0) updateServer(tape, idOf('server web-2'), 'web-2', `Second web server, looked at by hand ${day}`);
  }
  vpn(tape);
  return tape;
}

function tryMachine(tape: Tape): void {
  const { random } = tape;
  const [id, port] = [random.uuid(), random.uuid()];
  const name = `try-${random.hex(4)}`;
  createPort(tape.wait(5), port, name, `10.0.1.${random.int(70, 99)}`);
  createServer(tape, { id, name, flavor: 'STD2-2-4', port, group: 'trial' });
  act(tape.wait(25), id, { changePassword: { adminPass: random.password() } });
  if (random.chance(0.5))
    refuseAct(tape, id, { 'os-start': null }, 409, `Cannot 'start' instance ${id} while it is in vm_state active`);
  deleteServer(tape.wait(50), id);
  remove(tape, 'delete-port', 'ports', port);
}

function tryDisk(tape: Tape): void {
  const { random } = tape;
  const [volume, snapshot] = [random.uuid(), random.uuid()];
  const name = `scratch-${random.hex(4)}`;
  createVolume(tape.wait(3), volume, name, 10);
  createSnapshot(tape, snapshot, volume, name, 10);
  actOnVolume(tape, volume, { 'os-update_readonly_flag': { readonly: true } });
  deleteSnapshot(tape.wait(40), snapshot);
  deleteVolume(tape, volume);
}

/** A tunnel whose shared key is a secret in the request and in the answer. */
function vpn(tape: Tape): void {
  const { random } = tape;
  const connection = random.uuid();
  const asked = {
    name: 'office',
    peer_address: '198.51.100.1',
    peer_id: '198.51.100.1',
    psk: random.password(24),
    vpnservice_id: idOf('vpn office'),
    initiator: 'bi-directional',
  };
  create(
    tape.at(22.3).by(ivan),
    'create-vpn-connection',
    'vpn/ipsec-site-connections',
    'ipsec_site_connection',
    connection,
    asked,
  );
  update(tape.at(1.7), 'update-vpn-connection', 'vpn/ipsec-site-connections', 'ipsec_site_connection', connection, {
    psk: random.password(24),
  });
}
