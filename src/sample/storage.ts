import { projectId } from './people';
import type { Tape } from './tape';

const cinder = `/v3/${projectId}`;

export function createVolume(tape: Tape, id: string, name: string, size: number, zone = 'MS1'): void {
  const volume = { name, size, volume_type: 'ceph-ssd', availability_zone: zone };
  tape.ok(
    'cinder',
    'create-volume',
    `POST ${cinder}/volumes`,
    { volume },
    {
      volume: { id, status: 'creating', ...volume, bootable: 'false', encrypted: false, attachments: [], metadata: {} },
    },
  );
}

export function deleteVolume(tape: Tape, id: string): void {
  tape.ok('cinder', 'delete-volume', `DELETE ${cinder}/volumes/${id}`);
}

export function extendVolume(tape: Tape, id: string, size: number): void {
  tape.ok('cinder', 'extend-volume-size', `POST ${cinder}/volumes/${id}/action`, { 'os-extend': { new_size: size } });
}

export function actOnVolume(tape: Tape, id: string, body: { readonly [action: string]: object }): void {
  tape.ok('cinder', 'action-volume', `POST ${cinder}/volumes/${id}/action`, JSON.stringify(body));
}

export function createSnapshot(tape: Tape, id: string, volume: string, name: string, size: number): void {
  const snapshot = { name, volume_id: volume, force: true, description: 'by schedule' };
  tape.ok(
    'cinder',
    'create-snapshot',
    `POST ${cinder}/snapshots`,
    { snapshot },
    { snapshot: { id, status: 'creating', size, name, volume_id: volume, metadata: {} } },
  );
}

export function deleteSnapshot(tape: Tape, id: string): void {
  tape.ok('cinder', 'delete-snapshot', `DELETE ${cinder}/snapshots/${id}`);
}

export function createBackup(tape: Tape, id: string, volume: string, name: string, incremental: boolean): void {
  tape.ok(
    'cinder',
    'create-backup',
    `POST ${cinder}/backups`,
    { backup: { name, volume_id: volume, container: null, incremental, force: true } },
    { backup: { id, name, volume_id: volume } },
  );
}

export function deleteBackup(tape: Tape, id: string): void {
  tape.ok('cinder', 'delete-backup', `DELETE ${cinder}/backups/${id}`);
}

export function restoreBackup(tape: Tape, id: string, volume: string, name: string): void {
  tape.ok(
    'cinder',
    'restore-backup',
    `POST ${cinder}/backups/${id}/restore`,
    { restore: { volume_id: volume } },
    { restore: { backup_id: id, volume_id: volume, volume_name: name } },
  );
}

/** The sum of an image's parts: register, upload the bytes, set the properties. */
export function uploadImage(tape: Tape, id: string, name: string, version: string): void {
  tape.ok(
    'glance',
    'create-image',
    'POST /v2/images',
    { name, disk_format: 'raw', container_format: 'bare', visibility: 'private', min_disk: 10, os_type: 'linux' },
    { id, name, status: 'queued', visibility: 'private', owner: projectId, file: `/v2/images/${id}/file`, tags: [] },
  );
  tape.ok('glance', 'upload-image', `PUT /v2/images/${id}/file`, '<BINARY_DATA>');
  tape.wait(6);
  tape.ok(
    'glance',
    'update-image',
    `PATCH /v2/images/${id}`,
    [
      { op: 'replace', path: '/hw_qemu_guest_agent', value: 'yes' },
      { op: 'add', path: '/app_version', value: version },
    ],
    { id, name, status: 'active', size: tape.random.int(2, 6) * 1_073_741_824, app_version: version, owner: projectId },
  );
}

export function deleteImage(tape: Tape, id: string): void {
  tape.ok('glance', 'delete-image', `DELETE /v2/images/${id}`);
}
