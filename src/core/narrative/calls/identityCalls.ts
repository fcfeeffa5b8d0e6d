import { message } from '../../base/message';
import { id } from './callArguments';
import type { CallTable } from './callTable';

export const identityCalls: CallTable = {
  keystone: [
    ['POST auth/tokens', message('Signed in'), message('sign in')],
    ['DELETE auth/tokens', message('Revoked a token'), message('revoke a token')],
    [
      'POST users/*/password',
      message('Changed the password of user {0}'),
      message('change the password of user {0}'),
      id(0),
    ],
    [
      'PUT projects/*/users/*/roles/*',
      message('Gave user {1} role {2} in project {0}'),
      message('give user {1} role {2} in project {0}'),
      id(0),
      id(1),
      id(2),
    ],
    [
      'DELETE projects/*/users/*/roles/*',
      message('Took role {2} in project {0} from user {1}'),
      message('take role {2} in project {0} from user {1}'),
      id(0),
      id(1),
      id(2),
    ],
    [
      'PUT projects/*/groups/*/roles/*',
      message('Gave group {1} role {2} in project {0}'),
      message('give group {1} role {2} in project {0}'),
      id(0),
      id(1),
      id(2),
    ],
    [
      'DELETE projects/*/groups/*/roles/*',
      message('Took role {2} in project {0} from group {1}'),
      message('take role {2} in project {0} from group {1}'),
      id(0),
      id(1),
      id(2),
    ],
    [
      'PUT domains/*/users/*/roles/*',
      message('Gave user {1} role {2} in domain {0}'),
      message('give user {1} role {2} in domain {0}'),
      id(0),
      id(1),
      id(2),
    ],
    [
      'DELETE domains/*/users/*/roles/*',
      message('Took role {2} in domain {0} from user {1}'),
      message('take role {2} in domain {0} from user {1}'),
      id(0),
      id(1),
      id(2),
    ],
    [
      'PUT groups/*/users/*',
      message('Added user {1} to group {0}'),
      message('add user {1} to group {0}'),
      id(0),
      id(1),
    ],
    [
      'DELETE groups/*/users/*',
      message('Removed user {1} from group {0}'),
      message('remove user {1} from group {0}'),
      id(0),
      id(1),
    ],
  ],
};
