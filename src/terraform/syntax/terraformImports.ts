import type { Expression } from './hclExpression';

/** `import { to = vkcs_x.a, id = "..." }`: which resource is to get an address. Only literal ones are of use. */
export interface Import {
  readonly to: string;
  readonly id: string;
  readonly line: number;
}

/** What `each` stands for. */
interface Each {
  readonly key: string;
  readonly value: string;
}

/** UTF-16 units. A longer address or id is no person's work, and each element of a `for_each` would have its own. */
const longest = 2000;

const eachIndex = /\[\s*each\.(key|value)\s*\]/g;

/** What an `import` block says, for each element of a `for_each`; nothing where that takes evaluating. */
export function* readImport(to: string, body: ReadonlyMap<string, Expression>, line: number): Generator<Import> {
  if (to.length > longest || /[$%]\{/.test(to)) return;
  const elements = body.get('for_each');
  if (!elements) yield* importOf(to, body, undefined, line);
  else {
    for (const each of eachOf(elements)) {
      const address = to.replace(eachIndex, (_, name: keyof Each) => `[${JSON.stringify(each[name])}]`);
      if (address !== to) yield* importOf(address, body, each, line);
    }
  }
}

function importOf(to: string, body: ReadonlyMap<string, Expression>, each: Each | undefined, line: number): Import[] {
  const id = textOf(body.get('id'), each);
  return id === undefined || id === '' ? [] : [{ to, id, line }];
}

function eachOf(elements: Expression): Each[] {
  // In JSON an expression is a text with nothing but a template in it.
  const [part, ...others] = elements.kind === 'text' ? elements.parts : [];
  if (typeof part === 'object' && others.length === 0) return eachOf(part);
  const texts: (readonly [key: string | undefined, value: string | undefined])[] =
    elements.kind === 'object'
      ? [...elements.members].map(([key, value]) => [key, textOf(value)])
      : elements.kind === 'set'
        ? elements.items.map((item) => [textOf(item), textOf(item)])
        : [];
  return texts.flatMap(([key, value]) => (key === undefined || value === undefined ? [] : { key, value }));
}

/** Undefined where it is not known without running Terraform. */
function textOf(expression: Expression | string | undefined, each?: Each): string | undefined {
  if (typeof expression === 'string') return expression;
  if (expression?.kind === 'reference') {
    const [root, name, more] = expression.path;
    return root === 'each' && more === undefined && (name === 'key' || name === 'value') ? each?.[name] : undefined;
  }
  if (expression?.kind !== 'text') return undefined;
  let text = '';
  for (const part of expression.parts) {
    const next = textOf(part, each);
    if (next === undefined || text.length + next.length > longest) return undefined;
    text += next;
  }
  return text;
}
