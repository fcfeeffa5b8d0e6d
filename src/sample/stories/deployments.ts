import { act } from '../compute';
import { createFloating } from '../network';
import { ciBot, olga, olgaBrowser, terraform } from '../people';
import { idOf } from '../random';
import { Tape } from '../tape';

const pool = idOf('pool web');
const members = `PUT /v2.0/lbaas/pools/${pool}/members`;

function weigh(tape: Tape, first: number, second: number): void {
  tape.ok('octavia', 'batch-update-members', members, {
    members: [first, second].map((weight, index) => ({
      name: `web-${index + 1}`,
      address: `10.0.1.${11 + index}`,
      protocol_port: 8080,
      weight,
    })),
  });
}

/** Rolling deployments: drain a member, restart its machine, take it back. */
export function deployments(): Tape {
  const tape = new Tape('deployments');
  const balancer = `/v2.0/lbaas/loadbalancers/${idOf('balancer web')}`;
  for (let day = 27; day >= 0; day--) {
    if (day % 7 === 2 || day % 7 === 3) continue;
    weigh(tape.at(day + 0.11).by(ciBot), 0, 1);
    if (day % 6 === 0)
      tape.no('octavia', 'batch-update-members', members, '{"members": []}', {
        faultcode: 'Client',
        faultstring: `Load Balancer ${idOf('balancer web')} is immutable and cannot be updated.`,
        debuginfo: null,
      });
    act(tape.wait(2), idOf('server web-1'), { reboot: { type: 'SOFT' } });
    weigh(tape.wait(4), 1, 0);
    act(tape.wait(2), idOf('server web-2'), { reboot: { type: 'SOFT' } });
    weigh(tape.wait(4), 1, 1);
  }
  for (const [day, description] of [
    [21.2, 'Shop'],
    [10.4, 'Shop, behind the filter'],
    [3.1, 'Shop and blog'],
  ] as const) {
    tape
      .at(day)
      .by(terraform)
      .ok(
        'octavia',
        'update-load-balancer',
        `PUT ${balancer}`,
        { loadbalancer: { name: 'web', description } },
        { loadbalancer: { id: idOf('balancer web'), name: 'web', description, provisioning_status: 'PENDING_UPDATE' } },
      );
  }
  const trial = tape.random.uuid();
  const loadbalancer = { name: 'trial', vip_subnet_id: idOf('subnet app-net') };
  tape
    .at(4.6)
    .by(olga)
    .ok(
      'octavia',
      'create-load-balancer',
      'POST /v2.0/lbaas/loadbalancers',
      { loadbalancer },
      {
        loadbalancer: {
          id: trial,
          ...loadbalancer,
          vip_port_id: idOf('port trial'),
          provisioning_status: 'PENDING_CREATE',
        },
      },
    );
  createFloating(tape, idOf('floating trial'), '203.0.113.66', idOf('port trial'));
  tape
    .wait(150)
    .by(olgaBrowser)
    .ok('octavia', 'delete-load-balancer-cascade', `DELETE /v2.0/lbaas/loadbalancers/${trial}?cascade=true`);
  return tape;
}
