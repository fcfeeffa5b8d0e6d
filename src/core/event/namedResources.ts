import { fieldText, type ActivityEvent } from './event';
import { message, type Message } from '../base/message';
import { resourceOf } from './resources';

/** A resource that an event names. */
export interface NamedResource {
  readonly id: string;
  /** Undefined where neither the path nor a key tells. */
  readonly kind: ResourceKind | undefined;
}

/** What people call the kinds. */
export const resourceKinds = {
  server: message('server'),
  volume: message('volume'),
  snapshot: message('snapshot'),
  backup: message('backup'),
  image: message('image'),
  flavor: message('flavor'),
  key: message('key pair'),
  network: message('network'),
  subnet: message('subnet'),
  port: message('port'),
  router: message('router'),
  floatingip: message('floating IP'),
  securitygroup: message('security group'),
  securitygrouprule: message('security group rule'),
  loadbalancer: message('load balancer'),
  listener: message('listener'),
  pool: message('pool'),
  member: message('pool member'),
  healthmonitor: message('health monitor'),
  cluster: message('cluster'),
  nodegroup: message('node group'),
  share: message('share'),
  zone: message('DNS zone'),
} as const satisfies Record<string, Message>;

type ResourceKind = keyof typeof resourceKinds;

/** Longer bodies are not taken apart: their ids come without kinds. */
const maxParsed = 2_000_000;

/** The resources that the event names, the one it is about first. */
export function namedResources(event: ActivityEvent): NamedResource[] {
  const kinds = new Map<string, ResourceKind>();
  const note = (id: string, name: string): void => {
    const kind = kindOf(name);
    if (kind && !kinds.has(id.toLowerCase())) kinds.set(id.toLowerCase(), kind);
  };
  const segments = fieldText(event, 'uri')
    .replace(/[?#].*$/s, '')
    .split('/');
  for (const [index, segment] of segments.entries()) note(segment, segments[index - 1] ?? '');
  for (const field of ['request_body', 'response_body']) {
    const text = fieldText(event, field);
    if (text.length <= maxParsed) noteValues(text, note);
  }
  const creates = fieldText(event, 'method').toUpperCase() === 'POST' ? kindOf(segments.at(-1) ?? '') : undefined;
  return resourceOf(event).all.map((id, index) => ({
    id,
    kind: kinds.get(id.toLowerCase()) ?? (index === 0 ? creates : undefined),
  }));
}

/** Tells each string of a JSON text with the names that say what it is an id of. */
function noteValues(text: string, note: (id: string, name: string) => void): void {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return;
  }
  // Without recursion: bodies may be nested ten thousand deep.
  const open: { value: unknown; key: string; owner: string }[] = [{ value: root, key: '', owner: '' }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, key, owner } = next;
    if (typeof value === 'string') note(value, key === 'id' || key === 'uuid' ? owner : key);
    else if (Array.isArray(value)) for (const item of value as unknown[]) open.push({ value: item, key, owner });
    else if (typeof value === 'object' && value !== null) {
      for (const [name, field] of Object.entries(value)) open.push({ value: field, key: name, owner: key });
    }
  }
}

const names: Readonly<Record<string, ResourceKind>> = {
  instance: 'server',
  vm: 'server',
  port: 'port',
  'os-keypair': 'key',
  keypair: 'key',
  snapshot: 'snapshot',
  vip_port: 'port',
  vip_subnet: 'subnet',
  vip_network: 'network',
  router_external_network: 'network',
};

/** The kind that a key or the name of a collection tells: `volume_id`, `imageRef`, `os-extended-volumes:volumes_attached`, `ports`. */
function kindOf(name: string): ResourceKind | undefined {
  const bare = name
    .replace(/^.*:/, '')
    .replace(/(?:_?u?u?ids?|_?Ref|Id)$/, '')
    .replace(/_attached$|^attached_/, '')
    .toLowerCase();
  for (const candidate of [bare, bare.replace(/s$/, ''), bare.replace(/ies$/, 'y')]) {
    const kind = names[candidate] ?? candidate.replace(/[_-]/g, '');
    if (Object.hasOwn(resourceKinds, kind)) return kind as ResourceKind;
  }
  return undefined;
}
