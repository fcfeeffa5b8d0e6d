import type { Json } from '../core/json/json';
import { idOf } from './random';
import type { Tape } from './tape';

export const ubuntu = idOf('image ubuntu-22.04');
const host = 'https://infra.mail.ru:8774';

interface ServerSpec {
  readonly id: string;
  readonly name: string;
  readonly flavor: string;
  readonly image?: string;
  readonly port?: string;
  readonly network?: string;
  readonly group?: string;
  readonly key?: string;
  readonly zone?: string;
  readonly disk?: number;
  /** What cloud-init runs at the first boot. */
  readonly boot?: string;
}

function requestOf(spec: ServerSpec): Json {
  const { name, flavor, image = ubuntu, port, network, group = 'default', key, zone = 'MS1', disk = 20, boot } = spec;
  return {
    server: {
      name,
      flavorRef: flavor,
      imageRef: image,
      availability_zone: zone,
      ...(key ? { key_name: key } : {}),
      networks: port ? [{ port }] : [{ uuid: network ?? idOf('network app-net') }],
      security_groups: [{ name: group }],
      block_device_mapping_v2: [
        {
          boot_index: 0,
          delete_on_termination: true,
          destination_type: 'volume',
          source_type: 'image',
          uuid: image,
          volume_size: disk,
          volume_type: 'ceph-ssd',
        },
      ],
      config_drive: true,
      metadata: { env: 'sample', sid: 'SHLM' },
      ...(boot ? { user_data: btoa(boot) } : {}),
    },
  };
}

export function createServer(tape: Tape, spec: ServerSpec): void {
  tape.ok('nova', 'create-vm', 'POST /v2.1/servers', requestOf(spec), {
    server: {
      id: spec.id,
      links: [{ rel: 'self', href: `${host}/v2.1/servers/${spec.id}` }],
      'OS-DCF:diskConfig': 'MANUAL',
      security_groups: [{ name: spec.group ?? 'default' }],
      adminPass: tape.random.password(12),
    },
  });
}

/** A create that ended in an error body such as `{"forbidden": ...}`. */
export function failServer(tape: Tape, spec: Omit<ServerSpec, 'id'>, fault: string, code: number, text: string): void {
  tape.no('nova', 'create-vm', 'POST /v2.1/servers', requestOf({ ...spec, id: '' }), {
    [fault]: { code, message: text },
  });
}

export function deleteServer(tape: Tape, id: string): void {
  tape.ok('nova', 'delete-vm', `DELETE /v2.1/servers/${id}`);
}

/** `{"reboot": {"type": "SOFT"}}` and its like: nova answers with no body. */
export function act(tape: Tape, id: string, body: Json): void {
  tape.ok('nova', 'vm-action', `POST /v2.1/servers/${id}/action`, body);
}

export function refuseAct(tape: Tape, id: string, body: Json, code: number, text: string): void {
  const fault = code === 409 ? 'conflictingRequest' : code === 403 ? 'forbidden' : 'badRequest';
  tape.no('nova', 'vm-action', `POST /v2.1/servers/${id}/action`, body, { [fault]: { code, message: text } });
}

/** Resize and, once the machine is up again, the confirmation. */
export function resize(tape: Tape, id: string, flavor: string): void {
  act(tape, id, { resize: { flavorRef: flavor, 'OS-DCF:diskConfig': 'AUTO' } });
  tape.wait(3);
  act(tape, id, { confirmResize: null });
}

export function updateServer(tape: Tape, id: string, name: string, description: string): void {
  const server = { name, description };
  tape.ok(
    'nova',
    'update-vm',
    `PUT /v2.1/servers/${id}`,
    { server },
    { server: { id, ...server, status: 'ACTIVE', 'OS-EXT-STS:vm_state': 'active', progress: 0, config_drive: 'True' } },
  );
}

export function attachVolume(tape: Tape, id: string, volumeId: string, device = '/dev/vdb'): void {
  tape.ok(
    'nova',
    'vm-attach-volume',
    `POST /v2.1/servers/${id}/os-volume_attachments`,
    { volumeAttachment: { volumeId } },
    { volumeAttachment: { device, id: volumeId, serverId: id, volumeId, tag: null, delete_on_termination: false } },
  );
}

export function detachVolume(tape: Tape, id: string, volumeId: string): void {
  tape.ok('nova', 'vm-detach-volume', `DELETE /v2.1/servers/${id}/os-volume_attachments/${volumeId}`);
}

export function attachInterface(tape: Tape, id: string, port: string, network: string, address: string): void {
  tape.ok(
    'nova',
    'vm-attach-interface',
    `POST /v2.1/servers/${id}/os-interface`,
    { interfaceAttachment: { port_id: port } },
    {
      interfaceAttachment: {
        port_id: port,
        net_id: network,
        port_state: 'ACTIVE',
        mac_addr: `fa:16:3e:${tape.random.hex(2)}:${tape.random.hex(2)}:${tape.random.hex(2)}`,
        fixed_ips: [{ subnet_id: idOf('subnet app-net'), ip_address: address }],
      },
    },
  );
}

export function detachInterface(tape: Tape, id: string, port: string): void {
  tape.ok('nova', 'vm-detach-interface', `DELETE /v2.1/servers/${id}/os-interface/${port}`);
}

/** The answer's address holds a token that opens the machine's screen. */
export function openConsole(tape: Tape, id: string): void {
  tape.ok(
    'nova',
    'vm-create-console',
    `POST /v2.1/servers/${id}/remote-consoles`,
    { remote_console: { protocol: 'vnc', type: 'novnc' } },
    {
      remote_console: {
        protocol: 'vnc',
        type: 'novnc',
        url: `https://console.example.test/vnc_auto.html?path=%3Ftoken%3D${tape.random.uuid()}&title=server`,
      },
    },
  );
}

/** Without a public key the service makes a pair and answers with the private half, once. */
export function createKeypair(tape: Tape, name: string, own = false): void {
  const point = tape.random.text(43, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
  const publicKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${point} ${name}`;
  const fingerprint = Array.from({ length: 16 }, () => tape.random.hex(2)).join(':');
  const made: Record<string, string> = own
    ? {}
    : {
        private_key: `-----BEGIN OPENSSH PRIVATE KEY-----\n${tape.random.password(64)}\n${tape.random.password(64)}\n-----END OPENSSH PRIVATE KEY-----\n`,
      };
  tape.ok(
    'nova',
    'keypair-create',
    'POST /v2.1/os-keypairs',
    { keypair: own ? { name, public_key: publicKey } : { name } },
    { keypair: { name, public_key: publicKey, fingerprint, user_id: tape.random.hex(32), ...made } },
  );
}

export function deleteKeypair(tape: Tape, name: string): void {
  tape.ok('nova', 'keypair-delete', `DELETE /v2.1/os-keypairs/${name}`);
}
