/** An expression of Terraform's language, as far as it can be known without running Terraform. */
export type Expression =
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Expression> }
  /** `toset(["a", "b"])` */
  | { readonly kind: 'set'; readonly items: readonly Expression[] }
  /** `var.auth.username` */
  | { readonly kind: 'reference'; readonly path: readonly string[] }
  | { readonly kind: 'other' };

/** What stands between braces, or in a whole file. */
export interface Body {
  readonly attributes: ReadonlyMap<string, Expression>;
  readonly blocks: readonly Block[];
}

/** `kind "label" { body }` */
interface Block {
  readonly kind: string;
  readonly labels: readonly string[];
  readonly body: Body;
}

const other: Expression = { kind: 'other' };
const deepest = 30;

/** Reads a `.tf` or `.tfvars` file. What it does not understand it passes over. */
export function parseHcl(text: string): Body {
  return new HclReader(text.replace(/^\uFEFF/, '')).body(0);
}

/** The same for a value of a `.tf.json` or `.tfvars.json` file, where texts are templates. */
export function expressionOfJson(value: unknown, depth = 0): Expression {
  if (typeof value === 'string') return template(value, depth);
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'text', parts: [String(value)] };
  if (typeof value !== 'object' || value === null || depth > deepest) return other;
  if (Array.isArray(value)) return value.length === 1 ? expressionOfJson(value[0], depth + 1) : other;
  const members = Object.entries(value).map(([name, member]) => [name, expressionOfJson(member, depth + 1)] as const);
  return { kind: 'object', members: new Map(members) };
}

class HclReader {
  #at = 0;

  constructor(private readonly text: string) {}

