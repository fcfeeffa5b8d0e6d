const blank = /[^\S\n]+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/y;
const heredoc = /<<-?[\p{ID_Start}_][\p{ID_Continue}-]*[ \t]*\r?\n/uy;
const word = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;

interface Heredoc {
  readonly text: string;
  /** `<<-` */
  readonly isIndented: boolean;
}

/** Walks HCL text token by token: what a comment, a string or a heredoc holds is never taken for anything else. */
export class HclCursor {
  at = 0;

  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Passes what a sticky expression finds here, if anything. */
  take(pattern: RegExp): string | undefined {
    const start = this.at;
    pattern.lastIndex = start;
    if (!pattern.test(this.text)) return undefined;
    this.at = pattern.lastIndex;
    return this.text.slice(start, this.at);
  }

  /** Passes blanks and comments, up to the end of the line at most; whether there were any. */
  skipBlank(): boolean {
    const { text, at: start } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 32 || code === 9 || code === 13) this.at++;
      else if ((code !== 35 && code !== 47 && code < 128) || this.take(blank) === undefined) return this.at > start;
    }
  }

  /** Passes a name. */
  word(): string | undefined {
    return this.take(word);
  }

  /** Passes a string; what stands between its quotes, as written. One that is not closed ends with its line. */
  string(): string | undefined {
    if (this.text[this.at] !== '"') return undefined;
    const start = this.at + 1;
    return this.text.slice(start, this.#passString() ? this.at - 1 : this.at);
  }

  /** Passes a heredoc; one that is not closed ends with the text. */
  heredoc(): Heredoc | undefined {
    const opening = this.take(heredoc);
    if (opening === undefined) return undefined;
    const start = this.at;
    const end = new RegExp(`^[ \\t]*${opening.replace(/^<<-?/, '').trim()}[ \\t]*\\r?$`, 'gmu');
    end.lastIndex = start;
    const stop = end.exec(this.text)?.index ?? this.text.length;
    this.at = end.lastIndex || this.text.length;
    return { text: this.text.slice(start, stop), isIndented: opening.startsWith('<<-') };
  }

  /** Passes a token: a string or word, which it returns without quotes, a heredoc as `<`, or any other character. */
  token(): string {
    const { text, at } = this;
    const character = text.charAt(at);
    if (character === '"') return this.string() ?? '';
    if (character === '<' && this.heredoc()) return character;
    const name = this.word();
    if (name === undefined) this.at++;
    return name ?? character;
  }

  /** Goes behind the closing quote, strings within `${}` of strings included; whether there is one. */
  #passString(): boolean {
    const { text } = this;
    const stack: ('"' | '{')[] = ['"'];
    let at = this.at + 1;
    while (at < text.length && stack.length > 0) {
      const character = text[at];
      const inString = stack.at(-1) === '"';
      if (inString && character === '\n' && stack.length === 1) break;
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
    }
    this.at = Math.min(at, text.length);
    return stack.length === 0;
  }
}
