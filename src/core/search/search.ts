import { UserError } from '../base/errors';
import { message, type Message } from '../base/message';

export type CompareOperator = '=' | '<>' | '<' | '>' | '<=' | '>=' | ':';

/** A parsed query. Plain data, so that it can be sent to the worker. */
export type Search =
  | { readonly type: 'and' | 'or'; readonly items: readonly Search[] }
  | { readonly type: 'not'; readonly item: Search }
  | { readonly type: 'compare'; readonly field: string; readonly op: CompareOperator; readonly value: string }
  | { readonly type: 'exist'; readonly field: string }
  | { readonly type: 'text'; readonly value: string };

/** A query that cannot be read: `position` and `length` (UTF-16 units) say where. */
export class SearchError extends UserError {
  override readonly name = 'SearchError';

  constructor(
    text: Message,
    readonly position: number,
    readonly length: number,
  ) {
    super(text);
  }
}

/** Bounds that keep recursion here and the expression depth of SQLite (1,000) out of reach. */
const maxDepth = 100;
const maxTerms = 500;
/** Far more than so many conditions need. */
const maxTokens = 20_000;

type Keyword = 'AND' | 'OR' | 'NOT' | 'EXIST';

interface Token {
  readonly kind: 'word' | 'string' | 'operator' | 'keyword' | '(' | ')' | 'end';
  /** The value without quotes and escapes; keywords in upper case. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Parses the search language of the vendor's Cloud Audit [vendor]: `field=value`, `<>`, `<`, `>`, `<=`, `>=`, `:` (contains),
 * `field EXIST`, `AND`, `OR`, `NOT`, parentheses; a value without a field searches the text. NOT binds tighter than AND, AND
 * tighter than OR. Values go unquoted where they start with a Latin letter and hold only letters, digits and `_`, or are
 * unsigned integers; all others need `"..."` with `\` escapes. Keywords may be written in lower case.
 * @throws SearchError
 */
export function parseSearch(query: string, knownFields: ReadonlySet<string>): Search {
  return new Parser(query, knownFields).parse();
}

/** One method for each rule of the grammar. `depth` counts the parentheses and NOTs around. */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #terms = 0;

  constructor(
    private readonly query: string,
    private readonly knownFields: ReadonlySet<string>,
  ) {
    this.#tokens = tokenize(query);
  }

