import { findStringEnd, sliceText, unescapeText } from './jsonStrings';
import {
  isDoor,
  isHeaderName,
  isPlainName,
  isSecretChild,
  isSecretName,
  isTokenName,
  longestName,
} from './secretNames';
import { findInText, hint } from './secretText';

/** A secret in a text: see `Secret` in redact. */
interface Span {
  start: number;
  end: number;
  path: string;
  quote?: string;
}

/** What an object or list passes on to the values in it. */
const enum Mode {
  None,
  /** Under a secret name: every value is secret, but for plain names. */
  Secret,
  /** Under the name of a token: only its `id`, or the values of a list. */
  Token,
}

interface Frame {
  readonly list: boolean;
  readonly mode: Mode;
  /** The nearest name above. */
  readonly owner: string;
  /** The current name, as written; '' before the first. */
  key: string;
  keySecret: boolean;
  index: number;
  /**
   * In `{"name": "password", "value": ...}`, in either order: what is known so far. In a list: whether the element before
   * is the name of a secret header.
   */
  namesSecret: boolean;
  readonly values: Span[];
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
  const hints = new RegExp(hint);
  let hintAt = hints.exec(text)?.index ?? Infinity;
  if (hintAt === Infinity) return;
  const hasHint = (start: number, end: number): boolean => {
    if (hintAt < start) {
      hints.lastIndex = start;
      hintAt = hints.exec(text)?.index ?? Infinity;
    }
    return hintAt < end;
  };
  const emit = (start: number, end: number, name: string, quote?: string): void => {
    const span = {
      start: offsets ? (offsets[start] as number) : start,
      end: offsets ? (offsets[end] as number) : end,
      path: name,
    };
    out.push(quote === undefined ? span : { ...span, quote });
  };
  const emitText = (from: number): void =>
    findInText(text, from, (start, end, name) => emit(start, end, path === '' ? name : `${path}: ${name}`));

  const first = /^[\s\ufeff]*/.exec(text)?.[0].length ?? 0;
  if (!'{["'.includes(text.charAt(first) || ' ')) {
    emitText(0);
    return;
  }

  const frames: Frame[] = [];
  let frame: Frame | undefined;
  const pathHere = (): string => {
    const names = frames.slice(-maxPath).map(({ list, key, index }) => (list ? `[${index}]` : `.${key}`));
    const inner = (frames.length > maxPath ? '…' : '') + names.join('');
    return path === '' ? inner.replace(/^\./, '') : path + inner;
  };
  /** Whether the value that comes now is a secret by its place. */
  const isSecretPlace = (): boolean => {
    if (!frame) return false;
    if (frame.list) return frame.mode !== Mode.None;
    if (frame.keySecret) return true;
    if (frame.mode === Mode.Token) return frame.key === 'id';
    return frame.mode === Mode.Secret && !isPlainName(frame.key);
  };
  const push = (list: boolean): void => {
    frame = {
      list,
      mode: modeOf(frame),
      owner: ownerOf(frame),
      key: '',
      keySecret: false,
      index: 0,
      namesSecret: false,
      values: [],
    };
    frames.push(frame);
  };
  const emitValue = (start: number, end: number, quote?: string): void => {
    if (start < end) emit(start, end, pathHere(), quote);
  };
  /** Waits in `{"value": ..., "name": ...}` for the name. */
  const keepValue = (start: number, end: number, quote?: string): void => {
    if (!frame || frame.list || !/(?:^|[_-])value$|^default$/i.test(frame.key)) return;
    if (frame.namesSecret) emitValue(start, end, quote);
    else if (start < end)
      frame.values.push({ start, end, path: pathHere(), ...(quote === undefined ? {} : { quote }) });
  };

