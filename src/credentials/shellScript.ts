/** Why the value of a variable is not known without running the script. */
export type Unknown =
  | 'prompt' // the script asks the person for it
  | 'command' // the output of a command
  | 'variable' // taken from a variable that is set elsewhere
  | 'length'; // the script multiplies it beyond what anybody signs in with

export interface ShellValue {
  /** As far as it is known. */
  readonly text: string;
  readonly unknown?: Unknown | undefined;
}

export type Variables = ReadonlyMap<string, ShellValue>;

/**
 * The variables that a script for bash and its relatives sets, without running anything: no command, no other file, no variable of
 * the environment. What is set under a condition counts where nothing else sets the variable.
 */
export function readShellScript(text: string): Variables {
  return new ShellReader(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')).run();
}

/** Substitutions nested deeper than this are not looked into. */
const deepest = 20;
/** UTF-16 units that variables may bring into others, in all: a script may double one again and again. */
const longest = 1_000_000;

const blockStarts = new Set(['if', 'while', 'until', '{', 'for', 'case', 'select', 'function']);
const blockEnds = new Set(['fi', 'done', 'esac', '}']);
const transparent = new Set(['then', 'else', 'elif', 'do', '!', 'time', 'builtin', 'command']);

const assignment = /^([A-Za-z_]\w*)(\+?)=([^]*)$/;

/** What is plain in a word, in double quotes and in `${name:-...}`. */
const plain = {
  word: /[^\s;&|()<>'"\\$`]+/y,
  quotes: /[^"\\$`]+/y,
  braces: /[^}'"\\$`]+/y,
} as const;
type Mode = keyof typeof plain;

class ShellReader {
  readonly #variables = new Map<string, ShellValue>();
  #at = 0;
  #nesting = 0;
  #left = longest;
  /** How many compound commands are open. */
  #blocks = 0;
  #parentheses = 0;
  /** The last lines of here-documents that begin on the next line. */
  #documentEnds: string[] = [];

  constructor(private readonly text: string) {}

  run(): Variables {
    for (let chained = false; this.#at < this.text.length;) {
      const words: ShellValue[] = [];
      let operator: string | undefined;
      while ((operator = this.#operator()) === undefined) {
        const word = this.#read('word');
        words.push(word);
      }
      this.#execute(words, chained || this.#parentheses > 0);
      chained = operator === '&&' || operator === '||';
      if (operator === '(') this.#parentheses++;
      if (operator === ')') this.#parentheses = Math.max(0, this.#parentheses - 1);
      if (operator === '\n') this.#skipDocuments();
    }
    return this.#variables;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  /** What ends a command, the end of the text included; undefined where a word follows. */
  #operator(): string | undefined {
    for (;;) {
      this.#match(/(?:[^\S\n]|\\\n)+/y);
      this.#match(/#[^\n]*/y);
      const redirection = this.#match(/\d*(?:<<<|<<-?|&>>?|[<>]&|[<>]+\|?)[^\S\n]*/y);
      if (!redirection) break;
      const target = this.#read('word').text;
      if (/<<-?\s*$/.test(redirection[0]) && !redirection[0].includes('<<<')) this.#documentEnds.push(target);
    }
    if (this.#at >= this.text.length) return '';
    return this.#match(/&&|\|\||;;&?|[;&|\n()]/y)?.[0];
  }

  #skipDocuments(): void {
    for (const last of this.#documentEnds.splice(0)) {
      while (this.#at < this.text.length) {
        const line = this.#match(/([^\n]*)\n?/y)?.[1] ?? '';
        if (line.replace(/^\t+/, '') === last) break;
      }
    }
  }

  #read(mode: Mode): ShellValue {
    let text = '';
    let unknown: Unknown | undefined;
    const add = (part: ShellValue): void => {
      text += part.text;
      unknown ??= part.unknown;
    };
    for (const start = this.#at; this.#at < this.text.length;) {
      const found = this.#match(plain[mode]);
      if (found) {
        text += found[0];
        continue;
      }
      const next = this.text[this.#at];
      if (next === '\\') text += this.#escaped(mode);
      else if (next === '$') add(this.#dollar(mode));
      else if (next === '`') add(this.#backquoted());
      else if (mode !== 'quotes' && next === "'") text += this.#match(/'([^']*)'?/y)?.[1] ?? '';
      else if (mode !== 'quotes' && next === '"') add(this.#quoted());
      else {
        // A sign that nothing else takes must not hold up the reader.
        if (mode === 'word' && this.#at === start) this.#at++;
        break;
      }
    }
    return { text, unknown };
  }

  #escaped(mode: Mode): string {
    const [whole, character = ''] = this.#match(/\\([^]?)/y) ?? ['', ''];
    if (character === '\n') return '';
    return mode === 'quotes' && !/["\\$`]/.test(character) ? whole : character;
  }

  #quoted(): ShellValue {
    this.#at++;
    const value = this.#read('quotes');
    this.#at++;
    return value;
  }

  #backquoted(): ShellValue {
    this.#match(/`(?:[^`\\]|\\[^])*`?/y);
    return { text: '', unknown: 'command' };
  }

  #dollar(mode: Mode): ShellValue {
    const ansi = mode === 'quotes' ? null : this.#match(/\$'((?:[^'\\]|\\[^])*)'?/y);
    if (ansi) return { text: ansiText(ansi[1] ?? '') };
    if (mode !== 'quotes' && this.#match(/\$(?=")/y)) return this.#quoted();
    if (this.#match(/\$\(/y)) return this.#substitution();
    const simple = this.#match(/\$([A-Za-z_]\w*)/y);
    if (simple) return this.#value(simple[1] ?? '');
    if (this.#match(/\$\{/y)) return this.#parameter();
    if (this.#match(/\$[\d?#!@*$-]/y)) return { text: '', unknown: 'variable' };
    this.#at++;
    return { text: '$' };
  }

  /** Skips what is behind `$(`. */
  #substitution(): ShellValue {
    const piece = /[^()'"\\]+|\\[^]?|'[^']*'?|"(?:[^"\\]|\\[^])*"?|[()]/y;
    for (let depth = 1, found; depth > 0 && (found = this.#match(piece));) {
      if (found[0] === '(') depth++;
      else if (found[0] === ')') depth--;
    }
    return { text: '', unknown: 'command' };
  }

  /** `name}`, `name:-word}` and their like, behind `${`. */
  #parameter(): ShellValue {
    const [, name = '', operation = ''] = this.#match(/([A-Za-z_]\w*)(:?[-=+?])?/y) ?? [];
    const value = this.#value(name);
    const isSet = this.#variables.has(name) && (value.text !== '' || value.unknown !== undefined);
    let other: ShellValue = { text: '', unknown: 'variable' };
    if (this.#nesting < deepest) {
      this.#nesting++;
      other = this.#read('braces');
      this.#nesting--;
    }
    // Whatever was not understood, up to the end of the line, is passed over.
    this.#match(/[^}\n]*\}?/y);
    if (/[-=]$/.test(operation)) return isSet ? value : other;
    if (operation.endsWith('+')) return isSet ? other : { text: '' };
    if (operation.endsWith('?') || (operation === '' && other.text === '')) return value;
    return { text: '', unknown: 'variable' };
  }

  #value(name: string): ShellValue {
    const value = this.#variables.get(name) ?? { text: '', unknown: 'variable' };
    this.#left -= value.text.length;
    return this.#left < 0 ? { text: '', unknown: 'length' } : value;
  }

  #execute(words: readonly ShellValue[], isChained: boolean): void {
    let begin = 0;
    for (let first; (first = words[begin]?.text) !== undefined; begin++) {
      if (blockStarts.has(first)) this.#blocks++;
      else if (blockEnds.has(first)) this.#blocks = Math.max(0, this.#blocks - 1);
      else if (!transparent.has(first)) break;
      if (/^(?:for|case|select|function)$/.test(first)) return;
    }
    const rest = words.slice(begin);
    const conditional = isChained || this.#blocks > 0;
    // Before a command they would hold for this command only.
    if (rest.every(({ text }) => assignment.test(text))) rest.forEach((word) => this.#assign(word, conditional));
    const [command, ...operands] = rest;
    const run = command && Object.hasOwn(this.#commands, command.text) ? this.#commands[command.text] : undefined;
    run?.(operands, conditional);
  }

  readonly #declare = (words: readonly ShellValue[], conditional: boolean): void =>
    words.forEach((word) => this.#assign(word, conditional));

  readonly #commands: Readonly<Record<string, (words: readonly ShellValue[], conditional: boolean) => void>> = {
    export: this.#declare,
    declare: this.#declare,
    typeset: this.#declare,
    readonly: this.#declare,
    local: this.#declare,
    read: (words, conditional) => {
      for (let index = 0; index < words.length; index++) {
        const { text } = words[index]!;
        if (/^-\w*[adeinNptu]$/.test(text)) index++;
        else if (/^[A-Za-z_]\w*$/.test(text)) this.#set(text, { text: '', unknown: 'prompt' }, conditional);
      }
    },
    unset: (words, conditional) => {
      if (!conditional) for (const { text } of words) this.#variables.delete(text);
    },
  };

  #assign({ text, unknown }: ShellValue, conditional: boolean): void {
    const [, name, plus, value = ''] = assignment.exec(text) ?? [];
    if (name === undefined) return;
    const before = plus ? this.#variables.get(name) : undefined;
    this.#set(name, { text: (before?.text ?? '') + value, unknown: before?.unknown ?? unknown }, conditional);
  }

  #set(name: string, value: ShellValue, conditional: boolean): void {
    const known = this.#variables.get(name);
    if (conditional && known && (known.text !== '' || known.unknown)) return;
    this.#variables.set(name, value);
  }
}

const ansiSigns: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
};

/** The text of `$'...'`. */
function ansiText(text: string): string {
  const escape = /\\(?:x([\da-f]{1,2})|u([\da-f]{1,4})|U([\da-f]{1,8})|([0-7]{1,3})|([^]))/gi;
  return text.replace(escape, (_, x?: string, u?: string, long?: string, octal?: string, sign?: string) => {
    if (sign !== undefined) return ansiSigns[sign] ?? sign;
    const code = octal === undefined ? parseInt(x ?? u ?? long ?? '', 16) : parseInt(octal, 8);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
