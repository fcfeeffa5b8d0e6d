import { JsonScanner } from '../json/jsonScanner';
import { unescapeText } from '../json/jsonStrings';
import { isPasswordOption } from './secretCommands';
import { Before, Frame, Mode } from './secretFrame';
import { isEncodedPair } from './secretLooks';
import { isDoor, isSecretName, maxName } from './secretNames';
import { findInText, hint } from './secretText';

/** A secret in a text: see `Secret` in redact. */
interface Span {
  start: number;
  end: number;
  path: string;
  quote?: string;
}

/** Strings in strings in strings... deeper than this are masked whole instead of being read. */
const maxNesting = 20;

/** Names that a path shows; of deeper ones the last. */
const maxPath = 8;

/**
 * Finds the secrets in `text`, which may be JSON, cut-off or damaged JSON, or no JSON at all. `offsets` says where each
 * character stands in the outermost text (undefined: where it stands here); `nesting` counts the strings around.
 */
export function findIn(
  text: string,
  offsets: Uint32Array | undefined,
  nesting: number,
  path: string,
  out: Span[],
): void {
  const hintAt = findHint(text, 0);
  if (hintAt < Infinity) new SecretReader(text, offsets, nesting, path, out, hintAt).read();
}

/** Reads one text from its beginning to its end. */
class SecretReader {
  readonly #scanner: JsonScanner;
  readonly #frames: Frame<Span>[] = [];
  #frame: Frame<Span> | undefined;

  constructor(
    private readonly text: string,
    private readonly offsets: Uint32Array | undefined,
    private readonly nesting: number,
    private readonly path: string,
    private readonly out: Span[],
    private hintAt: number,
  ) {
    this.#scanner = new JsonScanner(text, /^[\s\ufeff]*/.exec(text)?.[0].length);
  }

  read(): void {
    const scanner = this.#scanner;
    if (!'{["'.includes(this.text.charAt(scanner.end) || ' ')) {
      this.#readText(0);
      return;
    }
    while (scanner.next()) {
      const { token } = scanner;
      if (token === '"') this.#readString();
      else if (token === ',') this.#frame?.next();
      else if (token === '{' || token === '[') this.#open(token === '[');
      else if (token === '}' || token === ']') this.#close();
      else if (token !== ':' && !this.#readWord()) return;
    }
  }

  #open(list: boolean): void {
    this.#frame = new Frame(list, this.#scanner.start, this.#frame);
    this.#frames.push(this.#frame);
  }