  parse(): Search {
    if (this.#peek().kind === 'end') throw fail(message('The filter is empty.'), this.#peek());
    const search = this.#parseOr(0);
    const rest = this.#peek();
    if (rest.kind === ')') throw fail(message('This parenthesis was never opened.'), rest);
    if (rest.kind !== 'end') throw this.#missingOperator();
    return search;
  }

  #peek(): Token {
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)] as Token;
  }

  #isKeyword(keyword: Keyword): boolean {
    return this.#peek().kind === 'keyword' && this.#peek().text === keyword;
  }

  #parseOr(depth: number): Search {
    return this.#parseList('or', 'OR', () => this.#parseAnd(depth));
  }

  #parseAnd(depth: number): Search {
    return this.#parseList('and', 'AND', () => this.#parseNot(depth));
  }

  #parseList(type: 'or' | 'and', keyword: Keyword, parseItem: () => Search): Search {
    const items = [parseItem()];
    while (this.#isKeyword(keyword)) {
      this.#next++;
      items.push(parseItem());
    }
    return items.length === 1 ? (items[0] as Search) : { type, items };
  }

  #parseNot(depth: number): Search {
    if (!this.#isKeyword('NOT')) return this.#parseTerm(depth);
    if (depth >= maxDepth) throw fail(message('The filter is nested too deeply.'), this.#peek());
    this.#next++;
    return { type: 'not', item: this.#parseNot(depth + 1) };
  }

  #parseTerm(depth: number): Search {
    const token = this.#peek();
    if (token.kind === '(') return this.#parseGroup(token, depth);
    if (++this.#terms > maxTerms) throw fail(message('The filter has more than {0} conditions.', maxTerms), token);
    if (token.kind !== 'word' && token.kind !== 'string') throw missingValue(token, this.#next > 0);
    this.#next++;
    const after = this.#peek();
    if (after.kind === 'operator') {
      this.#next++;
      const field = this.#checkField(token);
      return { type: 'compare', field, op: after.text as CompareOperator, value: this.#readValue(after) };
    }
    if (this.#isKeyword('EXIST')) {
      this.#next++;
      return { type: 'exist', field: this.#checkField(token) };
    }
    return { type: 'text', value: this.#checkValue(token) };
  }

  #parseGroup(open: Token, depth: number): Search {
    if (depth >= maxDepth) throw fail(message('The filter is nested too deeply.'), open);
    this.#next++;
    const first = this.#peek();
    if (first.kind === ')') throw fail(message('There is nothing between the parentheses.'), open, first);
    const inner = this.#parseOr(depth + 1);
    const close = this.#peek();
    if (close.kind === 'end') throw fail(message('This parenthesis is never closed.'), open);
    if (close.kind !== ')') throw this.#missingOperator();
    this.#next++;
    return inner;
  }

  #readValue(operator: Token): string {
    const token = this.#peek();
    if (token.kind !== 'word' && token.kind !== 'string') {
      throw fail(message('After {0} a value is missing.', operator.text), operator);
    }
    this.#next++;
    return this.#checkValue(token);
  }

  #checkField(token: Token): string {
    const { knownFields } = this;
    if (knownFields.has(token.text)) return token.text;
    const near = nearestNames(token.text, knownFields);
    throw near.length > 0
      ? fail(message('There is no field “{0}”. Did you mean {1}?', token.text, near.join(', ')), token)
      : fail(message('There is no field “{0}”. Fields: {1}.', token.text, [...knownFields].join(', ')), token);
  }

  #checkValue(token: Token): string {
    if (token.kind === 'string' || plainValue.test(token.text)) return token.text;
    // The whole run up to the next space is what the person meant, operators in it included.
    const [run = token.text] = /^[^\s()"]+/.exec(this.query.slice(token.start)) ?? [];
    throw new SearchError(message('This value needs quotes: {0}', quote(run)), token.start, run.length);
  }

  /** What to say of a token that cannot follow the one before it. */
  #missingOperator(): SearchError {
    const before = this.#tokens[this.#next - 1] as Token;
    const token = this.#peek();
    if (before.kind === 'word' && this.knownFields.has(before.text)) {
      return fail(
        message('After the field “{0}” an operator is missing: =, <>, <, >, <=, >=, : or EXIST.', before.text),
        token,
      );
    }
    if (token.kind === 'operator') return fail(message('Before {0} a field is missing.', token.text), token);
    return fail(message('AND or OR is missing here.'), token);
  }
}

/** The query text of `search`; parsing it gives the same search again. */
export function formatSearch(search: Search): string {
  switch (search.type) {
    case 'text':
      return quoteIfNeeded(search.value);
    case 'exist':
      return `${quoteIfNeeded(search.field)} EXIST`;
    case 'compare':
      return `${quoteIfNeeded(search.field)}${search.op}${quoteIfNeeded(search.value)}`;
    case 'not':
      return `NOT ${formatGrouped(search.item)}`;
    case 'and':
    case 'or':
      return search.items.map(formatGrouped).join(search.type === 'and' ? ' AND ' : ' OR ');
  }
}

function formatGrouped(search: Search): string {
  return search.type === 'and' || search.type === 'or' ? `(${formatSearch(search)})` : formatSearch(search);
}

/** `value` as a quoted value of the language. */
function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

function quoteIfNeeded(value: string): string {
  return plainValue.test(value) && !keyword.test(value) ? value : quote(value);
}

const plainValue = /^(?:[A-Za-z][\p{L}\d_]*|\d+)$/u;
const keyword = /^(?:AND|OR|NOT|EXIST)$/i;
const tokenPattern = /\s*(?:([()])|(<>|<=|>=|[=<>:])|"((?:[^"\\]|\\[^]?)*)("?)|([^\s()"=<>:]+)|$)/gy;

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (;;) {
    const found = tokenPattern.exec(query);
    if (!found) throw new Error('The pattern of tokens leaves no character out');
    const [whole, parenthesis, operator, string, closingQuote, word] = found;
    if (tokens.length === maxTokens)
      throw new SearchError(message('The filter has more than {0} conditions.', maxTerms), found.index, 1);
    const end = found.index + whole.length;
    const start = found.index + (whole.length - whole.trimStart().length);
    const add = (kind: Token['kind'], text: string): unknown => tokens.push({ kind, text, start, end });
    if (parenthesis) add(parenthesis as '(' | ')', parenthesis);
    else if (operator) add('operator', operator);
    else if (closingQuote === '')
      throw new SearchError(message('This quote is never closed.'), start, query.length - start);
    else if (string !== undefined) add('string', string.replace(/\\([^])/g, '$1'));
    else if (word !== undefined)
      add(keyword.test(word) ? 'keyword' : 'word', keyword.test(word) ? word.toUpperCase() : word);
    else {
      tokens.push({ kind: 'end', text: '', start: query.length, end: query.length });
      return tokens;
    }
  }
}

function fail(text: Message, first: Token, last = first): SearchError {
  return new SearchError(text, first.start, last.end - first.start);
}

function missingValue(token: Token, inside: boolean): SearchError {
  if (token.kind === 'operator') return fail(message('Before {0} a field is missing.', token.text), token);
  if (token.kind === 'end') return fail(message('The filter ends where a condition is missing.'), token);
  if (token.kind === ')' && !inside) return fail(message('This parenthesis was never opened.'), token);
  return fail(message('Before {0} a condition is missing.', token.text), token);
}

/** At most three names that `name` may have been meant for, nearest first. */
function nearestNames(name: string, names: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const rated = [...names].map((candidate) => {
    const other = candidate.toLowerCase();
    const contains = wanted.length > 2 && (other.includes(wanted) || wanted.includes(other));
    return { candidate, distance: contains ? 1 : editDistance(wanted, other) };
  });
  const limit = Math.max(1, Math.min(3, Math.floor(wanted.length / 3)));
  return rated
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** How many letters must be added, dropped or changed. Looks at the first 40 only. */
function editDistance(left: string, right: string): number {
  const a = left.slice(0, 40);
  const b = right.slice(0, 40);
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (row[j] as number) + 1, (current[j - 1] as number) + 1));
    }
    row = current;
  }
  return row[b.length] as number;
}
