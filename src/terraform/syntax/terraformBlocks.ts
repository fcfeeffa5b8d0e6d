import { expressionOfJson, parseHcl, type Expression } from './hcl';
import { JsonCursor } from '../../core/json/jsonCursor';
import { LineCounter } from '../../core/json/lineCounter';
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

const labels = { resource: 2, data: 2, module: 1, import: 0, moved: 0 } as const;
type Kind = keyof typeof labels;

/** Attributes that lead from one address or file to another. */
const linking = ['from', 'to', 'source'];

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

const space = /[ \t\r\uFEFF]+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/y;
const heredoc = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy;
const word = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;

interface OpenBlock {
  readonly kind: Kind;
  readonly names: readonly string[];
  readonly start: number;
  readonly line: number;
  readonly depth: number;
  readonly attributes: Map<string, string>;
}

/** Braces are counted outside of strings, comments and heredocs; a header counts only where a statement of the file begins. */
function readHclCode(text: string, code: CodeCollector): void {
  const lines = new LineCounter(text);
  let open: OpenBlock | undefined;
  let at = 0;
  let depth = 0;
  /** The statement so far: where it begins, its first words, and for an attribute where its value begins and ends. */
  let start = 0;
  let statement: string[] = [];
  let value = { start: 0, end: 0 };

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const close = (endLine: number): void => {
    if (!open) return;
    const { kind, names, start, line, attributes } = open;
    const readBody = () => parseHcl(text.slice(start, at)).blocks[0]?.body.attributes ?? new Map<string, Expression>();
    code.add(kind, names, { line, endLine: Math.max(line, endLine) }, attributes, readBody);
    open = undefined;
  };
  const beginBlock = (): void => {
    const [kind = '', ...names] = statement;
    if (!isKind(kind) || names.length !== labels[kind] || names.includes('=')) return;
    // A header at the start of a line while a block is open: the brace before it is not typed yet.
    if (depth > 0 && (start === 0 || text[start - 1] === '\n')) {
      close(lines.lineAt(start) - 1);
      depth = 0;
    }
    // `check` blocks hold data sources.
    if (open || depth > (kind === 'data' ? 1 : 0)) return;
    open = { kind, names, start, line: lines.lineAt(start), depth, attributes: new Map() };
  };
  const endStatement = (): void => {
    const [name = '', sign] = statement;
    if (open?.depth === depth - 1 && sign === '=' && linking.includes(name)) {
      const known = literal(text.slice(value.start, value.end));
      if (known !== undefined) open.attributes.set(name, known);
    }
    statement = [];
  };

  while (at < text.length) {
    if (match(space)) continue;
    const here = at;
    const character = text[at];
    if (statement.length === 0) start = here;
    if (character === '\n' || character === '{' || character === '}') {
      at++;
      if (character === '{') {
        beginBlock();
        depth++;
        statement = [];
        continue;
      }
      endStatement();
      if (character === '\n') continue;
      depth = Math.max(0, depth - 1);
      if (open?.depth === depth) close(lines.lineAt(here));
      continue;
    }
    let token = character ?? '';
    if (character === '"') {
      at = endOfString(text, at);
      token = text.slice(here + 1, text[at - 1] === '"' ? at - 1 : at);
    } else if (character === '<' && match(heredoc)) at = endOfHeredoc(text, here);
    else token = match(word)?.[0] ?? text.charAt(at++);
    if (statement.length === 2) value = { start: here, end: at };
    value.end = at;
    if (statement.length < 4) statement.push(token);
  }
  close(lines.lineAt(text.length));
}

function isKind(word: string): word is Kind {
  return Object.hasOwn(labels, word);
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

/** The offset after a string's closing quote; strings within `${}` of strings included. An open string ends with its line. */
function endOfString(text: string, quote: number): number {
  const stack: ('"' | '{')[] = ['"'];
  let at = quote + 1;
  while (at < text.length) {
    const character = text[at];
    const inString = stack.at(-1) === '"';
    if (inString && character === '\n' && stack.length === 1) return at;
    if (inString && character === '\\') at += 2;
    else if (inString && (character === '$' || character === '%')) {
      // `$${` is not an opening but two signs and a brace
      if (text[at + 1] === character && text[at + 2] === '{') at += 3;
      else if (text[at + 1] === '{') {
        stack.push('{');
        at += 2;
      } else at++;
    } else {
      at++;
      if (character === '"') {
        if (inString) stack.pop();
        else stack.push('"');
      } else if (!inString && character === '{') stack.push('{');
      else if (!inString && character === '}') stack.pop();
    }
    if (stack.length === 0) return at;
  }
  return Math.min(at, text.length);
}

function endOfHeredoc(text: string, at: number): number {
  heredoc.lastIndex = at;
  const name = heredoc.exec(text)?.[1] ?? '';
  const end = new RegExp(`^[ \\t]*${name}[ \\t]*\\r?$`, 'gmu');
  end.lastIndex = heredoc.lastIndex;
  return end.test(text) ? end.lastIndex : text.length;
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
