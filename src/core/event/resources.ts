import { fieldText, type ActivityEvent } from './event';
import { isSecretName } from '../redact/secretNames';

/** The resources that an event names. */
interface Resources {
  /** The resource the call was about: an id from the path, or for a creation the new id from the answer. */
  readonly primary: string | undefined;
  /** All ids of resources that path and bodies name, `primary` first, none twice, at most {@link maxResources}. */
  readonly all: readonly string[];
}

/** Of a body that lists thousands of resources, the first are kept. */
const maxResources = 100;

/** Finds the ids. Runs for every event that is stored, so bodies are searched, not parsed, except the answer to a creation. */
export function resourceOf(event: ActivityEvent): Resources {
  const path = readPath(fieldText(event, 'uri'));
  const response = fieldText(event, 'response_body');
  const created =
    fieldText(event, 'method').toUpperCase() === 'POST' && path.creates ? createdIds(response, path.last) : [];
  // A creation of several at once is about none of them more than about the others.
  const primary = created.length === 1 ? created[0] : created.length === 0 ? path.primary : undefined;
  const all = new Set<string>(primary === undefined ? [] : [primary]);
  for (const id of [...created, ...path.ids]) all.add(id);
  addBodyIds(fieldText(event, 'request_body'), all);
  addBodyIds(response, all);
  return { primary, all: [...all].slice(0, maxResources) };
}