  #close(): void {
    const closed = this.#frames.pop();
    this.#frame = this.#frames.at(-1);
    if (closed?.mode === Mode.None) this.#keep(closed.start, this.#scanner.end, quoteAt(this.nesting));
  }

  #readString(): void {
    const frame = this.#frame;
    const start = this.#scanner.start + 1;
    const end = this.#scanner.contentEnd;
    if (frame && !frame.list && frame.key === '' && this.#codeAfter() === 58 /* : */) {
      this.#readKey(frame, start, end);
    } else if (frame?.isSecretPlace() || this.#isAfterName(start, end)) {
      this.#emitValue(start, end);
      if (frame) frame.before = Before.Other;
    } else this.#readValue(start, end);
  }

  #readKey(frame: Frame<Span>, start: number, end: number): void {
    const hinted = this.#hasHint(start, end);
    const raw = this.text.slice(start, end);
    const key = hinted && raw.includes('\\') ? unescapeText(raw, 0, raw.length, undefined).text : raw;
    frame.setKey(key.slice(-maxName), hinted);
    this.#reveal(frame, '');
  }

  /** A string that is no secret by its place: it may be one by what it looks like, or hold some. */
  #readValue(start: number, end: number): void {
    const { text } = this;
    const frame = this.#frame;
    this.#keep(start, end);
    if (frame?.list) {
      if (frame.index === 0) frame.command = text.slice(start, Math.min(end, start + maxName));
      const isOption = isPasswordOption(frame.command, text.slice(start, Math.min(end, start + 9)));
      frame.before = isOption ? Before.Header : Before.Other;
    }
    if (frame?.key === 'auth' && isEncodedPair(text.slice(start, end))) {
      this.#emitValue(start, end);
      return;
    }
    const hinted = this.#hasHint(start, end);
    const already = this.out.length;
    if (hinted && this.nesting < maxNesting) this.#readInner(start, end);
    const opens = frame !== undefined && !frame.list && isDoor(frame.owner, frame.key);
    const isUnread = hinted && this.nesting >= maxNesting;
    if (isUnread || (opens && this.out.length === already)) this.#emitValue(start, end);
  }

  /** What a string holds. */
  #readInner(start: number, end: number): void {
    const frame = this.#frame;
    const inner = unescapeText(this.text, start, end, this.offsets);
    if (frame?.list) frame.noteElement(inner.text);
    else if (frame) this.#reveal(frame, inner.text);
    findIn(inner.text, inner.offsets, this.nesting + 1, this.#pathHere(), this.out);
  }

  /** A number or a word of JSON; false where there is none, and no JSON from here on. Control characters say nothing. */
  #readWord(): boolean {
    const { start, end, token } = this.#scanner;
    const value = this.text.slice(start, end);
    if (token === 'foreign' && value <= ' ') return true;
    if (!jsonWord.test(value)) {
      // What a secret holds stays hidden; the rest is searched as text.
      if (this.#frame?.mode === Mode.Secret) this.#emitValue(start, this.text.length);
      else this.#readText(start);
      return false;
    }
    if (/^[-\d]/.test(value)) {
      const quote = quoteAt(this.nesting);
      if (this.#frame?.isSecretPlace() || this.#isAfterName(start, end)) this.#emitValue(start, end, quote);
      else this.#keep(start, end, quote);
    }
    return true;
  }

  #readText(from: number): void {
    const { offsets, nesting, path, out } = this;
    const isTooDeep = nesting >= maxNesting;
    findInText(this.text, from, {
      found: (start, end, name) => this.#emit(start, end, path === '' ? name : `${path}: ${name}`),
      inside: (inner) => {
        const places = offsets ? inner.offsets.map((place) => offsets[place] as number) : inner.offsets;
        if (isTooDeep) out.push({ start: places[0] as number, end: places.at(-1) as number, path });
        else findIn(inner.text, places, nesting + 1, path, out);
      },
      hides: (inner) => {
        const secrets: Span[] = [];
        if (!isTooDeep) findIn(inner, undefined, nesting + 1, '', secrets);
        return isTooDeep || secrets.length > 0;
      },
    });
  }

  /** Whether the element of a list that was just read is a secret by the one before it. */
  #isAfterName(start: number, end: number): boolean {
    const frame = this.#frame;
    if (!frame?.list || frame.before === Before.Other) return false;
    if (frame.before === Before.Header) return true;
    // A pair; but names alone may stand in a list, too: `["password", "email"]`.
    const value = this.text.slice(start, Math.min(end, start + maxName));
    return (
      [93 /* ] */, NaN].includes(this.#codeAfter()) &&
      !isSecretName(value) &&
      (frame.owner === '' || this.#frames.at(-2)?.list === true || !/^[a-z_]+$/.test(value))
    );
  }

  /** A value that is a secret if what stands beside it says so. */
  #keep(start: number, end: number, quote?: string): void {
    if (start === end || !this.#frame) return;
    const span = (): Span => ({ start, end, path: this.#pathHere(), ...(quote === undefined ? {} : { quote }) });
    if (this.#frame.isRevealed(span)) this.#emitValue(start, end, quote);
  }

  #reveal(frame: Frame<Span>, text: string): void {
    for (const { start, end, path, quote } of frame.reveal(text)) this.#emit(start, end, path, quote);
  }

  #emitValue(start: number, end: number, quote?: string): void {
    if (start < end) this.#emit(start, end, this.#pathHere(), quote);
  }

  #emit(start: number, end: number, path: string, quote?: string): void {
    const { offsets } = this;
    const span = {
      start: offsets ? (offsets[start] as number) : start,
      end: offsets ? (offsets[end] as number) : end,
      path,
    };
    this.out.push(quote === undefined ? span : { ...span, quote });
  }

  #pathHere(): string {
    const frames = this.#frames;
    const names = frames.slice(-maxPath).map(({ list, key, index }) => (list ? `[${index}]` : `.${key}`));
    const inner = (frames.length > maxPath ? '…' : '') + names.join('');
    return this.path === '' ? inner.replace(/^\./, '') : this.path + inner;
  }

  /** The code of the next character behind the token that is no blank; NaN at the end. */
  #codeAfter(): number {
    const { text } = this;
    let at = this.#scanner.end;
    while (at < text.length && text.charCodeAt(at) <= 32) at++;
    return text.charCodeAt(at);
  }

  #hasHint(start: number, end: number): boolean {
    if (this.hintAt < start) this.hintAt = findHint(this.text, start);
    return this.hintAt < end;
  }
}

/** Where the next word stands that a secret may have beside it. */
function findHint(text: string, from: number): number {
  hint.lastIndex = from;
  return hint.exec(text)?.index ?? Infinity;
}

const jsonWord = /^(?:-?\d[\d.eE+-]*|true|false|null|-?Infinity|NaN)$/;

/** The quote that a value needs at this nesting: escaped once for each string around it, in a way that does not double each time. */
function quoteAt(nesting: number): string {
  let quote = '"';
  for (let level = 0; level < nesting; level++)
    quote = level < 2 ? quote.replace(/["\\]/g, '\\$&') : quote.replaceAll('\\', '\\u005c');
  return quote;
}
