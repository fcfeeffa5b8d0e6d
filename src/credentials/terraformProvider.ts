import {
  isPlaceholder,
  keepKnown,
  valueName,
  type CloudValues,
  type FoundCloud,
  type ValueName,
} from '../core/openstack/cloudValues';
import { readHcl } from '../terraform/syntax/hcl';
import { expressionOfJson, readAttributes, valuesOf, type Expression } from '../terraform/syntax/hclExpression';
import { message, type Message } from '../core/base/message';

/** A file of a directory with Terraform code: `.tf`, `.tf.json`, `.tfvars` or `.tfvars.json`. */
export interface TerraformFile {
  readonly name: string;
  readonly text: string;
}

/** A block that tells of a cloud, or what stands for values in such. */
interface Block {
  readonly kind: string;
  /** The first label; '' where there is none. */
  readonly name: string;
  readonly attributes: Attributes;
}

type Attributes = ReadonlyMap<string, Expression>;

/** A provider block that tells of a cloud. */
interface FoundProvider extends FoundCloud {
  /** The file that holds the block. */
  readonly file: string;
  /** The entry of clouds.yaml that it names. */
  readonly cloud?: string;
  /** What the provider takes where neither the block nor the environment says anything. */
  readonly standard: CloudValues;
}

/** Where the vendor's provider signs in, and whom it takes users for, unless it is told [vendor]. */
const vendorValues = {
  auth_url: 'https://infra.mail.ru:35357/v3/',
  user_domain_name: 'users',
  region_name: 'RegionOne',
};

/**
 * What the provider blocks `vkcs`, `mcs` and `openstack` of one directory tell. Variables are known by their defaults and by the
 * `.tfvars` files that Terraform reads unasked; `locals` and texts made of both are followed. Everything else is named in the notes.
 */
export function readProviders(files: readonly TerraformFile[]): FoundProvider[] {
  const blocks = files
    .filter(({ name }) => /\.tf(?:\.json)?$/.test(name))
    .flatMap((file) => blocksOf(file).map((block) => ({ file: file.name, ...block })));
  const settings = files
    .filter(({ name }) => isReadUnasked(name))
    .sort(byPrecedence)
    .map(settingsOf);
  const scope = new Scope(blocks, settings);
  return blocks
    .filter(({ kind, name }) => kind === 'provider' && /^(?:vkcs|mcs|openstack)$/.test(name))
    .map(({ file, name, attributes }) => ({ file, ...readProvider(name, attributes, scope) }));
}

function readProvider(type: string, attributes: Attributes, scope: Scope): Omit<FoundProvider, 'file'> {
  const values: Partial<Record<ValueName, string>> = {};
  const notes: Message[] = [];
  for (const [attribute, expression] of attributes) {
    const name = valueName(attribute);
    if (!name) continue;
    const value = scope.text(expression);
    if (value === undefined) notes.push(message('What the block says for {0} is known to Terraform only.', attribute));
    else if (isPlaceholder(value)) notes.push(message('The block has only a placeholder for {0}.', attribute));
    else values[name] = value;
  }
  const alias = attributes.get('alias');
  const cloud = attributes.get('cloud');
  const cloudName = cloud && scope.text(cloud);
  const title = [type, alias && scope.text(alias)].filter(Boolean).join('.');
  return {
    name: title,
    values: keepKnown(values),
    notes,
    // An address that only Terraform knows must not become the vendor's.
    standard: type === 'openstack' || attributes.has('auth_url') ? {} : vendorValues,
    ...(cloudName && { cloud: cloudName }),
  };
}

/** What variables and locals stand for. */
class Scope {
  readonly #variables = new Map<string, Expression>();
  readonly #locals = new Map<string, Expression>();
  /** How many more expressions are looked at for one text: code may multiply itself. */
  #left = most;

  constructor(blocks: readonly Block[], settings: readonly Attributes[]) {
    for (const { kind, name, attributes } of blocks) {
      const standard = attributes.get('default');
      if (kind === 'variable' && standard) this.#variables.set(name, standard);
      if (kind === 'locals') for (const [local, value] of attributes) this.#locals.set(local, value);
    }
    for (const attributes of settings) for (const [name, value] of attributes) this.#variables.set(name, value);
  }

  /** Undefined where only Terraform knows. */
  text(expression: Expression, depth = 0): string | undefined {
    if (depth === 0) this.#left = most;
    const value = this.#resolve(expression, depth);
    if (value?.kind !== 'text') return undefined;
    let text = '';
    for (const part of value.parts) {
      const next = typeof part === 'string' ? part : this.text(part, depth + 1);
      if (next === undefined || text.length > longest) return undefined;
      text += next;
    }
    return text;
  }

  #resolve(expression: Expression, depth: number): Expression | undefined {
    if (depth > deepest || this.#left-- <= 0) return undefined;
    if (expression.kind !== 'reference') return expression;
    const [root, name = '', ...members] = expression.path;
    const table = root === 'var' ? this.#variables : root === 'local' ? this.#locals : undefined;
    let value = table?.get(name);
    for (const member of members) {
      const object = value && this.#resolve(value, depth + 1);
      value = object?.kind === 'object' ? object.members.get(member) : undefined;
    }
    return value && this.#resolve(value, depth + 1);
  }
}

/** Code may refer to itself. */
const deepest = 10;
const most = 10_000;
const longest = 10_000;

function isReadUnasked(name: string): boolean {
  return /^terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/.test(name);
}

/** As Terraform does: `terraform.tfvars`, its JSON, then the others by name; the last one counts. */
function byPrecedence({ name: left }: TerraformFile, { name: right }: TerraformFile): number {
  const rank = (name: string): number => ['terraform.tfvars', 'terraform.tfvars.json'].indexOf(name) + 1 || 3;
  return rank(left) - rank(right) || (left < right ? -1 : 1);
}

/** The blocks of a file that are of use here. */
function blocksOf({ name, text }: TerraformFile): Block[] {
  if (name.endsWith('.json')) return blocksOfJson(membersOf(text));
  const blocks = readHcl(text, ['provider', 'variable', 'locals']);
  return blocks.map(({ kind, labels: [name = ''], body }) => ({
    kind,
    name,
    attributes: valuesOf(readAttributes(body)),
  }));
}

function settingsOf({ name, text }: TerraformFile): Attributes {
  return name.endsWith('.json') ? membersOf(text) : valuesOf(readAttributes(text));
}

/** The members of the object that JSON holds. */
function membersOf(text: string): Attributes {
  try {
    const top = expressionOfJson(JSON.parse(text));
    return top.kind === 'object' ? top.members : new Map();
  } catch {
    return new Map();
  }
}

/** `{"provider": {"vkcs": {...}}, "variable": {"name": {...}}, "locals": {...}}` */
function blocksOfJson(members: Attributes): Block[] {
  return [...members].flatMap(([kind, value]) => {
    if (value.kind !== 'object') return [];
    if (kind === 'locals') return [{ kind, name: '', attributes: value.members }];
    return [...value.members].flatMap(([name, content]) =>
      content.kind === 'object' ? [{ kind, name, attributes: content.members }] : [],
    );
  });
}