interface Path {
  readonly primary: string | undefined;
  readonly ids: readonly string[];
  /** Whether a POST here makes something new: the path ends with the name of a collection. */
  readonly creates: boolean;
  readonly last: string;
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const hexId = /^[\da-f]{32}$/i;

/** What follows an id only describes or links it: `/servers/<id>/os-volume_attachments/<volume>` is about the server. */
const relations = new Set(
  (
    'os-volume_attachments os-interface os-security-groups tags metadata meta os-extra_specs extra_specs bindings migrations consoles ' +
    'remote-consoles entries actions dhcp-networks l3-routers bgp-drinstances os-instance-actions ' +
    'servers/shares images/members flavors/service_profiles instances/databases instances/users'
  ).split(' '),
);

/** Collections whose members go by a name or number that a person chose. */
const namedCollections = new Set(['os-keypairs', 'flavors', 'os-hosts']);

/** Collections whose ids are taken even if they look like none; with a digit, since `detail` and the like stand there too. */
const knownCollections = new Set(
  (
    'servers images volumes snapshots backups types networks subnets subnetpools ports routers floatingips security-groups ' +
    'security-group-rules loadbalancers listeners pools members healthmonitors l7policies rules clusters clustertemplates baymodels ' +
    'nodegroups instances configurations os-server-groups os-aggregates zones recordsets shares plans providers checkpoints triggers ' +
    'scheduled_operations users projects groups'
  ).split(' '),
);

function readPath(uri: string): Path {
  const segments = uri
    .replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  let start = segments.findIndex((segment) => /^v\d+(?:\.\d+)*$/.test(segment)) + 1;
  // Cinder, Karbor, Trove: the project stands between the version and the collection.
  if (isHexId(segments[start] ?? '')) start++;
  const ids: string[] = [];
  let primary: string | undefined;
  let parent = '';
  for (let index = start + 1; index < segments.length; index++) {
    const collection = segments[index - 1] as string;
    const segment = segments[index] as string;
    if (!isId(segment, collection)) continue;
    const id = isUuid(segment) || isHexId(segment) ? segment.toLowerCase() : segment;
    const related = relations.has(collection) || relations.has(`${parent}/${collection}`);
    if (primary === undefined || !related) primary = id;
    // What a relation leads to is a resource of its own only where it has an id of its own kind: no tag, no key.
    if (!related || isUuid(id)) ids.push(id);
    parent = collection;
    index++;
  }
  const last = segments.at(-1) ?? '';
  const lastIsId = segments.length > start + 1 && isId(last, segments.at(-2) as string);
  const isRelation = parent !== '' && (relations.has(last) || relations.has(`${parent}/${last}`));
  return { primary, ids, creates: !lastIsId && !isRelation && /s$|_boot$/.test(last), last };
}

function isUuid(segment: string): boolean {
  return segment.length === 36 && uuid.test(segment);
}

function isHexId(segment: string): boolean {
  return segment.length === 32 && hexId.test(segment);
}

function isId(segment: string, collection: string): boolean {
  if (isUuid(segment) || isHexId(segment)) return true;
  if (namedCollections.has(collection)) return segment !== 'detail';
  return knownCollections.has(collection) && /\d/.test(segment) && !segment.startsWith('os-');
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment; // decoding costs more than all else here
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** UTF-16 units; of a longer answer only the beginning counts. */
const maxCreation = 1 << 20;

/** The ids in `{"server": {"id": ...}}`, `{"ports": [{"id": ...}, ...]}`, or `{"uuid": ...}` and `{"id": ...}` alone. */
function createdIds(response: string, collection: string): string[] {
  let answer: unknown;
  try {
    if (response.length > maxCreation) throw new RangeError('No creation is answered at such length');
    answer = JSON.parse(response);
  } catch {
    const cutOff = /^\s*\{\s*(?:"[\w-]+"\s*:\s*\{\s*)?"(?:id|uuid)"\s*:\s*"([^"\\]+)"/.exec(response);
    return cutOff ? [cutOff[1] as string] : [];
  }
  const own = idOf(answer, collection);
  if (own !== undefined) return [own];
  const values = isRecord(answer) ? Object.values(answer) : [];
  const items = values.length === 1 && Array.isArray(values[0]) ? values[0].slice(0, maxResources) : values.slice(0, 1);
  return items.map((item) => idOf(item, collection)).filter((id) => id !== undefined);
}

function idOf(value: unknown, collection: string): string | undefined {
  if (!isRecord(value)) return undefined;
  const id = [value['uuid'], value['id'], namedCollections.has(collection) ? value['name'] : undefined].find(
    (candidate) => typeof candidate === 'string' && candidate !== '',
  );
  return id as string | undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const quotedUuid = /"([\da-fA-F]{8}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{12})"/y;
const noResource =
  /(?:^|[_:-])(?:request|req|event|user|owner|project|tenant|domain|region|host|hypervisor|trust|trace|reservation|audit|etag)(?:_?u?u?id)?s?$/i;
const maxKey = 64;

/** Adds the ids that a body names. People and projects have ids without dashes, so they do not come along. */
function addBodyIds(body: string, ids: Set<string>): void {
  let namesResource = false;
  let end = -1;
  // Dashes are rare in bodies, so looking for them first is several times as fast as trying the pattern everywhere.
  for (let dash = body.indexOf('-', 9); dash >= 0 && ids.size < maxResources; dash = body.indexOf('-', dash + 1)) {
    const start = dash - 9;
    if (body.charCodeAt(start) !== quoteCode || body.charCodeAt(dash + 5) !== dashCode) continue;
    quotedUuid.lastIndex = start;
    const found = quotedUuid.exec(body);
    if (!found) continue;
    // In a list, all ids go by the name before it.
    const at = skipBack(body, start - 1);
    if (body[at] !== ',' || skipBack(body, at - 1) !== end) namesResource = keyNamesResource(readKeyBack(body, at));
    end = quotedUuid.lastIndex - 1;
    dash = end;
    if (namesResource) ids.add((found[1] as string).toLowerCase());
  }
}

const quoteCode = 34;
const dashCode = 45;

/** The key of the value that begins behind `at`, which may be the first of a list; '' where there is none. */
function readKeyBack(body: string, at: number): string {
  if (body[at] === '[') at = skipBack(body, at - 1);
  if (body[at] !== ':') return '';
  const end = skipBack(body, at - 1);
  if (body[end] !== '"') return '';
  const start = body.lastIndexOf('"', end - 1);
  return end - start > maxKey ? '' : body.slice(start + 1, end);
}

function skipBack(body: string, at: number): number {
  while (at >= 0 && body.charCodeAt(at) <= 32) at--;
  return at;
}

/** Bodies repeat the same few keys, so the answers are kept. */
const knownKeys = new Map<string, boolean>();

function keyNamesResource(key: string): boolean {
  let known = knownKeys.get(key);
  if (known === undefined) {
    known = key !== '' && !noResource.test(key) && !isSecretName(key);
    // A part of a text keeps all of it in memory, so what is kept is a copy.
    if (knownKeys.size < 1000 && key.length < 100) knownKeys.set(` ${key}`.slice(1), known);
  }
  return known;
}
