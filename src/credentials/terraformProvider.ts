import {
  isPlaceholder,
  keepKnown,
  valueName,
  type CloudValues,
  type FoundCloud,
  type ValueName,
} from '../core/openstack/cloudValues';
import { expressionOfJson, parseHcl, type Body, type Expression } from '../terraform/syntax/hcl';
import { message, type Message } from '../core/base/message';

/** A file of a directory with Terraform code: `.tf`, `.tf.json`, `.tfvars` or `.tfvars.json`. */
export interface TerraformFile {
  readonly name: string;
  readonly text: string;
}

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
  const code = files
    .filter(({ name }) => /\.tf(?:\.json)?$/.test(name))
    .map((file) => ({ file: file.name, body: bodyOf(file) }));
  const scope = new Scope(
    code.map(({ body }) => body),
    files
      .filter(({ name }) => isReadUnasked(name))
      .sort(byPrecedence)
      .map(bodyOf),
  );
  return code.flatMap(({ file, body }) =>
    body.blocks
      .filter(({ kind, labels }) => kind === 'provider' && /^(?:vkcs|mcs|openstack)$/.test(labels[0] ?? ''))
      .map(({ labels, body: block }) => ({ file, ...readProvider(labels[0] ?? '', block, scope) })),
  );
}

function readProvider(type: string, { attributes }: Body, scope: Scope): Omit<FoundProvider, 'file'> {
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

  constructor(code: readonly Body[], settings: readonly Body[]) {
    for (const { kind, labels, body } of code.flatMap(({ blocks }) => blocks)) {
      const standard = body.attributes.get('default');
      if (kind === 'variable' && labels[0] !== undefined && standard) this.#variables.set(labels[0], standard);
      if (kind === 'locals') for (const [name, value] of body.attributes) this.#locals.set(name, value);
    }
    for (const { attributes } of settings) for (const [name, value] of attributes) this.#variables.set(name, value);
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

function bodyOf({ name, text }: TerraformFile): Body {
  if (!name.endsWith('.json')) return parseHcl(text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { attributes: new Map(), blocks: [] };
  }
  const top = expressionOfJson(json);
  return top.kind === 'object' ? bodyOfMembers(top.members) : { attributes: new Map(), blocks: [] };
}

/** `{"provider": {"vkcs": {...}}, "variable": {"name": {...}}, "locals": {...}}` of a JSON file, and the values of a `.tfvars.json`. */
function bodyOfMembers(members: ReadonlyMap<string, Expression>): Body {
  const blocks = [...members].flatMap(([kind, value]) => {
    if (value.kind !== 'object') return [];
    const body = (attributes: ReadonlyMap<string, Expression>): Body => ({ attributes, blocks: [] });
    if (kind === 'locals') return [{ kind, labels: [], body: body(value.members) }];
    return [...value.members].flatMap(([label, content]) =>
      content.kind === 'object' ? [{ kind, labels: [label], body: body(content.members) }] : [],
    );
  });
  return { attributes: members, blocks };
}
