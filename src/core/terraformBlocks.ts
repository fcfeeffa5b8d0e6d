import { JsonCursor } from './jsonCursor';
import { lineCounter } from './lineCounter';

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

/** The blocks of a `.tf` (or, by its name, `.tf.json`) file, in its order. Code that is being typed gives the blocks before the fault. */
export function findBlocks(text: string, fileName = ''): Block[] {
  return fileName.endsWith('.json') ? findJsonBlocks(text) : findHclBlocks(text);
}

const labels: Readonly<Record<string, number>> = { resource: 2, data: 2, module: 1 };
const space = /[ \t\r\uFEFF]+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/y;
const heredoc = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy;
const word = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;

/** Braces are counted outside of strings, comments and heredocs; a header counts only where a statement of the file begins. */
function findHclBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const lineAt = lineCounter(text);
  let open:
    { kind: Block['kind']; type: string; name: string; line: number; depth: number; source?: string } | undefined;
  let at = 0;
  let start = 0;
  let depth = 0;
  /** The words of the statement so far; only its beginning is of interest. */
  let statement: string[] = [];

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const close = (endLine: number): void => {
    if (!open) return;
    const { kind, type, name, line, source } = open;
    blocks.push({
      kind,
      type,
      name,
      line,
      endLine: Math.max(line, endLine),
      ...(source === undefined ? {} : { source }),
    });
    open = undefined;
  };
  const beginBlock = (): void => {
    const [kind = '', ...names] = statement;
    if (!Object.hasOwn(labels, kind) || names.length !== labels[kind] || names.includes('=')) return;
    // A header at the start of a line while a block is open: the brace before it is not typed yet.
    if (depth > 0 && (start === 0 || text[start - 1] === '\n')) {
      close(lineAt(start) - 1);
      depth = 0;
    }
    // `check` blocks hold data sources.
    if (open || depth > (kind === 'data' ? 1 : 0)) return;
    const type = kind === 'module' ? '' : (names[0] ?? '');
    open = { kind: kind as Block['kind'], type, name: names.at(-1) ?? '', line: lineAt(start), depth };
  };

  while (at < text.length) {
    if (match(space)) continue;
    const here = at;
    const character = text[at];
    if (statement.length === 0) start = here;
    if (character === '"') {
      at = endOfString(text, at);
      const value = text.slice(here + 1, text[at - 1] === '"' ? at - 1 : at);
      if (open?.depth === depth - 1 && statement.join('') === 'source=' && !value.includes('${')) open.source = value;
      if (statement.length < 4) statement.push(value);
    } else if (character === '<' && match(heredoc)) {
      at = endOfHeredoc(text, here);
    } else if (character === '\n' || character === '{' || character === '}') {
      at++;
      if (character === '{') {
        beginBlock();
        depth++;
      } else if (character === '}') {
        depth = Math.max(0, depth - 1);
        if (open?.depth === depth) close(lineAt(here));
      }
      statement = [];
    } else {
      const found = match(word);
      if (!found) at++;
      if (statement.length < 4) statement.push(found?.[0] ?? character ?? '');
    }
  }
  close(lineAt(text.length));
  return blocks;
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
function findJsonBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const cursor = new JsonCursor(text);
  const lineAt = lineCounter(text);
  const members = (visit: (key: string) => void): void => {
    if (cursor.enter('[')) while (cursor.nextElement()) members(visit);
    else if (!cursor.enter('{')) cursor.takeValue();
    else for (let key; (key = cursor.nextKey()) !== undefined;) visit(key);
  };
  const declare = (kind: Block['kind'], type: string, name: string): void => {
    const start = cursor.offset;
    const line = lineAt(start);
    const body = cursor.takeValue();
    const source = kind === 'module' ? sourceIn(body) : undefined;
    const end = lineAt(start + body.length);
    blocks.push({ kind, type, name, line, endLine: end, ...(source === undefined ? {} : { source }) });
  };
  try {
    members((kind) => {
      if (kind === 'module') members((name) => declare(kind, '', name));
      else if (kind === 'resource' || kind === 'data') members((type) => members((name) => declare(kind, type, name)));
      else cursor.takeValue();
    });
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
  }
  return blocks;
}

function sourceIn(body: string): string | undefined {
  const cursor = new JsonCursor(body);
  while (cursor.enter('[') && cursor.nextElement());
  if (cursor.enter('{')) {
    for (let key; (key = cursor.nextKey()) !== undefined;) {
      if (key === 'source') return cursor.readString();
      cursor.takeValue();
    }
  }
  return undefined;
}
