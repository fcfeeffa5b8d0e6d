import { indentBefore, readBlock } from './secretBlocks';
import { isSecretName, isSecretParameter } from './secretNames';
import { readPattern, readValue, type Found } from './secretValue';

const wordCharacter = /[\p{L}\w.-]/u;
const maxWord = 64;

const afterName = /\\*["'`]?\]?[ \t]*(?:=>|:=|[:=])[ \t]*/y;
/** A query within a query, as addresses of consoles have it: `?path=%3Ftoken%3D...`. */
const encodedName = /%(?:3f|26|3b)([\w.-]{1,64})%3d/iy;
const encodedValue = /((?:[^\s%&"'<>]|%(?!2[36]))+)/dy;

/**
 * Reads the value of the name in which the cue from `at` to `cueEnd` stands, where the name is one of secrets; looks back to
 * `from` at most. Returns where the search goes on.
 */
export function readNamed(text: string, at: number, cueEnd: number, from: number, found: Found): number {
  let start = at;
  while (start > from && at - start < maxWord && wordCharacter.test(text.charAt(start - 1))) start--;
  let end = cueEnd;
  while (end < text.length && end - cueEnd < maxWord && wordCharacter.test(text.charAt(end))) end++;
  encodedName.lastIndex = start - 1;
  const inEncodedQuery = start > from ? encodedName.exec(text)?.[1] : undefined;
  if (inEncodedQuery !== undefined && isSecretParameter(inEncodedQuery)) {
    const value = readPattern(text, encodedValue, encodedName.lastIndex, inEncodedQuery, found);
    if (value > encodedName.lastIndex) return value;
  }
  const before = start > 0 ? text.charAt(start - 1) : '';
  const word = text.slice(start, end);
  // A query within a query (`?path=%3Ftoken%3D...`, the address of a noVNC console) has its signs escaped.
  const escaped = before === '%' ? /^(?:25)*(?:3f|26|3b)/i.exec(word)?.[0] : undefined;
  const name = word.slice(escaped?.length ?? 0).replace(/^[-.]+/, '');
  const inQuery = escaped !== undefined || before === '?' || before === '&' || before === ';';
  if (!(inQuery ? isSecretParameter(name) : isSecretName(name))) return end;

  if (inQuery) {
    const part = escaped !== undefined ? escapedQueryValue : before === ';' ? settingValue : queryValue;
    const value = readPattern(text, part, end, name, found);
    if (value > end) return value;
  }
  const element =
    before === '<' || (before === ':' && /<[\w.-]{1,32}:$/.test(text.slice(Math.max(0, start - 34), start)));
  if (element) return readElement(text, end, name, found);
  afterName.lastIndex = end;
  const separator = afterName.exec(text)?.[0];
  if (separator === undefined) return readUnseparated(text, { start, end, name, word, before }, found);
  return readSeparated(text, { start, end, name, word, before }, separator, found);
}

interface Name {
  readonly start: number;
  readonly end: number;
  /** Without the signs of an option. */
  readonly name: string;
  readonly word: string;
  /** The character before it. */
  readonly before: string;
}

function readSeparated(text: string, { start, end, name, before }: Name, separator: string, found: Found): number {
  const value = end + separator.length;
  if (separator === ':' && (before === ':' || text.startsWith('//', value))) return end;
  const quote = before === '"' || before === "'" ? before : '';
  const indent = indentBefore(text, start);
  if (/^(?:(?:proxy-)?authorization|(?:set-)?cookie)$/i.test(name)) {
    // In a header the quotes of its own parts do not end it.
    const isQuoted = text.startsWith(quote || '\n', end) || indent === undefined;
    const rest =
      isQuoted && quote === '' ? headerValue : quote === '"' ? /[^\r\n"]+/y : quote === "'" ? /[^\r\n']+/y : restOfLine;
    return readValue(text, value, rest, name, found);
  }
  if (indent === undefined || separator.startsWith('\\')) return readValue(text, value, unquotedWord, name, found);
  const block = readBlock(text, value, indent, name, found);
  if (block !== undefined) return block;
  const isForm = (pattern: RegExp): boolean => {
    pattern.lastIndex = value;
    return separator.endsWith('=') && pattern.test(text);
  };
  const rest = isForm(form) ? formValue : isForm(settings) ? /[^;\r\n]+/y : restOfLine;
  return readValue(text, value, rest, name, found);
}

const queryValue = /(?:=|%(?:25)*3D)((?:[^\s&#"'<>]|'(?=[\w%]))+)/diy;
const settingValue = /=((?:[^\s&#"'<>;]|'(?=[\w%]))+)/dy;
const escapedQueryValue = /(?:=|%(?:25)*3D)((?:(?!%(?:25){0,8}(?:26|23|3B))[^\s&#"'<>])+)/diy;
const unquotedWord = /\[[^\]\n]*|[^\s"'<>&[]+/y;
const headerValue = /[^\r\n"']+/y;
const restOfLine = /[^\r\n]+/y;
/** What follows the first name of a form or of settings in one line, so that only the value up to the next name is taken. */
const form = /[^\s&]*(?:&[\w.%~+[\]-]{1,64}=[^\s&]*)+(?=\s|$)/y;
const formValue = /[^\s&]+/y;
const settings = /[^\s;"']*(?:;[ \w]{1,64}=[^;\r\n]*)+;?(?=[\r\n]|$)/y;

/** The content of an XML element whose name ends at `at`: text, a section of CDATA, or an element `Value`. */
function readElement(text: string, at: number, name: string, found: Found): number {
  const open = /[^<>]{0,200}>\s{0,64}(?:<(?:plain)?value>)?(<!\[CDATA\[)?/iy;
  open.lastIndex = at;
  const match = open.exec(text);
  if (!match) return at;
  const start = open.lastIndex;
  if (match[1] !== undefined) {
    const close = text.indexOf(']]>', start);
    const end = close < 0 ? text.length : close;
    if (end > start) found(start, end, name);
    return end;
  }
  return readPattern(text, /([^<]+)(?=<\/|$)/dy, start, name, found);
}

const optionValue = /[ \t]+(?!-)\\*["']?/y;
/** `PASSWORD 'x'` of SQL, `secret "x"` of settings, and of people. */
const quotedNext = /[ \t]*(?:\([ \t]*)?["']([^"'\n]+)["']/dy;
/** `("X-Auth-Token", "x")`, `('password', 'x')`. */
const tupleNext = /["'][ \t]{0,8},[ \t]{0,8}[ubr]?["']([^"'\n]+)["'][ \t]{0,8}[)\]]/dy;
const settingNext = /[ \t]+(?:--(?:plaintext|iscrypted)[ \t]+)?(?!-)/y;
/** Words after which a name and its value stand side by side. */
const setting = /(?:^|\s)(?:ENV|ARG|setenv|setx|set[ \t]-\w{1,4}|proxy_set_header|add_header)[ \t]{1,8}$/i;
/** A value that stands beside the name: `name="password" value="x"`. */
const pairBefore =
  /(?:name|key|field|attribute|label|variable|property|param|header|option)["']?[ \t]{0,8}[:=]?[ \t]{0,8}["']?$/i;
const pairAfter =
  /["']?(?:[ \t]{0,8}\{)?(?:(?!\bname\b|\n[ \t]{0,32}-|[{}<>])[^]){0,200}?["']?\b(?:value|default|val)["']?[ \t]{0,8}[:=][ \t]{0,8}/iy;

/** Reads the value of a name that no sign is between: options, SQL, pairs, tuples. */
function readUnseparated(text: string, { start, end, name, word, before }: Name, found: Found): number {
  const line = text.slice(Math.max(0, start - 64), start);
  optionValue.lastIndex = end;
  const isOption = (word.startsWith('--') || (word.startsWith('-') && !/\S/.test(before))) && optionValue.test(text);
  if (isOption) return readValue(text, skipSpaces(text, end), unquotedWord, name, found);
  if (before === '"' || before === "'") {
    const value = readPattern(text, tupleNext, end, name, found);
    if (value > end && /[([][ \t]{0,8}[ubr]?["']$/.test(line)) return value;
  }
  if (pairBefore.test(line)) {
    pairAfter.lastIndex = end;
    if (pairAfter.test(text)) return readValue(text, pairAfter.lastIndex, unquotedWord, name, found);
    if (/<[^<>]*$/.test(line)) return readElement(text, end, name, found);
  }
  const stands = /^(?:requirepass|masterauth|rootpw)$/i.test(name)
    ? indentBefore(text, start) !== undefined
    : setting.test(line);
  settingNext.lastIndex = end;
  if (stands && settingNext.test(text)) return readValue(text, settingNext.lastIndex, unquotedWord, name, found);
  return /^(?:password|passphrase|secret|authorization)$|-/i.test(name)
    ? readPattern(text, quotedNext, end, name, found)
    : end;
}

function skipSpaces(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}
