import { parseEndpoint } from './endpoint';
import { UserError } from '../base/errors';
import type { CatalogService } from './serviceUrl';

/** The public address of a service in one region, as Keystone's catalog tells it. */
export interface CatalogEntry extends CatalogService {
  readonly region: string;
}

/** Reads the catalog of a token's description; passes over what is none. */
export function readCatalog(catalog: unknown): CatalogEntry[] {
  return list(catalog).flatMap((service) =>
    list(service['endpoints'])
      .filter((endpoint) => endpoint['interface'] === 'public')
      .map((endpoint) => ({
        type: text(service['type']),
        name: text(service['name']),
        region: text(endpoint['region_id']) || text(endpoint['region']),
        url: text(endpoint['url']),
      })),
  );
}

/** An Audit endpoint of the catalog that can be used. */
export interface AuditEndpoint {
  readonly url: string;
  readonly region: string;
}

/**
 * The endpoints of the activity log [vendor: called "Audit"], in `region` where one is given; each address once.
 * @throws UserError where there are some, but none that a token may be sent to
 */
export function auditEndpoints(catalog: readonly CatalogEntry[], region: string | undefined): AuditEndpoint[] {
  const named = inRegion(catalog, region).filter(({ type, name }) => isAudit(type) || isAudit(name));
  const found = new Map<string, AuditEndpoint>();
  let refusal: unknown;
  for (const entry of named) {
    try {
      const { url } = parseEndpoint(entry.url);
      if (!found.has(url)) found.set(url, { url, region: entry.region });
    } catch (error) {
      refusal = error;
    }
  }
  if (found.size === 0 && refusal instanceof UserError) throw refusal;
  return [...found.values()];
}

/**
 * The endpoints of the log in a newer catalog where the log has left `endpoint`, which the catalog before named; empty where it has
 * not, or is named no more.
 */
export function movedLog(
  endpoint: string,
  before: readonly CatalogService[],
  catalog: readonly CatalogEntry[],
  region: string | undefined,
): AuditEndpoint[] {
  const former = before.map((service) => ({ ...service, region: '' }));
  const isAt = ({ url }: AuditEndpoint): boolean => url === endpoint;
  const now = usable(() => auditEndpoints(catalog, region));
  return usable(() => auditEndpoints(former, undefined)).some(isAt) && !now.some(isAt) ? now : [];
}

function usable(read: () => AuditEndpoint[]): AuditEndpoint[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** The services of `region`; where none is given, those that have one address in all. */
export function servicesOf(catalog: readonly CatalogEntry[], region: string | undefined): CatalogService[] {
  const entries = inRegion(catalog, region);
  const found = new Map<string, CatalogService | undefined>();
  for (const { type, name, url } of entries) {
    const isAlone = !found.has(type) || found.get(type)?.url === url;
    found.set(type, isAlone ? { type, name, url } : undefined);
  }
  return [...found.values()].filter((service) => service !== undefined);
}

function inRegion(catalog: readonly CatalogEntry[], region: string | undefined): readonly CatalogEntry[] {
  return region === undefined ? catalog : catalog.filter((entry) => entry.region === region);
}

function isAudit(name: string): boolean {
  return /^(?:cloud[ _-]?)?(?:audit|activity)(?:[ _-]?logs?)?$/i.test(name);
}

function list(value: unknown): readonly Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
