import {
  act,
  attachVolume,
  createServer,
  deleteServer,
  detachVolume,
  failServer,
  openConsole,
  resize,
} from '../compute';
import { createFloating, createGroup, createPort, createRule, deleteFloating, refuse, remove } from '../network';
import { ivan, ivanConsole, olga } from '../people';
import { idOf } from '../random';
import { createVolume, deleteVolume } from '../storage';
import { Tape } from '../tape';

/** A machine from its first failed start to its end. */
export function apiServer(): Tape {
  const tape = new Tape('api server').at(18.6).by(ivan);
  const id = idOf('server api-1');
  const port = idOf('port api-1');
  const spec = { name: 'api-1', flavor: 'STD2-2-4', port, key: 'deploy', zone: 'GZ1' };
  createPort(tape, port, 'api-1', '10.0.1.41');
  failServer(tape, { ...spec, flavor: 'STD2-2-3' }, 'badRequest', 400, 'Flavor STD2-2-3 could not be found.');
  createServer(tape.wait(2), { ...spec, id });
  createVolume(tape.wait(3), idOf('volume api-data'), 'api-data', 30, 'GZ1');
  attachVolume(tape, id, idOf('volume api-data'));
  resize(tape.at(17.9), id, 'STD4-8-16');
  resize(tape.at(14.2).by(olga), id, 'STD8-16-32');
  createGroup(tape.at(14.1).by(ivanConsole), idOf('group api'), 'api', '');
  createRule(tape, idOf('rule api 8443'), idOf('group api'), 8443, '198.51.100.0/24');
  act(tape, id, { addSecurityGroup: { name: 'api' } });
  refuse(
    tape,
    'create-floating-ip',
    'POST /v2.0/floatingips',
    'OverQuota',
    "Quota exceeded for resources: ['floatingip'].",
    { floatingip: { floating_network_id: idOf('network ext-net'), port_id: port } },
  );
  createFloating(tape.wait(41), idOf('floating api-1'), '203.0.113.41', port);
  openConsole(tape.wait(2), id);
  act(tape.at(11.3).by(olga), id, { 'os-stop': null });
  act(tape.wait(240), id, { 'os-start': null });
  refuse(
    tape.at(7.4).by(ivan),
    'delete-security-group',
    `DELETE /v2.0/security-groups/${idOf('group api')}`,
    'SecurityGroupInUse',
    `Security Group ${idOf('group api')} in use.`,
  );
  detachVolume(tape.wait(1), id, idOf('volume api-data'));
  deleteFloating(tape, idOf('floating api-1'));
  deleteServer(tape, id);
  remove(tape.wait(1), 'delete-port', 'ports', port);
  remove(tape, 'delete-security-group', 'security-groups', idOf('group api'));
  deleteVolume(tape, idOf('volume api-data'));
  return tape;
}
