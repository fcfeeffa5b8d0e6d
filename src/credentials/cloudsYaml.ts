import { isSecretValue, keepKnown, valueName, type FoundCloud, type ValueName } from '../core/openstack/cloudValues';
import { message, type Message } from '../core/base/message';

/** The three files in which OpenStack's tools keep clouds, parsed with all scalars as text; undefined where there is none. */
interface CloudsFiles {
  /** clouds.yaml */
  readonly clouds: unknown;
  /** secure.yaml: the same shape; it completes and overrules. */
  readonly secure?: unknown;
  /** clouds-public.yaml: the profiles. What is secret in them does not count: a cloud of anybody may name one. */
  readonly profiles?: unknown;
}

type Table = Readonly<Record<string, unknown>>;
type Values = Partial<Record<ValueName, string>>;

/** The clouds of these files, one for each region where several are listed. Profiles lie below a cloud, secrets on top of it. */
export function readClouds({ clouds, secure, profiles }: CloudsFiles): FoundCloud[] {
  const secrets = table(member(secure, 'clouds'));
  return Object.entries(table(member(clouds, 'clouds'))).flatMap(([name, content]) => {
    const notes: Message[] = [];
    const own = table(content);
    const layers = [profileOf(own, profiles, notes), own, table(member(secrets, name))];
    const values = Object.assign({}, ...layers.map((layer, index) => valuesOf(layer, index === 0))) as Values;
    addNotes(layers, notes);
    const regions = values.region_name === undefined ? regionsOf(layers) : [];
    if (regions.length === 0) return [{ name, values: keepKnown(values), notes }];
    return regions.map((region) => ({
      name: regions.length > 1 ? `${name} ${region.name}` : name,
      values: keepKnown({ ...values, ...region.values, region_name: region.name }),
      notes,
    }));
  });
}

function profileOf(cloud: Table, profiles: unknown, notes: Message[]): Table {
  const name = text(cloud['profile']) ?? text(cloud['cloud']);
  if (name === undefined) return {};
  if (/^https?:/i.test(name)) {
    notes.push(message('The profile lies at {0}, which is not asked.', name.slice(0, 200)));
    return {};
  }
  const found = member(member(profiles, 'public-clouds'), name);
  if (found === undefined) notes.push(message('The profile "{0}" is not in clouds-public.yaml.', name.slice(0, 60)));
  return table(found);
}

/** What stands in a cloud and in its part `auth`, which counts more; of a profile only what is no secret. */
function valuesOf(layer: Table, isProfile: boolean): Values {
  const values: Values = {};
  for (const [key, content] of [...Object.entries(layer), ...Object.entries(table(layer['auth']))]) {
    const name = valueName(key.replaceAll('-', '_'));
    const value = text(content);
    if (name !== undefined && value !== undefined && !(isProfile && isSecretValue(name))) values[name] = value;
  }
  return values;
}

function addNotes(layers: readonly Table[], notes: Message[]): void {
  if (
    layers.some(({ verify, insecure }) => /^(?:false|no|off)$/i.test(text(verify) ?? '') || text(insecure) === 'true')
  ) {
    notes.push(message('The file turns the check of certificates off. It stays on here.'));
  }
}

/** `regions: [a, {name: b, values: {...}}]` */
function regionsOf(layers: readonly Table[]): { name: string; values: Values }[] {
  const from = layers.findLastIndex(({ regions }) => Array.isArray(regions));
  const listed = (layers[from]?.['regions'] ?? []) as readonly unknown[];
  return listed.slice(0, 50).flatMap((region) => {
    const name = text(region) ?? text(member(region, 'name'));
    return name === undefined ? [] : [{ name, values: valuesOf(table(member(region, 'values')), from === 0) }];
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && !/^(?:~|null)$/i.test(value) ? value : undefined;
}

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

function member(value: unknown, key: string): unknown {
  const owner = table(value);
  return Object.hasOwn(owner, key) ? owner[key] : undefined;
}
