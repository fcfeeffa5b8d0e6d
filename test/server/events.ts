import type { ActivityEvent } from '../../src/core/event/event';
import { Random } from '../../src/sample/random';

/** The answer printed in the product's documentation, byte for byte. */
export const documentedAnswer =
  '{"logs":[{"action":"create-floating-ip","event_id":"9840e233-6717-44d3-af7d-7a68837ee893","method":"POST","request_body":"{}","request_id":"req-6bee7f11-b233-430a-9c55-f476be373b23","response_body":"{}","source":"neutron","success":"yes","timestamp":"2021-07-16T13:13:20Z","uri":"/v2.0/floatingips","user_email":"example@mcs.mail.ru","user_id":"d06lc1dd59bc22c4bc15d1de98d28119"},{"action":"vm-action","event_id":"7259205b-7u4e-4078-9ffc-zf15d2bd1a8f","method":"POST","request_body":"{}","request_id":"req-8449b158-19bb-41b1-b0b4-e3522b9119f4","response_body":"{}","source":"new","success":"yes","timestamp":"2021-07-14T21:52:20Z","uri":"/v2.1/servers/912gd12d9gd912/action","user_email":"example@mcs.mail.ru","user_id":"d06lc1dd59bc22c4bc15d1de98d28119"}]}';

export const documentedEvents = (JSON.parse(documentedAnswer) as { logs: ActivityEvent[] }).logs;

/** Shapes seen in the vendor's newer examples: no `user_email`, a binary body, an empty body, `user_agent`. */
export const vendorEvents: readonly ActivityEvent[] = [
  {
    action: 'unknown',
    event_id: '0a4e0f4c-5d0a-4d5e-9a51-6d8f1c1d7a11',
    method: 'POST',
    request_body: '<BINARY_DATA>',
    request_id: 'req-2f1a6e0e-0a44-4f41-8a3e-0c1d7d4b8c52',
    response_body: '',
    source: 'magnum',
    success: 'yes',
    timestamp: '2023-05-17T09:41:07Z',
    uri: '/v1/clusters/6f0b3a52-7e0c-4f4e-8c43-5b3c3b1f8f0d/kube_config',
    user_agent: 'axios/0.21.1',
    user_id: 'a3c5e0d1b2f44c6f8d7e9a0b1c2d3e4f',
  },
  {
    action: 'create-vm',
    event_id: '5f1d8f0a-3c1b-4e4b-8a43-0f6a1b2c3d4e',
    method: 'POST',
    request_body:
      '{"server":{"name":"web-1","flavorRef":"25ae869c-be29-4840-8e12-99e046d2dbd4","adminPass":"Zq8vT3mKp1"}}',
    request_id: 'req-91d6a1de-6a56-4b5a-b3c3-8a8e0f6f1a2b',
    response_body: '{"server":{"id":"e4f0a7f6-2b7c-4b25-9d0e-7a6f3d2c1b0a","adminPass":"Zq8vT3mKp1"}}',
    source: 'nova',
    success: 'yes',
    timestamp: '2023-05-17T09:40:12Z',
    uri: '/v2.1/servers',
    user_agent: 'HashiCorp Terraform/1.4.0-dev (+https://www.terraform.io) gophercloud/2.0.0',
    user_id: 'a3c5e0d1b2f44c6f8d7e9a0b1c2d3e4f',
  },
];

export interface Series {
  readonly seed?: string;
  /** UTC milliseconds of event 0, the newest. */
  readonly newest: number;
  /** Milliseconds from one event to the next older one; timestamps are whole seconds, so several may share one. */
  readonly stepMs: number;
  /** About how long an event's JSON is. */
  readonly bytes?: number;
  /** Calls come again to a resource, ten within a short time and a few all along; else each has one of its own. */
  readonly recurring?: boolean;
}

const calls = [
  ['nova', 'vm-action', 'POST', 'servers', '/action'],
  ['cinder', 'action-volume', 'POST', 'volumes', '/action'],
  ['neutron', 'update-port', 'PUT', 'ports', ''],
  ['glance', 'update-image', 'PATCH', 'images', ''],
  ['octavia', 'update-load-balancer', 'PUT', 'lbaas/loadbalancers', ''],
  ['karbor', 'create-plan', 'POST', 'plans', ''],
] as const;

const prefixes: Readonly<Record<string, string>> = { nova: '/v2.1/', cinder: '/v3/' };

/** The components of {@link makeEvent}: event `i` belongs to number `i % 6`. */
export const madeSources: readonly string[] = calls.map(([source]) => source);

/** Event `index` of an endless series, newest first: the same for the same arguments, whichever others are made. */
export function makeEvent(index: number, { seed = '', newest, stepMs, bytes = 700, recurring }: Series): ActivityEvent {
  const random = new Random(`${seed}/${index}`);
  const [source, action, method, collection, tail] = calls[index % calls.length]!;
  const person = Math.floor(random.next() * 20);
  const resource = recurring ? uuid(new Random(`${seed}/resource/${resourceNumber(index)}`)) : undefined;
  const event = {
    action,
    // The generator has only 2^32 states: the index keeps a million ids apart.
    event_id: uuid(random).slice(0, 24) + index.toString(16).padStart(12, '0'),
    method,
    request_body: '',
    request_id: `req-${uuid(random)}`,
    response_body: `{"id":"${uuid(random)}","status":"ok"}`,
    source,
    success: random.next() < 0.05 ? 'no' : 'yes',
    timestamp: `${new Date(Math.floor((newest - index * stepMs) / 1000) * 1000).toISOString().slice(0, 19)}Z`,
    uri: `${prefixes[source] ?? '/v2.0/'}${collection}/${resource ?? uuid(random)}${tail}`,
    user_email: `person${person}@example.test`,
    user_id: String(person).padStart(32, 'd06a'),
    user_agent: 'HashiCorp Terraform/1.4.0-dev gophercloud/2.0.0',
  };
  // No ids of resources: a call names a few of them, not one per line.
  const family = uuid(random).replaceAll('-', ' ');
  const room = bytes - 590;
  const rules: string[] = [];
  for (let used = 0; used < room;) {
    const rule = `{"note":"${family} ${String(1000 + rules.length)}","port":${1000 + (used % 9000)},"cidr":"10.${used % 250}.0.0/16"}`;
    rules.push(rule);
    used += rule.length + 11; // its ten quotes are escaped within the body
  }
  event.request_body = `{"rules":[${rules.join()}]}`;
  return event;
}

/** One call in 49 is about one of six that live all along, one for each component; any other resource lives for 60 calls. */
function resourceNumber(index: number): number {
  const component = index % calls.length;
  return index % 49 === 0 ? -1 - component : Math.floor(index / 60) * calls.length + component;
}

/** Events 0 to `count - 1` of the series. */
export function makeEvents(count: number, series: Series): ActivityEvent[] {
  return Array.from({ length: count }, (_, index) => makeEvent(index, series));
}

function uuid(random: Random): string {
  const digits = () => (0x100000000 + random.next() * 0x100000000).toString(16).slice(1, 9);
  const [a, b] = [digits(), digits()];
  return `${digits()}-${a.slice(0, 4)}-4${a.slice(4, 7)}-8${b.slice(0, 3)}-${b.slice(3, 7)}${digits()}`;
}
