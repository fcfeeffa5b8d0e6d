import { message } from '../../base/message';
import { field, id, list, named } from './callArguments';
import type { CallTable } from './callTable';

export const shareCalls: CallTable = {
  manila: [
    [
      'POST shares/*/action extend',
      message('Extended share {0} to {1} GB'),
      message('extend share {0} to {1} GB'),
      id(0),
      field('new_size'),
    ],
    [
      'POST shares/*/action os-extend',
      message('Extended share {0} to {1} GB'),
      message('extend share {0} to {1} GB'),
      id(0),
      field('new_size'),
    ],
    [
      'POST shares/*/action shrink',
      message('Shrank share {0} to {1} GB'),
      message('shrink share {0} to {1} GB'),
      id(0),
      field('new_size'),
    ],
    [
      'POST shares/*/action os-shrink',
      message('Shrank share {0} to {1} GB'),
      message('shrink share {0} to {1} GB'),
      id(0),
      field('new_size'),
    ],
    [
      'POST shares/*/action allow_access',
      message('Allowed {1} access to share {0}'),
      message('allow {1} access to share {0}'),
      id(0),
      list(field('access_type'), field('access_to'), field('access_level')),
    ],
    [
      'POST shares/*/action os-allow_access',
      message('Allowed {1} access to share {0}'),
      message('allow {1} access to share {0}'),
      id(0),
      list(field('access_type'), field('access_to'), field('access_level')),
    ],
    [
      'POST shares/*/action deny_access',
      message('Denied access {1} to share {0}'),
      message('deny access {1} to share {0}'),
      id(0),
      field('access_id'),
    ],
    [
      'POST shares/*/action os-deny_access',
      message('Denied access {1} to share {0}'),
      message('deny access {1} to share {0}'),
      id(0),
      field('access_id'),
    ],
    [
      'POST shares/*/action reset_status',
      message('Reset the status of share {0} to {1}'),
      message('reset the status of share {0} to {1}'),
      id(0),
      field('status'),
    ],
    [
      'POST shares/*/action os-reset_status',
      message('Reset the status of share {0} to {1}'),
      message('reset the status of share {0} to {1}'),
      id(0),
      field('status'),
    ],
    [
      'POST shares/*/action force_delete',
      message('Deleted share {0} by force'),
      message('delete share {0} by force'),
      id(0),
    ],
    [
      'POST shares/*/action os-force_delete',
      message('Deleted share {0} by force'),
      message('delete share {0} by force'),
      id(0),
    ],
    [
      'POST shares/*/action revert',
      message('Reverted share {0} to snapshot {1}'),
      message('revert share {0} to snapshot {1}'),
      id(0),
      field('snapshot_id'),
    ],
    [
      'POST shares',
      message('Created share {0} of {1} GB ({2})'),
      message('create share {0} of {1} GB ({2})'),
      named,
      field('size'),
      field('share_proto'),
    ],
    [
      'POST share-networks/*/action add_security_service',
      message('Added security service {1} to share network {0}'),
      message('add security service {1} to share network {0}'),
      id(0),
      field('security_service_id'),
    ],
    [
      'POST share-networks/*/action remove_security_service',
      message('Removed security service {1} from share network {0}'),
      message('remove security service {1} from share network {0}'),
      id(0),
      field('security_service_id'),
    ],
  ],
};
