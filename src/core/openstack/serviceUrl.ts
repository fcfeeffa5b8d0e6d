import { isLoopback, type Endpoint } from './endpoint';
import { UserError } from '../base/errors';
import { message } from '../base/message';

/** A service of the connection's Keystone catalog, with its public address. */
export interface CatalogService {
  readonly type: string;
  readonly name: string;
  readonly url: string;
}

/** What a connection knows of the addresses of its services. */
export interface ServiceContext {
  readonly endpoint: Pick<Endpoint, 'url' | 'projectId'> | undefined;
  /** The setting `activityLog.serviceUrls`: component -> base address. */
  readonly serviceUrls: Readonly<Record<string, string>>;
  readonly catalog?: readonly CatalogService[] | undefined;
}

/** The vendor's public addresses [vendor]. Karbor's successor answers for both names. */
const vendorUrls: Readonly<Record<string, string>> = {
  nova: 'https://infra.mail.ru:8774/v2.1',
  cinder: 'https://public.infra.mail.ru:8776/v3/{project_id}',
  glance: 'https://infra.mail.ru:9292',
  neutron: 'https://infra.mail.ru:9696',
  octavia: 'https://public.infra.mail.ru:9876',
  magnum: 'https://infra.mail.ru:9511/v1',
  karbor: 'https://mcs.mail.ru/infra/karboii/v1',
  karboii: 'https://mcs.mail.ru/infra/karboii/v1',
};

/** Whether the host is one of the vendor's. */
export function isVendorHost(hostname: string): boolean {
  return /^(?:(?:public\.)?infra\.mail\.ru|(?:[a-z0-9-]+\.)*mcs\.mail\.ru)$/.test(hostname);
}

/** OpenStack's service types, best first. */
const catalogTypes: Readonly<Record<string, readonly string[]>> = {
  nova: ['compute'],
  cinder: ['volumev3', 'block-storage', 'block-store', 'volume'],
  neutron: ['network'],
  glance: ['image'],
  octavia: ['load-balancer'],
  magnum: ['container-infra', 'container-infrastructure-management'],
  karbor: ['data-protect', 'data-protection-orchestration', 'backup'],
  karboii: ['data-protect', 'backup'],
  trove: ['database'],
  dbaas: ['database'],
  manila: ['sharev2', 'shared-file-system', 'share'],
  dns: ['dns'],
  iam: ['identity'],
};

/** The component that serves a collection, for events whose source says nothing known (`new`, ''). */
const ownerOf: Readonly<Record<string, string>> = {
  servers: 'nova',
  'os-keypairs': 'nova',
  'os-server-groups': 'nova',
  volumes: 'cinder',
  snapshots: 'cinder',
  images: 'glance',
  networks: 'neutron',
  subnets: 'neutron',
  routers: 'neutron',
  ports: 'neutron',
  floatingips: 'neutron',
  'security-groups': 'neutron',
  'security-group-rules': 'neutron',
  lbaas: 'octavia',
  clusters: 'magnum',
  nodegroups: 'magnum',
};

/**
 * The address under which the token may be sent to `source`'s service: from the setting, the connection's own catalog, or, when the
 * endpoint is the vendor's, the vendor's list. Undefined where none of them names one; `'bad'` where one does, but not an address that
 * a token may go to.
 */
export function serviceUrl(source: string, path: string, context: ServiceContext): URL | 'bad' | undefined {
  const owner = path
    .split('/')
    .map((segment) => own(ownerOf, segment))
    .find((component) => component !== undefined);
  for (const component of owner === undefined || owner === source ? [source] : [source, owner]) {
    const text =
      own(context.serviceUrls, component) ?? fromCatalog(component, context) ?? fromVendor(component, context);
    if (text !== undefined) return readBase(text, context) ?? 'bad';
  }
  return undefined;
}

function fromCatalog(component: string, { catalog = [] }: ServiceContext): string | undefined {
  const named = catalog.find(({ name }) => name.toLowerCase() === component);
  const types = own(catalogTypes, component) ?? [];
  return (types.map((type) => catalog.find((service) => service.type === type)).find(Boolean) ?? named)?.url;
}

function fromVendor(component: string, { endpoint }: ServiceContext): string | undefined {
  const url = endpoint && URL.canParse(endpoint.url) ? new URL(endpoint.url) : undefined;
  return url?.protocol === 'https:' && isVendorHost(url.hostname) ? own(vendorUrls, component) : undefined;
}

/** Whether a token may be sent to services below this address. @throws UserError */
export function checkServiceAddress(text: string): void {
  if (!readBase(text, { endpoint: undefined, serviceUrls: {} })) {
    throw new UserError(message('This is no address of a service: it must begin with https:// and hold no password.'));
  }
}

/** A base address with the project filled in; undefined unless it is https (or loopback) with neither credentials nor query. */
function readBase(text: string, { endpoint }: ServiceContext): URL | undefined {
  const filled = text
    .trim()
    .replace(/\{(?:project|tenant)_id\}|[%$]\((?:project|tenant)_id\)s/g, endpoint?.projectId ?? '');
  if (!URL.canParse(filled)) return undefined;
  const url = new URL(filled);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return safe && !url.username && !url.password && !url.search && !url.hash ? url : undefined;
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
