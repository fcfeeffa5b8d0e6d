import { message } from '../../base/message';
import { field, first, id, named, pairs } from './callArguments';
import type { CallTable } from './callTable';

export const clusterCalls: CallTable = {
  octavia: [
    [
      'DELETE lbaas/loadbalancers/* ?cascade=true',
      message('Deleted load balancer {0} with all it holds'),
      message('delete load balancer {0} with all it holds'),
      id(0),
    ],
    [
      'PUT lbaas/loadbalancers/*/failover',
      message('Failed load balancer {0} over'),
      message('fail load balancer {0} over'),
      id(0),
    ],
    [
      'PUT lbaas/pools/*/members',
      message('Replaced the members of pool {0}: {1}'),
      message('replace the members of pool {0}: {1}'),
      id(0),
      first(field('members.*.name'), field('members.*.address')),
    ],
    [
      'PUT lbaas/pools/*/members',
      message('Replaced the members of pool {0}'),
      message('replace the members of pool {0}'),
      id(0),
    ],
    [
      'POST lbaas/pools/*/members',
      message('Added member {1} to pool {0}'),
      message('add member {1} to pool {0}'),
      id(0),
      first(field('name'), field('address')),
    ],
    [
      'DELETE lbaas/pools/*/members/*',
      message('Removed member {1} from pool {0}'),
      message('remove member {1} from pool {0}'),
      id(0),
      id(1),
    ],
    ['PUT octavia/amphorae/*/failover', message('Failed amphora {0} over'), message('fail amphora {0} over'), id(0)],
    [
      'PUT lbaas/quotas/*',
      message('Set load balancer quotas of project {0}: {1}'),
      message('set load balancer quotas of project {0}: {1}'),
      id(0),
      pairs('quota'),
    ],
  ],
  karbor: [
    [
      'POST providers/*/checkpoints',
      message('Created a recovery point of plan {0}'),
      message('create a recovery point of plan {0}'),
      field('plan_id'),
    ],
    [
      'DELETE providers/*/checkpoints/*',
      message('Deleted recovery point {0}'),
      message('delete recovery point {0}'),
      id(1),
    ],
    [
      'POST restores',
      message('Restored from recovery point {0}'),
      message('restore from recovery point {0}'),
      field('checkpoint_id'),
    ],
  ],
  magnum: [
    [
      'POST clusters/*/actions/resize',
      message('Resized cluster {0} to {1} nodes'),
      message('resize cluster {0} to {1} nodes'),
      id(0),
      field('node_count'),
    ],
    [
      'POST clusters/*/actions/upgrade',
      message('Upgraded cluster {0} to template {1}'),
      message('upgrade cluster {0} to template {1}'),
      id(0),
      field('cluster_template'),
    ],
    [
      'POST clusters/*/kube_config',
      message('Created a kubeconfig for cluster {0}'),
      message('create a kubeconfig for cluster {0}'),
      id(0),
    ],
    [
      'GET clusters/*/kube_config',
      message('Read the kubeconfig of cluster {0}'),
      message('read the kubeconfig of cluster {0}'),
      id(0),
    ],
    [
      'POST clusters/*/nodegroups',
      message('Created node group {1} in cluster {0}'),
      message('create node group {1} in cluster {0}'),
      id(0),
      named,
    ],
    [
      'PATCH certificates/*',
      message('Rotated the certificate authority of cluster {0}'),
      message('rotate the certificate authority of cluster {0}'),
      id(0),
    ],
    [
      'POST certificates',
      message('Signed a certificate for cluster {0}'),
      message('sign a certificate for cluster {0}'),
      first(field('cluster_uuid'), field('bay_uuid')),
    ],
  ],
  dns: [['POST dns', message('Created DNS zone {0}'), message('create DNS zone {0}'), field('zone')]],
};