  let at = first;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === 58 /* : */) at++;
    else if (code === 44 /* , */) {
      at++;
      if (frame?.list) frame.index++;
      else if (frame) frame.key = '';
    } else if (code === 123 /* { */ || code === 91 /* [ */) {
      push(code === 91);
      at++;
    } else if (code === 125 /* } */ || code === 93 /* ] */) {
      frames.pop();
      frame = frames.at(-1);
      at++;
    } else if (code === 34 /* " */) {
      const start = at + 1;
      const { end, escaped } = findStringEnd(text, start);
      at = Math.min(end + 1, text.length);
      if (frame && !frame.list && frame.key === '' && isKeyEnd(text, at)) {
        const key =
          escaped && hasHint(start, end) ? unescapeText(text, start, end, undefined).text : text.slice(start, end);
        frame.key = key.slice(-longestName);
        frame.keySecret = hasHint(start, end) && (isSecretName(frame.key) || isSecretChild(frame.owner, frame.key));
      } else if (isSecretPlace() || (frame?.list && frame.namesSecret)) {
        emitValue(start, end);
        if (frame) frame.namesSecret &&= !frame.list;
      } else {
        keepValue(start, end);
        const opens = frame !== undefined && !frame.list && isDoor(frame.owner, frame.key);
        const already = out.length;
        if (!hasHint(start, end)) {
          if (opens) emitValue(start, end);
          continue;
        }
        if (nesting >= maxNesting) emitValue(start, end);
        else {
          const inner = escaped ? unescapeText(text, start, end, offsets) : sliceText(text, start, end, offsets);
          noteName(frame, inner.text, (span) => emit(span.start, span.end, span.path, span.quote));
          findIn(inner.text, inner.offsets, nesting + 1, pathHere(), out);
          if (opens && out.length === already) emitValue(start, end);
        }
      }
    } else {
      word.lastIndex = at;
      const [value = ''] = word.exec(text) ?? [];
      if (!jsonWord.test(value)) {
        // No JSON from here on. What a secret holds stays hidden; the rest is searched as text.
        if (frame?.mode === Mode.Secret) emitValue(at, text.length);
        else emitText(at);
        return;
      }
      if (/^[-\d]/.test(value)) {
        const quote = quoteAt(nesting);
        if (isSecretPlace()) emitValue(at, at + value.length, quote);
        else keepValue(at, at + value.length, quote);
      }
      at += value.length;
    }
  }
}

const word = /[^\s,:{}[\]"]+|[^]/y;
const jsonWord = /^(?:-?\d[\d.eE+-]*|true|false|null|-?Infinity|NaN)$/;

function modeOf(parent: Frame | undefined): Mode {
  if (!parent) return Mode.None;
  if (parent.list) return parent.mode;
  if (parent.keySecret) {
    if (isTokenName(parent.key)) return Mode.Token;
    const isWhole = isSecretName(parent.key) ? !/credentials?$/i.test(parent.key) : parent.key === 'list';
    return isWhole ? Mode.Secret : Mode.None;
  }
  return parent.mode === Mode.Secret && !isPlainName(parent.key) ? Mode.Secret : Mode.None;
}

function ownerOf(parent: Frame | undefined): string {
  return parent ? (parent.list ? parent.owner : parent.key) : '';
}

/** Remembers that this object's `name` or `key` names a secret, which its `value` then is. */
function noteName(frame: Frame | undefined, text: string, emit: (span: Span) => void): void {
  if (!frame) return;
  if (frame.list) frame.namesSecret = isHeaderName(text);
  if (frame.list || !/(?:^|[_-])(?:name|key|header|parameter)$/i.test(frame.key) || !isSecretName(text)) return;
  frame.namesSecret = true;
  for (const value of frame.values.splice(0)) emit(value);
}

/** The quote that a value needs at this nesting: escaped once for each string around it, in a way that does not double each time. */
function quoteAt(nesting: number): string {
  let quote = '"';
  for (let level = 0; level < nesting; level++)
    quote = level < 2 ? quote.replace(/["\\]/g, '\\$&') : quote.replaceAll('\\', '\\u005c');
  return quote;
}

function isKeyEnd(text: string, at: number): boolean {
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at) === 58;
}
