import { message } from '../../base/message';
import { field, id, keys, named } from './callArguments';
import type { CallTable } from './callTable';

export const databaseCalls: CallTable = {
  trove: [
    [
      'POST instances/*/action restart',
      message('Restarted database instance {0}'),
      message('restart database instance {0}'),
      id(0),
    ],
    [
      'POST instances/*/action resize.volume',
      message('Resized the volume of database instance {0} to {1} GB'),
      message('resize the volume of database instance {0} to {1} GB'),
      id(0),
      field('resize.volume.size'),
    ],
    [
      'POST instances/*/action resize.flavorRef',
      message('Resized database instance {0} to flavor {1}'),
      message('resize database instance {0} to flavor {1}'),
      id(0),
      field('resize.flavorRef'),
    ],
    [
      'POST instances/*/action promote_to_replica_source',
      message('Promoted database instance {0} to replication source'),
      message('promote database instance {0} to replication source'),
      id(0),
    ],
    [
      'POST instances/*/action eject_replica_source',
      message('Removed replication source {0} from its cluster'),
      message('remove replication source {0} from its cluster'),
      id(0),
    ],
    [
      'POST instances/*/root',
      message('Enabled the root user of database instance {0}'),
      message('enable the root user of database instance {0}'),
      id(0),
    ],
    [
      'DELETE instances/*/root',
      message('Disabled the root user of database instance {0}'),
      message('disable the root user of database instance {0}'),
      id(0),
    ],
    [
      'POST instances/*/databases',
      message('Created database {1} on database instance {0}'),
      message('create database {1} on database instance {0}'),
      id(0),
      field('databases.*.name'),
    ],
    [
      'DELETE instances/*/databases/*',
      message('Deleted database {1} on database instance {0}'),
      message('delete database {1} on database instance {0}'),
      id(0),
      id(1),
    ],
    [
      'POST instances/*/users',
      message('Created user {1} on database instance {0}'),
      message('create user {1} on database instance {0}'),
      id(0),
      field('users.*.name'),
    ],
    [
      'DELETE instances/*/users/*',
      message('Deleted user {1} on database instance {0}'),
      message('delete user {1} on database instance {0}'),
      id(0),
      id(1),
    ],
    [
      'PUT instances/*/users',
      message('Changed the password of user {1} on database instance {0}'),
      message('change the password of user {1} on database instance {0}'),
      id(0),
      field('users.*.name'),
    ],
    [
      'PUT instances/*/users/*',
      message('Changed user {1} on database instance {0}'),
      message('change user {1} on database instance {0}'),
      id(0),
      id(1),
    ],
    [
      'PUT instances/*/users/*/databases',
      message('Gave user {1} of database instance {0} access to {2}'),
      message('give user {1} of database instance {0} access to {2}'),
      id(0),
      id(1),
      field('databases.*.name'),
    ],
    [
      'DELETE instances/*/users/*/databases/*',
      message('Took access to {2} from user {1} of database instance {0}'),
      message('take access to {2} from user {1} of database instance {0}'),
      id(0),
      id(1),
      id(2),
    ],
    [
      'PUT instances/*/configuration',
      message('Set parameters of database instance {0}: {1}'),
      message('set parameters of database instance {0}: {1}'),
      id(0),
      keys('values'),
    ],
    [
      'POST backups',
      message('Created backup {0} of database instance {1}'),
      message('create backup {0} of database instance {1}'),
      named,
      field('instance'),
    ],
  ],
};
