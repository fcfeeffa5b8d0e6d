/** One step into a module, with its key where count or for_each is used. */
export interface ModuleStep {
  readonly name: string;
  readonly key: string | number | undefined;
}

export interface ResourcePart {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly key: string | number | undefined;
}

/** `module.db["a"].vkcs_x.y[0]`, taken apart. Without `resource` it is a module's address. */
export interface Address {
  readonly modules: readonly ModuleStep[];
  readonly resource: ResourcePart | undefined;
}

const token = /\s*(?:\.\s*)?([\p{ID_Start}_][\p{ID_Continue}-]*)\s*(?:\[\s*(?:(\d+)|("(?:[^"\\]|\\.)*"))\s*\])?/uy;

/** Undefined where the text is no address. */
export function parseAddress(text: string): Address | undefined {
  const modules: ModuleStep[] = [];
  const words: { name: string; key: string | number | undefined }[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  for (let at = 0; at < end; at = token.lastIndex) {
    const found = token.exec(text);
    if (!found) return undefined;
    words.push({ name: found[1] as string, key: readKey(found[2], found[3]) });
  }
  let at = 0;
  for (; words[at]?.name === 'module'; at += 2) {
    const step = words[at + 1];
    if (!step) return undefined;
    modules.push(step);
  }
  const mode = words[at]?.name === 'data' ? 'data' : 'managed';
  const [type, name, ...rest] = words.slice(mode === 'data' ? at + 1 : at);
  if (!type) return mode === 'managed' && modules.length > 0 ? { modules, resource: undefined } : undefined;
  if (!name || rest.length > 0) return undefined;
  return { modules, resource: { mode, type: type.name, name: name.name, key: name.key } };
}

function readKey(number: string | undefined, quoted: string | undefined): string | number | undefined {
  if (number !== undefined) return Number(number);
  if (quoted === undefined) return undefined;
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

/** As Terraform writes it. */
export function formatAddress({ modules, resource }: Address): string {
  const indexed = (name: string, key: string | number | undefined): string =>
    key === undefined ? name : `${name}[${JSON.stringify(key)}]`;
  const steps = modules.map(({ name, key }) => `module.${indexed(name, key)}`);
  if (!resource) return steps.join('.');
  const { mode, type, name, key } = resource;
  return [...steps, ...(mode === 'data' ? ['data'] : []), type, indexed(name, key)].join('.');
}
