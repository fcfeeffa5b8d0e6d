import { findStringEnd, sliceText, unescapeText } from '../json/jsonStrings';
import { isPasswordOption } from './secretCommands';
import { isEncodedPair } from './secretLooks';
import {
  isDoor,
  isHeaderName,
  isPlainName,
  isSecretChild,
  isSecretName,
  isTokenName,
  longestName,
} from './secretNames';
import { revealedBy, siblingOf, type Sibling } from './secretSiblings';
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
  /** In an object: what its strings so far make secret beside them, and what still waits for one that does. */
  revealed: readonly Sibling[];
  kept: { readonly sibling: Sibling; readonly span: Span }[] | undefined;
  /** In a list: whether the element before makes this one a secret. */
  before: Before;
  /** In a list of words: the first, which may be a command. */
  command: string;
  /** Where it begins. */
  readonly start: number;
}

const enum Before {
  Other,
  /** The name of a header or an option: what follows is a secret. */
  Header,
  /** The name of a secret: what follows is one where the list ends with it. */
  Name,
}

/** Strings in strings in strings... deeper than this are masked whole instead of being read. */
const maxNesting = 20;
const none: readonly Sibling[] = [];

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
  const findHint = (from: number): number => {
    hint.lastIndex = from;
    return hint.exec(text)?.index ?? Infinity;
  };
  let hintAt = findHint(0);
  if (hintAt === Infinity) return;
  const hasHint = (start: number, end: number): boolean => {
    if (hintAt < start) hintAt = findHint(start);
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
    findInText(text, from, {
      found: (start, end, name) => emit(start, end, path === '' ? name : `${path}: ${name}`),
      inside: (inner) => {
        const places = offsets ? inner.offsets.map((place) => offsets[place] as number) : inner.offsets;
        if (nesting < maxNesting) findIn(inner.text, places, nesting + 1, path, out);
        else out.push({ start: places[0] as number, end: places.at(-1) as number, path });
      },
      hides: (inner) => {
        const secrets: Span[] = [];
        if (nesting < maxNesting) findIn(inner, undefined, nesting + 1, '', secrets);
        return nesting >= maxNesting || secrets.length > 0;
      },
    });

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
  /** Whether the element of a list that ends before `at` is a secret by the name before it. */
  const isAfterName = (start: number, end: number, at: number): boolean => {
    if (!frame?.list || frame.before === Before.Other) return false;
    if (frame.before === Before.Header) return true;
    // A pair; but names alone may stand in a list, too: `["password", "email"]`.
    const value = text.slice(start, Math.min(end, start + longestName));
    return (
      [93 /* ] */, NaN].includes(codeAfter(text, at)) &&
      !isSecretName(value) &&
      (frame.owner === '' || frames.at(-2)?.list === true || !/^[a-z_]+$/.test(value))
    );
  };
  /** Whether the value that comes now is a secret by its place. */
  const isSecretPlace = (): boolean => {
    if (!frame) return false;
    if (frame.list) return frame.mode !== Mode.None;
    if (frame.keySecret) return true;
    if (frame.mode === Mode.Token) return frame.key === 'id';
    return frame.mode === Mode.Secret && !isPlainName(frame.key);
  };
  const push = (list: boolean, start: number): void => {
    frame = {
      list,
      mode: modeOf(frame),
      owner: ownerOf(frame),
      key: '',
      keySecret: false,
      index: 0,
      revealed: none,
      kept: undefined,
      before: Before.Other,
      command: '',
      start,
    };
    frames.push(frame);
  };
  const pop = (end: number): void => {
    const closed = frames.pop();
    frame = frames.at(-1);
    if (closed?.mode === Mode.None) keep(closed.start, end, quoteAt(nesting));
  };
  const emitValue = (start: number, end: number, quote?: string): void => {
    if (start < end) emit(start, end, pathHere(), quote);
  };
  /** A value that is a secret if what stands beside it says so. */
  const keep = (start: number, end: number, quote?: string): void => {
    const sibling = frame && !frame.list ? siblingOf(frame.key) : undefined;
    if (!frame || sibling === undefined || start === end) return;
    if (frame.revealed.includes(sibling)) emitValue(start, end, quote);
    else
      (frame.kept ??= []).push({
        sibling,
        span: { start, end, path: pathHere(), ...(quote === undefined ? {} : { quote }) },
      });
  };
  const reveal = (text: string): void => {
    const sibling = frame && !frame.list ? revealedBy(frame.key, text) : undefined;
    if (!frame || sibling === undefined || frame.revealed.includes(sibling)) return;
    frame.revealed = [...frame.revealed, sibling];
    for (const { sibling: each, span } of frame.kept ?? []) {
      if (each === sibling) emit(span.start, span.end, span.path, span.quote);
    }
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
      push(code === 91, at);
      at++;
    } else if (code === 125 /* } */ || code === 93 /* ] */) {
      pop(++at);
    } else if (code === 34 /* " */) {
      const start = at + 1;
      const { end, escaped } = findStringEnd(text, start);
      at = Math.min(end + 1, text.length);
      if (frame && !frame.list && frame.key === '' && codeAfter(text, at) === 58 /* : */) {
        const key =
          escaped && hasHint(start, end) ? unescapeText(text, start, end, undefined).text : text.slice(start, end);
        frame.key = key.slice(-longestName);
        frame.keySecret = hasHint(start, end) && (isSecretName(frame.key) || isSecretChild(frame.owner, frame.key));
        reveal('');
      } else if (isSecretPlace() || isAfterName(start, end, at)) {
        emitValue(start, end);
        if (frame) frame.before = Before.Other;
      } else {
        keep(start, end);
        if (frame?.list && frame.index === 0) frame.command = text.slice(start, Math.min(end, start + longestName));
        if (frame?.list)
          frame.before = isPasswordOption(frame.command, text.slice(start, Math.min(end, start + 9)))
            ? Before.Header
            : Before.Other;
        if (frame?.key === 'auth' && isEncodedPair(text.slice(start, end))) {
          emitValue(start, end);
          continue;
        }
        const opens = frame !== undefined && !frame.list && isDoor(frame.owner, frame.key);
        const already = out.length;
        if (!hasHint(start, end)) {
          if (opens) emitValue(start, end);
          continue;
        }
        if (nesting >= maxNesting) emitValue(start, end);
        else {
          const inner = escaped ? unescapeText(text, start, end, offsets) : sliceText(text, start, end, offsets);
          if (frame?.list) frame.before = beforeOf(inner.text, frame, frame.before);
          else reveal(inner.text);
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
        if (isSecretPlace() || isAfterName(at, at + value.length, at + value.length))
          emitValue(at, at + value.length, quote);
        else keep(at, at + value.length, quote);
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
  const sibling = siblingOf(parent.key);
  if (sibling !== undefined && parent.revealed.includes(sibling)) return Mode.Secret;
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

/** What an element of a list says of the next one. */
function beforeOf(text: string, { index, owner }: Frame, known: Before): Before {
  if (isHeaderName(text)) return Before.Header;
  return known === Before.Other && index === 0 && isSecretName(text) && !isPlainName(owner) ? Before.Name : known;
}

/** The quote that a value needs at this nesting: escaped once for each string around it, in a way that does not double each time. */
function quoteAt(nesting: number): string {
  let quote = '"';
  for (let level = 0; level < nesting; level++)
    quote = level < 2 ? quote.replace(/["\\]/g, '\\$&') : quote.replaceAll('\\', '\\u005c');
  return quote;
}

/** The code of the next character that is no blank; NaN at the end. */
function codeAfter(text: string, at: number): number {
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at);
}
