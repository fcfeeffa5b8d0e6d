import { isSecretName, isSecretParameter } from './secretNames';

/** Takes the span of a secret and the name it goes by. */
export type Found = (start: number, end: number, name: string) => void;

/**
 * Letters without which no text holds a secret that could be told from other text. A cheap first look, so it may say yes too
 * often, never too seldom. Escapes of ASCII letters count, because they can hide a name.
 */
export const hint =
  /pass|pwd|secret|token|psk|jwt|otp|cookie|key|user.?data|kubeconfig|authori|bearer|credential|sig|contents?"|blob"|payload"|console"|-----BEGIN|LS0tLS1CRUdJTi|gAAAAA|eyJ|gh[pousr]_|glpat-|xox[bpars]-|identified|curl|mysql|:\/\/[^\s/"@]{1,256}@|\\u00[2-7]/gi;

const cue =
  /-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY|chpasswd|bearer[ \t]|:\/\/|LS0tLS1CRUdJTi|gAAAAA|eyJ|gh[pousr]_|glpat-|xox[bpars]-|identified|curl|mysql|pass|pwd|secret|token|psk|jwt|otp|cookie|key|user.?data|kubeconfig|authori|credential|sig/gi;

const wordCharacter = /[\w.-]/;
const maxWord = 64;

/**
 * Finds secrets in text that is not JSON (or no longer): `name=value`, `name: value`, headers, queries of URLs, options of
 * commands, YAML blocks, chpasswd lists, private keys, tokens known by their look. Spans come in order. Linear: every step
 * looks either a bounded way or at what no later step looks at again.
 */
export function findInText(text: string, from: number, found: Found): void {
  // Its own copy: the position in a shared expression would be lost in a nested search.
  const cues = new RegExp(cue);
  cues.lastIndex = from;
  for (let match = cues.exec(text); match; match = cues.exec(text)) {
    const end = readSecret(text, match[0].toLowerCase(), match.index, from, found);
    if (end > cues.lastIndex) cues.lastIndex = end;
    from = cues.lastIndex;
  }
}

/** Reads what stands at a cue; returns where the search goes on. */
function readSecret(text: string, cueText: string, at: number, from: number, found: Found): number {
  if (cueText.startsWith('-----')) return readPrivateKey(text, at, found);
  if (cueText === '://') return readPattern(text, userInfo, at, 'password', found);
  if (cueText.startsWith('ls0t')) return readPattern(text, encodedPrivateKey, at, 'private key', found);
  if (/^(?:gaaaaa|eyj|gh._|glpat-|xox.-)$/.test(cueText)) {
    const inside = at > 0 && /[\w-]/.test(text.charAt(at - 1));
    return inside ? at : readPattern(text, knownToken, at, 'token', found);
  }
  const command = commands[cueText];
  if (command) return readPattern(text, command, at, 'password', found);
  if (cueText.startsWith('bearer')) return readPattern(text, bearer, at, 'bearer', found);
  if (cueText === 'chpasswd') return readChpasswd(text, at, found);
  return readNamed(text, at, at + cueText.length, from, found);
}

const userInfo = /:\/\/[^\s/?#@:"'<>]{0,128}:([^\s/?#@"'<>]{1,256})@/y;
const knownToken =
  /(gAAAAA[\w-]{60,}={0,2}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|gh[pousr]_\w{30,}|glpat-[\w-]{16,}|xox[bpars]-[\w-]{16,})/y;
/** Base64 of `-----BEGIN ... PRIVATE KEY`; that of certificates goes on otherwise. */
const encodedPrivateKey =
  /(LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BEU0EgUFJJVkFUR|BPUEVOU1NIIFBSSVZBVE|BFTkNSWVBURUQgUFJJVkFUR)[\w+/-]*={0,2})/y;

/** Commands and statements that take a password without naming it. The password stands last, but for a quote. */
const commands: Readonly<Record<string, RegExp>> = {
  identified: /identified[ \t]+(?:with[ \t]+\S{1,64}[ \t]+)?(?:by|as)[ \t]+(?:password[ \t]+)?["']([^"'\n]+)["']/iy,
  curl: /curl[^\n|;]{0,300}?[ \t](?:-u|--user)[ \t=]{0,4}["']?[^\s:"'=]{1,64}:([^\s"']+)/y,
  mysql: /mysql(?:dump|admin)?[ \t](?:[^\n|;]{0,200}?[ \t])?-p([^\s"']+)/y,
};
const sshpassOption = /[ \t]+-p[ \t]*["']?([^\s"']+)/y;
/** `PASSWORD 'x'` of SQL, and of people. */
const quotedNext = /[ \t]*(?:\([ \t]*)?["']([^"'\n]+)["']/y;

const bearer = /bearer[ \t]+([\w.~+/=-]{8,})/iy;

/** The span of the pattern's only group, which stands at the end but for one character at most. */
function readPattern(text: string, pattern: RegExp, at: number, name: string, found: Found): number {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match) return at;
  const value = match[1] as string;
  const end = at + match[0].length - (match[0].endsWith(value) ? 0 : 1);
  found(end - value.length, end, name);
  return end;
}

function readPrivateKey(text: string, at: number, found: Found): number {
  const closing = /-----END[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  closing.lastIndex = at;
  const end = closing.exec(text) ? closing.lastIndex : text.length;
  found(at, end, 'private key');
  return end;
}

const afterName = /\\*["'`]?[ \t]*(?:=>|:=|[:=])[ \t]*/y;
const optionValue = /[ \t]+(?!-)\\*["']?/y;
/** A query within a query, as addresses of consoles have it: `?path=%3Ftoken%3D...`. */
const encoded = /%(?:3f|26|3b)([\w.-]{1,64})%3d/iy;
const encodedValue = /((?:[^\s%&"'<>]|%(?!2[36]))+)/y;
const quotes = /[ubr]?\\*["'`]/iy;
const literal = /^(?:true|false|null|none|nil|undefined|yes|no|~)$/i;

function readNamed(text: string, at: number, cueEnd: number, from: number, found: Found): number {
  let start = at;
  while (start > from && at - start < maxWord && wordCharacter.test(text.charAt(start - 1))) start--;
  let end = cueEnd;
  while (end < text.length && end - cueEnd < maxWord && wordCharacter.test(text.charAt(end))) end++;
  encoded.lastIndex = start - 1;
  const inEncodedQuery = start > from ? encoded.exec(text)?.[1] : undefined;
  if (inEncodedQuery !== undefined && isSecretParameter(inEncodedQuery)) {
    const value = readPattern(text, encodedValue, encoded.lastIndex, inEncodedQuery, found);
    if (value > encoded.lastIndex) return value;
  }
  const before = start > 0 ? text.charAt(start - 1) : '';
  const word = text.slice(start, end);
  // A query within a query (`?path=%3Ftoken%3D...`, the address of a noVNC console) has its signs escaped.
  const escaped = before === '%' ? /^(?:25)*(?:3f|26|3b)/i.exec(word)?.[0] : undefined;
  const name = word.slice(escaped?.length ?? 0).replace(/^[-.]+/, '');
  const inQuery = escaped !== undefined || before === '?' || before === '&' || before === ';';
  if (name === 'sshpass') return readPattern(text, sshpassOption, end, name, found);
  if (!(inQuery ? isSecretParameter(name) : isSecretName(name))) return end;

  if (inQuery) {
    const value = readPattern(text, escaped === undefined ? queryValue : escapedQueryValue, end, name, found);
    if (value > end) return value;
  }
  if (before === '<') return readPattern(text, elementContent, end, name, found);
  afterName.lastIndex = end;
  const separator = afterName.exec(text);
  if (!separator) {
    optionValue.lastIndex = end;
    const isOption = text.startsWith('--', start) && optionValue.test(text);
    if (isOption) return readValue(text, skipSpaces(text, end), unquotedWord, name, found);
    return /^password$/i.test(name) ? readPattern(text, quotedNext, end, name, found) : end;
  }
  const value = end + separator[0].length;
  const packed = separator[0] === ':';
  if (packed && (before === ':' || text.startsWith('//', value))) return end;
  if (/^(?:authorization|(?:set-)?cookie)$/i.test(name)) return readValue(text, value, headerValue, name, found);
  const indent = indentBefore(text, start);
  if (indent === undefined || separator[0].startsWith('\\')) return readValue(text, value, unquotedWord, name, found);
  const block = yamlBlock(text, value, indent);
  if (block) {
    found(block.start, block.end, name);
    return block.end;
  }
  return readValue(text, value, restOfLine, name, found);
}

const queryValue = /(?:=|%(?:25)*3D)([^\s&#"'<>]+)/iy;
const escapedQueryValue = /(?:=|%(?:25)*3D)((?:(?!%(?:25)*(?:26|23|3B))[^\s&#"'<>])+)/iy;
const elementContent = /[^<>]{0,200}>([^<]+)(?=<\/|$)/y;
const unquotedWord = /\[[^\]\n]*|[^\s"'<>&[]+/y;
const headerValue = /[^\r\n"']+/y;
const restOfLine = /[^\r\n]+/y;

/** Reads a quoted value to its closing quote, or what `unquoted` takes. An opening brace begins something with names of its own. */
function readValue(text: string, at: number, unquoted: RegExp, name: string, found: Found): number {
  quotes.lastIndex = at;
  const quote = quotes.exec(text)?.[0];
  if (quote !== undefined) {
    const start = at + quote.length;
    const end = endOfQuoted(text, start, quote.replace(/^[ubr]/i, ''));
    if (end > start && !literal.test(text.slice(start, Math.min(end, start + 10)))) found(start, end, name);
    return end;
  }
  if (text.startsWith('{', at)) return at;
  unquoted.lastIndex = at;
  const value = unquoted.exec(text)?.[0].trimEnd();
  if (value === undefined || value === '' || literal.test(value)) return at;
  found(at, at + value.length, name);
  return at + value.length;
}

function endOfQuoted(text: string, from: number, quote: string): number {
  if (quote.length > 1) {
    const end = text.indexOf(quote, from);
    return end < 0 ? text.length : end;
  }
  let end = from;
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
  return Math.min(end, text.length);
}

function skipSpaces(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/** How far the name is indented where it is the first thing on its line; undefined where it is not. */
function indentBefore(text: string, start: number): number | undefined {
  let at = start;
  while (at > 0 && start - at < maxWord && /[ \t-]/.test(text.charAt(at - 1))) at--;
  return at === 0 || text[at - 1] === '\n' ? start - at : undefined;
}

/** The lines of a YAML block (`|` or `>`) that belong to a name indented by `indent`. */
function yamlBlock(text: string, at: number, indent: number): { start: number; end: number } | undefined {
  const header = /[|>][+\-\d]*[ \t]*\r?\n/y;
  header.lastIndex = at;
  if (!header.test(text)) return undefined;
  const start = header.lastIndex;
  const line = /([ \t]*)([^\n]*)(\n|$)/y;
  let end = start;
  let next = start;
  while (next < text.length) {
    line.lastIndex = next;
    const [whole = '', spaces = '', content = ''] = line.exec(text) ?? [];
    if (content.trim() !== '' && spaces.length <= indent) break;
    next += whole.length;
    if (content.trim() !== '') end = next - (whole.endsWith('\n') ? 1 : 0);
  }
  return end > start
    ? { start: start + (/^[ \t]*/.exec(text.slice(start, start + 200))?.[0].length ?? 0), end }
    : undefined;
}

/** `user:password` pairs: the indented lines under cloud-init's `chpasswd:`, or what a shell pipes into the command. */
function readChpasswd(text: string, at: number, found: Found): number {
  const before = text.slice(Math.max(0, at - 200), at);
  const pipe = /\|[ \t]{0,8}(?:sudo[ \t]{1,8})?$/.exec(before)?.index;
  const piped = pipe === undefined ? null : pipedPair.exec(before.slice(0, pipe));
  if (piped) {
    const start = at - before.length + piped.index + piped[0].indexOf(':') + 1;
    found(start, start + (piped[1] as string).length, 'chpasswd');
    return at + 'chpasswd'.length;
  }
  const head = /chpasswd["']?:[^\n]*(?:\n|$)/iy;
  head.lastIndex = at;
  const [first] = head.exec(text) ?? [];
  if (first === undefined) return at;
  // In the flow style of YAML the list stands on the same line.
  const flow = first.indexOf('list');
  for (const pair of flow < 0 ? [] : first.slice(flow).matchAll(/(?<![\w.-])[\w.-]{1,64}:([^\s"',{}[\]]+)/g)) {
    const value = pair[1] as string;
    const end = at + flow + pair.index + pair[0].length;
    found(end - value.length, end, 'chpasswd');
  }
  const line =
    /[ \t]+(?:-[ \t]*)?(?:(?:list|expire|users|name|type):[^\n]*|(?:["']?[\w.-]+:([^\s"']+)[^\n]*)|[^\n]*)(?:\n|$)/y;
  let next = head.lastIndex;
  for (;;) {
    line.lastIndex = next;
    const match = line.exec(text);
    if (!match || match[0] === '') return next;
    if (match[1] !== undefined) {
      const start = next + match[0].indexOf(':') + 1;
      found(start, start + match[1].length, 'chpasswd');
    } else if (cueInLine.test(match[0])) {
      // Named values (`password: x`) inside the block are read like anywhere else.
      return next;
    }
    next += match[0].length;
  }
}

/** Starts where a word does, so that no long word is read again from each of its letters. */
const pipedPair = /(?<![^\s"'|])[\w.-]+:([^\s"'|]+)["']?[ \t]{0,8}$/;
const cueInLine = /passw|secret|token/i;
