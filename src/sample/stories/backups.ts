import { backupService, olga, projectId } from '../people';
import { idOf } from '../random';
import {
  createBackup,
  createSnapshot,
  createVolume,
  deleteBackup,
  deleteSnapshot,
  deleteVolume,
  restoreBackup,
} from '../storage';
import { Tape } from '../tape';

const checkpoints = `/v1/${projectId}/providers/${idOf('backup provider')}/checkpoints`;

/** Every night: a checkpoint of db-1, backups of its volumes, a snapshot; what is a week old goes. */
export function backups(): Tape {
  const tape = new Tape('backups');
  const { random } = tape;
  const kept: { checkpoint: string; data: string; logs: string; snapshot: string }[] = [];
  for (let day = 28; day >= 0; day--) {
    const night = 29 - day;
    const made = { checkpoint: random.uuid(), data: random.uuid(), logs: random.uuid(), snapshot: random.uuid() };
    tape.at(day + 0.46).by(backupService);
    const request = { checkpoint: { plan_id: idOf('plan nightly'), extra_info: { created_by: 'schedule' } } };
    if (night % 11 === 0) {
      tape.no('karbor', 'create-checkpoint', `POST ${checkpoints}`, request, {
        overLimit: { code: 413, message: 'The provider has no room left for this project' },
      });
      continue;
    }
    tape.ok('karbor', 'create-checkpoint', `POST ${checkpoints}`, request, {
      checkpoint: { id: made.checkpoint, status: 'protecting', protection_plan: { id: idOf('plan nightly') } },
    });
    createBackup(tape.wait(2), made.data, idOf('volume db-data'), `db-data-${night}`, night % 7 !== 1);
    createBackup(tape, made.logs, idOf('volume db-logs'), `db-logs-${night}`, night % 7 !== 1);
    createSnapshot(tape.wait(1), made.snapshot, idOf('volume db-data'), `db-data-${night}`, 100);
    kept.push(made);
    const old = kept.length > 7 ? kept.shift() : undefined;
    if (!old) continue;
    tape.wait(30).ok('karbor', 'delete-checkpoint', `DELETE ${checkpoints}/${old.checkpoint}`);
    deleteBackup(tape, old.data);
    deleteBackup(tape, old.logs);
    deleteSnapshot(tape, old.snapshot);
  }
  const newest = kept.at(-1);
  if (newest) {
    createVolume(tape.at(0.3).by(olga), idOf('volume restored'), 'db-data-check', 200);
    restoreBackup(tape.wait(1), newest.data, idOf('volume restored'), 'db-data-check');
    deleteVolume(tape.wait(90), idOf('volume restored'));
  }
  return tape;
}
