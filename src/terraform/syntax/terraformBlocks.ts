import { JsonCursor } from '../../core/json/jsonCursor';
import { LineCounter } from '../../core/json/lineCounter';
import { isDeclaring, isKind, labels, readHcl, type Kind } from './hcl';
import { expressionOfJson, readAttributes, valuesOf, type Attribute, type Expression } from './hclExpression';
import { readImport, type Import } from './terraformImports';

/** A block of Terraform code that declares something a state names. */
export interface Block {
  readonly kind: 'resource' | 'data' | 'module';
  /** '' for a module. */
  readonly type: string;
  readonly name: string;
  /** Lines from 0: of the header and of the closing brace. */
  readonly line: number;
  readonly endLine: number;
  /** A module's `source` where it is a plain string. */
  readonly source?: string;
}

/** `moved { from = vkcs_x.a, to = vkcs_x.b }`: what a state may still know under its former address. */
interface Move {
  readonly from: string;
  readonly to: string;
}

/** What a file of Terraform code declares, in its order. */
export interface TerraformCode {
  readonly blocks: readonly Block[];
  readonly imports: readonly Import[];
  readonly moves: readonly Move[];
}

/** The blocks of a `.tf` (or, by its name, `.tf.json`) file. Code that is being typed gives the blocks before the fault. */
export function findBlocks(text: string, fileName = ''): readonly Block[] {
  return readCode(text, fileName).blocks;
}

/** Like {@link findBlocks}, with all that links addresses. */
export function readCode(text: string, fileName = ''): TerraformCode {
  const code = new CodeCollector();
  if (fileName.endsWith('.json')) readJsonCode(text, code);
  else readHclCode(text, code);
  return code;
}

/** Attributes that lead from one address or file to another. */
const linking = ['from', 'to', 'source'];

/** What is read of a block. */
const needed = {
  resource: [],
  data: [],
  module: ['source'],
  import: ['to', 'id', 'for_each'],
  moved: ['from', 'to'],
} as const satisfies Readonly<Record<Kind, readonly string[]>>;

/** Of all code: each element of a `for_each` is one, with an address of its own. */
export const maxImports = 50_000;

class CodeCollector implements TerraformCode {
  readonly blocks: Block[] = [];
  readonly imports: Import[] = [];
  readonly moves: Move[] = [];

  /** `attributes` are the linking ones directly in the block that can be told without evaluating anything; `readBody` gives all. */
  add(
    kind: Kind,
    [type = '', name = type]: readonly string[],
    lines: Pick<Block, 'line' | 'endLine'>,
    attributes: ReadonlyMap<string, string>,
    readBody: () => ReadonlyMap<string, Expression>,
  ): void {
    const [from, to, source] = linking.map((key) => attributes.get(key));
    if (kind === 'import') {
      if (to === undefined) return;
      for (const found of readImport(to, readBody(), lines.line)) {
        if (this.imports.length > maxImports) break; // too many already
        this.imports.push(found);
      }
    } else if (kind === 'moved') {
      if (from !== undefined && to !== undefined) this.moves.push({ from, to });
    } else if (kind === 'module') {
      this.blocks.push({ kind, type: '', name, ...lines, ...(source === undefined ? {} : { source }) });
    } else this.blocks.push({ kind, type, name, ...lines });
  }
}

function readHclCode(text: string, code: CodeCollector): void {
  for (const block of readHcl(text, Object.keys(labels))) {
    if (!isDeclaring(block)) continue;
    const { kind, line, endLine } = block;
    const attributes = findAttributes(block.body, needed[kind]);
    const known = new Map<string, string>();
    for (const { name, text } of attributes) {
      const value = linking.includes(name) ? literal(text) : undefined;
      if (value !== undefined) known.set(name, value);
    }
    code.add(kind, block.labels, { line, endLine }, known, () => valuesOf(attributes));
  }
}

/** Those of these names, in their order, as far as there are any. Reads no further than it must: a module may be long. */
function findAttributes(body: string, names: readonly string[]): readonly Attribute[] {
  const found = new Map<string, Attribute>();
  if (names.length > 0) {
    for (const attribute of readAttributes(body)) {
      if (names.includes(attribute.name)) found.set(attribute.name, attribute);
      if (found.size === names.length) break;
    }
  }
  return [...found.values()];
}

/** A string's text or an address; undefined for what has to be evaluated. */
function literal(expression: string): string | undefined {
  if (!expression.startsWith('"')) return expression.length < 1000 ? expression : undefined;
  if (/[$%]\{/.test(expression)) return undefined;
  try {
    return JSON.parse(expression) as string;
  } catch {
    return undefined;
  }
}

/** `{"resource": {"type": {"name": {...}}}, "module": {"name": {"source": "..."}}}`, each level perhaps in a list. */
function readJsonCode(text: string, code: CodeCollector): void {
  const cursor = new JsonCursor(text);
  const lines = new LineCounter(text);
  const members = (visit: (key: string) => void): void => {
    if (cursor.enter('[')) while (cursor.nextElement()) members(visit);
    else if (!cursor.enter('{')) cursor.takeValue();
    else for (let key; (key = cursor.nextKey()) !== undefined;) visit(key);
  };
  const elements = (visit: () => void): void => {
    if (!cursor.enter('[')) visit();
    else while (cursor.nextElement()) visit();
  };
  const declare = (kind: Kind, names: readonly string[]): void => {
    const start = cursor.offset;
    const line = lines.lineAt(start);
    const body = cursor.takeValue();
    const attributes = kind === 'resource' || kind === 'data' ? new Map<string, string>() : attributesIn(body);
    const readBody = () => {
      const value = expressionOfJson(JSON.parse(body));
      return value.kind === 'object' ? value.members : new Map<string, Expression>();
    };
    code.add(kind, names, { line, endLine: lines.lineAt(start + body.length) }, attributes, readBody);
  };
  try {
    members((kind) => {
      if (!isKind(kind)) cursor.takeValue();
      else if (labels[kind] === 0) elements(() => declare(kind, []));
      else if (labels[kind] === 1) members((name) => declare(kind, [name]));
      else members((type) => members((name) => declare(kind, [type, name])));
    });
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
  }
}

function attributesIn(body: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const cursor = new JsonCursor(body);
  while (cursor.enter('[') && cursor.nextElement());
  if (!cursor.enter('{')) return attributes;
  for (let key; (key = cursor.nextKey()) !== undefined;) {
    const value = cursor.readString();
    if (value === undefined) cursor.takeValue();
    else if (linking.includes(key) && !/[$%]\{/.test(value)) attributes.set(key, value);
  }
  return attributes;
}
