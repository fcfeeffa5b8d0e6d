import {
  act,
  attachInterface,
  attachVolume,
  detachInterface,
  detachVolume,
  openConsole,
  refuseAct,
  resize,
  updateServer,
} from '../compute';
import { createPort, createRule, deleteRule, moveFloating, remove, update } from '../network';
import { ivan, ivanConsole, olga, olgaCli, terraform } from '../people';
import { idOf } from '../random';
import { actOnVolume, createVolume, deleteVolume, extendVolume } from '../storage';
import { Tape } from '../tape';

/** What was done to web-1 and db-1 after Terraform made them: much of it by hand, beside the code. */
export function webServer(): Tape {
  const tape = new Tape('web server');
  const web = idOf('server web-1');
  const group = idOf('group web');

  createVolume(tape.at(27.2).by(olga), idOf('volume web-cache'), 'web-cache', 20);
  attachVolume(tape.wait(1), web, idOf('volume web-cache'));
  updateServer(tape.at(26.6).by(terraform), web, 'web-1', 'First web server');
  resize(tape.at(24.4).by(ivanConsole), web, 'STD2-4-8');
  createRule(tape.at(23.1).by(olga), idOf('rule web 22'), group, 22);
  act(tape, web, { addSecurityGroup: { name: 'web-debug' } });
  openConsole(tape.wait(4), web);
  act(tape.wait(20), web, { reboot: { type: 'SOFT' } });
  act(tape.wait(9), web, { removeSecurityGroup: { name: 'web-debug' } });
  deleteRule(tape, idOf('rule web 22'));

  refuseAct(
    tape.at(16.3).by(ivan),
    web,
    { resize: { flavorRef: 'STD4-8-16', 'OS-DCF:diskConfig': 'AUTO' } },
    409,
    `Cannot 'resize' instance ${web} while it is in task_state reboot_started`,
  );
  resize(tape.wait(3), web, 'STD4-8-16');
  update(tape.at(15.8).by(olgaCli), 'update-security-group', 'security-groups', 'security_group', group, {
    name: 'web',
    description: 'HTTP and HTTPS from anywhere',
  });
  update(tape.at(12.2).by(olgaCli), 'update-security-group', 'security-groups', 'security_group', group, {
    name: 'web',
    description: 'HTTP and HTTPS from the balancer',
  });

  createPort(tape.at(9.7).by(ivan), idOf('port web-1 extra'), 'web-1-extra', '10.0.1.61');
  attachInterface(tape, web, idOf('port web-1 extra'), idOf('network app-net'), '10.0.1.61');
  detachInterface(tape.wait(95), web, idOf('port web-1 extra'));
  remove(tape, 'delete-port', 'ports', idOf('port web-1 extra'));
  moveFloating(tape.at(8.1).by(ivanConsole), idOf('floating web-1'), null);
  moveFloating(tape.wait(2), idOf('floating web-1'), idOf('port web-1'));
  detachVolume(tape.at(6.5).by(olga), web, idOf('volume web-cache'));
  deleteVolume(tape.wait(1), idOf('volume web-cache'));
  act(tape.at(2.4).by(olga), web, { lock: { locked_reason: 'measuring, ask olga' } });
  refuseAct(tape.wait(37).by(terraform), web, { reboot: { type: 'HARD' } }, 409, `Instance ${web} is locked`);
  act(tape.wait(52).by(olga), web, { unlock: null });

  extendVolume(tape.at(20.1).by(ivan), idOf('volume db-data'), 150);
  extendVolume(tape.at(5.2).by(olga), idOf('volume db-data'), 200);
  actOnVolume(tape.wait(1), idOf('volume db-data'), { 'os-set_image_metadata': { metadata: { tier: 'gold' } } });
  refuseAct(
    tape.at(0.13).by(ivanConsole),
    web,
    { resize: { flavorRef: 'STD8-16-32', 'OS-DCF:diskConfig': 'AUTO' } },
    403,
    'Quota exceeded for cores: requested 4, but already used 38 of 40 cores',
  );
  resize(tape.at(0.021).by(ivanConsole), web, 'STD4-8-8');
  return tape;
}
