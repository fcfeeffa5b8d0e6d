import { attachVolume, createServer, deleteServer, detachVolume } from '../compute';
import { createPort, remove } from '../network';
import { autoscaler, olga, storageDriver } from '../people';
import { idOf } from '../random';
import { createVolume, deleteVolume } from '../storage';
import { Tape } from '../tape';

const cluster = idOf('cluster k8s-1');

function scale(tape: Tape, nodes: number): void {
  tape
    .by(autoscaler)
    .ok(
      'magnum',
      'resize-cluster',
      `POST /v1/clusters/${cluster}/actions/resize`,
      { node_count: nodes, nodegroup: idOf('node group workers') },
      { uuid: cluster },
    );
}

/** Worker nodes that come with the load of the day and go at night, with the volumes of their pods. */
export function autoscaling(): Tape {
  const tape = new Tape('autoscaling');
  for (let cycle = 0; cycle < 70; cycle++) {
    const { random } = tape;
    const start = 28.6 - cycle * 0.4;
    const name = `k8s-1-workers-${random.hex(5)}`;
    const [server, port, volume] = [random.uuid(), random.uuid(), random.uuid()];
    scale(tape.at(start), 3);
    createPort(tape.wait(1), port, name, `10.0.1.${random.int(100, 199)}`);
    createServer(tape, {
      id: server,
      name,
      flavor: 'STD3-4-8',
      port,
      image: idOf('image k8s-node'),
      disk: 30,
      boot: `#!/bin/sh\nJOIN_TOKEN=${random.hex(6)}.${random.hex(16)} /opt/join ${cluster}\n`,
    });
    createVolume(tape.wait(5).by(storageDriver), volume, `pvc-${random.uuid()}`, 10);
    attachVolume(tape, server, volume);
    detachVolume(tape.at(start - 0.2 - random.next() / 8), server, volume);
    deleteVolume(tape, volume);
    scale(tape.wait(11), 2);
    deleteServer(tape.wait(1), server);
    remove(tape, 'delete-port', 'ports', port);
  }
  tape.at(13.5).by(olga);
  for (const [max, code] of [
    [8, 'yes'],
    [60, 'no'],
  ] as const) {
    const call = `PATCH /v1/nodegroups/${idOf('node group workers')}`;
    const patch = [{ op: 'replace', path: '/max_nodes', value: max }];
    if (code === 'yes') tape.ok('magnum', 'update-nodegroup', call, patch, { uuid: idOf('node group workers') });
    else
      tape.no('magnum', 'update-nodegroup', call, patch, {
        errors: [
          { status: 400, code: 'client', title: 'Bad node count', detail: 'max_nodes is above the quota', links: [] },
        ],
      });
  }
  tape
    .wait(30)
    .ok(
      'magnum',
      'create-kubeconfig',
      `POST /v1/clusters/${cluster}/kube_config`,
      '{}',
      `apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: ${tape.random.password(40)}\n`,
    );
  return tape;
}
