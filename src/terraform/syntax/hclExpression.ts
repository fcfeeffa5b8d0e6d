import { HclCursor } from './hclCursor';

/** An expression of Terraform's language, as far as it can be known without running Terraform. */
export type Expression =
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Expression> }
  /** `toset(["a", "b"])` */
  | { readonly kind: 'set'; readonly items: readonly Expression[] }
  /** `var.auth.username` */
  | { readonly kind: 'reference'; readonly path: readonly string[] }
  | { readonly kind: 'other' };

/** `name = value` */
export interface Attribute {
  readonly name: string;
  readonly value: Expression;
  /** The value as it stands there, and with it a comma or bracket that may not stand behind it in a block. */
  readonly text: string;
}

const other: Expression = { kind: 'other' };
const deepest = 30;

const sign = /[=:](?!=)/y;
const opening = /[{[(]/y;
const closing = /\}/y;
const separator = /[,\])]/y;
const constant = /-?\d[\w.+-]*|true\b|false\b/y;
const setOpening = /toset\(\s*\[/y;
const setClosing = /\]\s*\)/y;
const objectOpening = /(?:tomap\(\s*)?\{/y;
const reference = /[\p{ID_Start}_][\p{ID_Continue}-]*(?:\.[\p{ID_Start}_][\p{ID_Continue}-]*|\["[^"\\\n$%]*"\])*/uy;

/** The attributes of a block's body or of a `.tfvars` file, not those of blocks within. What it does not understand it passes over. */
export function readAttributes(text: string): Generator<Attribute> {
  return new ExpressionReader(text).attributes(0);
}

/** By their names; of several the last one counts. */
export function valuesOf(attributes: Iterable<Attribute>): ReadonlyMap<string, Expression> {
  const values = new Map<string, Expression>();
  for (const { name, value } of attributes) values.set(name, value);
  return values;
}

/** A value of a `.tf.json` or `.tfvars.json` file, where texts are templates. */
export function expressionOfJson(value: unknown, depth = 0): Expression {
  if (typeof value === 'string') return template(value, depth);
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'text', parts: [String(value)] };
  if (typeof value !== 'object' || value === null || depth > deepest) return other;
  if (Array.isArray(value)) return value.length === 1 ? expressionOfJson(value[0], depth + 1) : other;
  const members = Object.entries(value).map(([name, member]) => [name, expressionOfJson(member, depth + 1)] as const);
  return { kind: 'object', members: new Map(members) };
}

class ExpressionReader {
  readonly #cursor: HclCursor;
  /** Where the expression that was read last ends. */
  #end = 0;

  constructor(text: string) {
    this.#cursor = new HclCursor(text);
  }

  /** Up to the brace that closes. */
  *attributes(depth: number): Generator<Attribute> {
    const cursor = this.#cursor;
    for (;;) {
      cursor.skipBlank();
      if (cursor.isAtEnd || cursor.take(closing)) return;
      const words: string[] = [];
      for (let word; (word = cursor.string() ?? cursor.word()) !== undefined; cursor.skipBlank()) words.push(word);
      const [name, ...labels] = words;
      if (name === undefined) this.#pass();
      else if (labels.length === 0 && cursor.take(sign)) {
        cursor.skipBlank();
        const start = cursor.at;
        const value = this.expression(depth);
        const end = cursor.take(separator) ? cursor.at : this.#end;
        yield { name, value, text: cursor.text.slice(start, end) };
      }
    }
  }

  /** The expression that begins here, up to the end of its line or element. */
  expression(depth: number): Expression {
    const cursor = this.#cursor;
    cursor.skipBlank();
    let value = this.#operand(depth);
    for (;;) {
      this.#end = cursor.at;
      cursor.skipBlank();
      if (cursor.isAtEnd || '\n,}])'.includes(cursor.text.charAt(cursor.at))) return value;
      // An operator, a call or an index behind it makes it something else.
      value = other;
      this.#pass();
    }
  }

  #operand(depth: number): Expression {
    const cursor = this.#cursor;
    const document = cursor.heredoc();
    if (document) {
      const text = document.text.replace(/\r\n/g, '\n');
      return template(document.isIndented ? withoutIndent(text) : text, depth);
    }
    const string = cursor.string();
    if (string !== undefined) return template(string, depth, true);
    const known = cursor.take(constant);
    if (known !== undefined) return { kind: 'text', parts: [known] };
    if (cursor.take(setOpening)) return this.#set(depth);
    if (cursor.take(objectOpening)) {
      if (depth < deepest) return { kind: 'object', members: valuesOf(this.attributes(depth + 1)) };
      this.#skipBrackets();
      return other;
    }
    const path = cursor.take(reference);
    if (path === 'null') return { kind: 'text', parts: [] };
    if (path === undefined) return other;
    return { kind: 'reference', path: path.split(/\.|\["|"\]\.?/).filter((step) => step !== '') };
  }

  /** What stands behind `toset([`. */
  #set(depth: number): Expression {
    const cursor = this.#cursor;
    const items: Expression[] = [];
    while (!cursor.isAtEnd) {
      if (cursor.skipBlank() || cursor.take(/[\n,]/y)) continue;
      if (cursor.take(setClosing)) return { kind: 'set', items };
      const start = cursor.at;
      items.push(depth < deepest ? this.expression(depth + 1) : other);
      if (cursor.at === start) cursor.at++;
    }
    return other;
  }

  /** Passes a token, or all that stands in brackets. */
  #pass(): void {
    if (this.#cursor.take(opening)) this.#skipBrackets();
    else this.#cursor.token();
  }

  /** Goes behind the bracket that closes the one before. */
  #skipBrackets(): void {
    const cursor = this.#cursor;
    for (let depth = 1; depth > 0 && !cursor.isAtEnd;) {
      if (cursor.skipBlank()) continue;
      const character = cursor.text.charAt(cursor.at);
      if ('{[('.includes(character)) depth++;
      else if ('}])'.includes(character)) depth--;
      cursor.token();
    }
  }
}

/** The text of `<<-`: without the blanks that all its lines begin with, but for those that hold nothing else. */
function withoutIndent(text: string): string {
  const indentOf = (line: string): number => /^[ \t]*/.exec(line)![0].length;
  const lines = text.split('\n');
  const indent = lines.reduce(
    (least, line) => (line.trim() === '' ? least : Math.min(least, indentOf(line))),
    Infinity,
  );
  return lines.map((line) => line.slice(Math.min(indent, indentOf(line)))).join('\n');
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** A text with `${...}` in it; `quoted`: with backslashes that escape. */
function template(text: string, depth: number, quoted = false): Expression {
  const parts: (string | Expression)[] = [];
  const piece = /([$%])\1\{|\$\{~?([^{}]*?)~?\}|[$%]\{[^]*|\\(?:u([\da-f]{4})|U([\da-f]{8})|([^]))|[^$%\\]+|[^]/giy;
  for (const [whole, doubled, inner, short, long, escaped] of text.matchAll(piece)) {
    if (doubled !== undefined) parts.push(`${doubled}{`);
    else if (inner !== undefined)
      parts.push(depth < deepest ? new ExpressionReader(inner.trim()).expression(depth + 1) : other);
    else if (/^[$%]\{/.test(whole)) parts.push(other);
    else if (!quoted) parts.push(whole);
    else if (escaped !== undefined) parts.push(escapes[escaped] ?? escaped);
    else if (short ?? long) parts.push(String.fromCodePoint(Math.min(parseInt(short ?? long ?? '', 16), 0x10ffff)));
    else parts.push(whole);
  }
  return { kind: 'text', parts };
}