  body(depth: number): Body {
    const attributes = new Map<string, Expression>();
    const blocks: Block[] = [];
    for (;;) {
      this.#take(/(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|[,;)\]])+/y);
      if (this.#at >= this.text.length || this.#take(/\}/y)) return { attributes, blocks };
      const words: string[] = [];
      for (let word; (word = this.#name()) !== undefined; this.#take(/[ \t]+/y)) words.push(word);
      const [kind, ...labels] = words;
      if (kind === undefined) this.#at++;
      else if (this.#take(/\{/y)) {
        if (depth < deepest) blocks.push({ kind, labels, body: this.body(depth + 1) });
        else this.#skipBrackets();
      } else if (labels.length === 0 && this.#take(/[=:](?!=)/y)) attributes.set(kind, this.expression(depth));
    }
  }

  /** The expression that begins here, up to the end of its line or element. */
  expression(depth: number): Expression {
    this.#take(blanks);
    const value = this.#operand(depth);
    this.#take(blanks);
    // An operator, a call or an index behind it makes it something else.
    if (this.#at >= this.text.length || /[\n\r,}\])#]|\/[/*]/y.test(this.text.slice(this.#at, this.#at + 2)))
      return value;
    this.#skipExpression();
    return other;
  }

  #operand(depth: number): Expression {
    const document = this.#take(/<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy);
    if (document) return this.#document(document[2] ?? '', document[1] === '-', depth);
    if (this.text[this.#at] === '"') return template(this.#string(), depth, true);
    const number = this.#take(/-?\d[\w.+-]*|true\b|false\b/y);
    if (number) return { kind: 'text', parts: [number[0]] };
    if (this.#take(/toset\(\s*\[/y)) return this.#set(depth);
    if (this.#take(/(?:tomap\(\s*)?\{/y)) {
      if (depth < deepest) return { kind: 'object', members: this.body(depth + 1).attributes };
      this.#skipBrackets();
      return other;
    }
    const path = this.#take(
      /[\p{ID_Start}_][\p{ID_Continue}-]*(?:\.[\p{ID_Start}_][\p{ID_Continue}-]*|\["[^"\\\n$%]*"\])*/uy,
    )?.[0];
    if (path === 'null') return { kind: 'text', parts: [] };
    if (path === undefined) return other;
    return { kind: 'reference', path: path.split(/\.|\["|"\]\.?/).filter((step) => step !== '') };
  }

  /** What stands behind `toset([`. */
  #set(depth: number): Expression {
    const items: Expression[] = [];
    while (this.#at < this.text.length) {
      this.#take(/(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|,)+/y);
      if (this.#take(/\]\s*\)/y)) return { kind: 'set', items };
      const start = this.#at;
      items.push(depth < deepest ? this.expression(depth + 1) : other);
      if (this.#at === start) this.#at++;
    }
    return other;
  }

  /** A name or label, without quotes. */
  #name(): string | undefined {
    if (this.text[this.#at] === '"') return this.#string();
    return this.#take(/[\p{ID_Start}_][\p{ID_Continue}-]*/uy)?.[0];
  }

  /** What stands between the quotes that begin here, as written; with it strings within `${}`. An open one ends with its line. */
  #string(): string {
    const start = ++this.#at;
    let braces = 0;
    for (; this.#at < this.text.length; this.#at++) {
      if (braces === 0) this.#take(/(?:\$\$\{|%%\{)+/y);
      const character = this.text[this.#at];
      if (character === undefined || character === '\n') break;
      if (character === '\\') this.#at++;
      else if (character === '{' && (braces > 0 || /[$%]/.test(this.text[this.#at - 1] ?? ''))) braces++;
      else if (character === '}' && braces > 0) braces--;
      else if (character === '"' && braces === 0) break;
    }
    const text = this.text.slice(start, this.#at);
    this.#take(/"/y);
    return text;
  }

  #document(name: string, indented: boolean, depth: number): Expression {
    const end = new RegExp(`^[ \\t]*${name}[ \\t]*\\r?$`, 'gmu');
    end.lastIndex = this.#at;
    const stop = end.exec(this.text)?.index ?? this.text.length;
    const text = this.text.slice(this.#at, stop).replace(/\r\n/g, '\n');
    this.#at = Math.min(this.text.length, end.lastIndex === 0 ? stop : end.lastIndex);
    return template(indented ? withoutIndent(text) : text, depth);
  }

  #skipExpression(): void {
    while (this.#at < this.text.length) {
      const character = this.text[this.#at];
      if (character === undefined || /[\n,}\])]/.test(character)) return;
      if (character === '"') this.#string();
      else if (this.#take(/[{[(]/y)) this.#skipBrackets();
      else this.#at++;
    }
  }

  /** Goes behind the bracket that closes the one before. */
  #skipBrackets(): void {
    for (let depth = 1; depth > 0 && this.#at < this.text.length;) {
      const character = this.text[this.#at] ?? '';
      if (character === '"') {
        this.#string();
        continue;
      }
      if ('{[('.includes(character)) depth++;
      else if ('}])'.includes(character)) depth--;
      this.#at++;
    }
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found) this.#at = pattern.lastIndex;
    return found;
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

const blanks = /(?:[^\S\n]+|\/\*[^]*?(?:\*\/|$))+/y;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** A text with `${...}` in it; `quoted`: with backslashes that escape. */
function template(text: string, depth: number, quoted = false): Expression {
  const parts: (string | Expression)[] = [];
  const piece = /([$%])\1\{|\$\{~?([^{}]*?)~?\}|[$%]\{[^]*|\\(?:u([\da-f]{4})|U([\da-f]{8})|([^]))|[^$%\\]+|[^]/giy;
  for (const [whole, doubled, inner, short, long, escaped] of text.matchAll(piece)) {
    if (doubled !== undefined) parts.push(`${doubled}{`);
    else if (inner !== undefined)
      parts.push(depth < deepest ? new HclReader(inner.trim()).expression(depth + 1) : other);
    else if (/^[$%]\{/.test(whole)) parts.push(other);
    else if (!quoted) parts.push(whole);
    else if (escaped !== undefined) parts.push(escapes[escaped] ?? escaped);
    else if (short ?? long) parts.push(String.fromCodePoint(Math.min(parseInt(short ?? long ?? '', 16), 0x10ffff)));
    else parts.push(whole);
  }
  return { kind: 'text', parts };
}
