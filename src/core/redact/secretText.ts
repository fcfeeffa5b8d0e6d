import { unescapePercent, type InnerText } from '../json/jsonStrings';
import { readBlock, readFormPart } from './secretBlocks';
import { readChpasswd } from './secretChpasswd';
import { commandNames, findInCommand } from './secretCommands';
import { decodeBase64, encodedBegins, isEncodedPair, look, lookBegins } from './secretLooks';
import { readNamed } from './secretNamed';
import { isSecretName } from './secretNames';
import { readPattern, type Found } from './secretValue';

/** Where findInText tells what it finds. */
interface Finds {
  readonly found: Found;
  /** Searches what a part of the text stands for. */
  inside(inner: InnerText): void;
  /** Whether a text that a part stands for holds any secret. */
  hides(text: string): boolean;
}

/** Begin names of secrets, and much else. */
const nameCues =
  'pass|pwd|pw|secret|token|psk|jwt|otp|cookie|key|user.?data|kubeconfig|configdrive|authori|credential|sig|masterauth|verifier' +
  '|saml|stringdata|recovery.?code|backup.?code|assertion|kennwort|парол|секрет|токен';

const otherCues =
  `-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY|-----BEGIN OpenVPN Static key|Private-Lines:` +
  `|chpasswd|bearer[ \\t]|basic[ \\t]|:\\/\\/|LS0tLS1CRUdJTi|identified|%(?:25){0,8}7b|form-data|(?:login|machine)\\s` +
  `|jdbc:oracle|@tcp\\(|<(?:\\w{1,32}:)?Assertion\\b|echo[ \\t]|printf[ \\t]|securestring[ \\t]|\\ndata:` +
  `|(?<![\\w-])(?:${commandNames})(?=[ \\t])|${lookBegins}|${encodedBegins}`;

/**
 * Letters without which no text holds a secret that could be told from other text. A cheap first look, so it may say yes too
 * often, never too seldom. Escapes of ASCII letters count, because they can hide a name.
 */
export const hint = new RegExp(
  `${nameCues}|(?:contents?|blob|payload|console|kty|auth|"-[a-zA-Z])\\\\*"|:\\/\\/[^\\s/"@]{1,256}@|\\\\u00[2-7]|${otherCues}`,
  'gi',
);

const cue = new RegExp(`${otherCues}|${nameCues}`, 'gi');

/**
 * Finds secrets in text that is not JSON (or no longer): `name=value`, `name: value`, headers, queries of URLs, forms, options of
 * commands, YAML blocks, chpasswd lists, private keys, tokens known by their look. Spans come in order. Linear: every step
 * looks either a bounded way or at what no later step looks at again.
 */
export function findInText(text: string, from: number, finds: Finds): void {
  let next = from;
  let manifest: boolean | undefined;
  const isManifest = (): boolean => (manifest ??= /(?<![^\n])kind:[ \t]*["']?Secret\b/.test(text));
  for (;;) {
    // A nested search moves the position of the shared expression.
    cue.lastIndex = next;
    const match = cue.exec(text);
    if (!match) return;
    next = cue.lastIndex;
    const end = readSecret(text, match[0], match.index, from, { ...finds, isManifest });
    if (end > next) from = next = end;
  }
}

interface Context extends Finds {
  /** Whether the text is a Secret of Kubernetes, whose data are secret by whatever name. */
  isManifest(): boolean;
}

/** Patterns of what a cue begins, each with the secret as its only group. */
const patterns: readonly (readonly [cue: RegExp, name: string, pattern: RegExp])[] = [
  [/^:\/\/$/, 'password', /:\/\/[^\s/?#@:"'<>]{0,128}:([^\s/?#"'<>]{1,256})@/dy],
  // Base64 of `-----BEGIN ... PRIVATE KEY`; that of certificates goes on otherwise.
  [
    /^LS0tLS1CRUdJTi$/,
    'private key',
    /(LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BEU0EgUFJJVkFUR|BPUEVOU1NIIFBSSVZBVE|BFTkNSWVBURUQgUFJJVkFUR)[\w+/-]*={0,2})/dy,
  ],
  [/^bearer/i, 'bearer', /bearer[ \t]+([\w.~+/=-]{8,})/diy],
  [
    /^identified$/i,
    'password',
    /identified[ \t]+(?:with[ \t]+\S{1,64}[ \t]+)?(?:by|as)[ \t]+(?:password[ \t]+)?["']([^"'\n]+)["']/diy,
  ],
  [/^(?:login|machine)\s$/i, 'password', /(?:login|machine)\s{1,8}\S{1,128}\s{1,8}password\s{1,8}(\S+)/diy],
  [/^jdbc/i, 'password', /jdbc:oracle:\w{1,16}:\w{1,64}\/([^\s@"']{1,128})@/diy],
  [/^securestring/i, 'password', /securestring[ \t]+(?:-String[ \t]+)?["']([^"'\n]+)["']/diy],
  [
    /^(?:echo|printf)/i,
    'password',
    /(?:echo|printf)[ \t]{1,8}(?:-\w{1,4}[ \t]{1,8})?["']?([^\s"'|:][^"'|:\n]{0,199})["']?[ \t]{0,8}\|[ \t]{0,8}(?:sudo[ \t]{1,8}-S|(?:sudo[ \t]{1,8})?(?:passwd|kinit|(?:docker|podman|helm)[^\n|;]{0,80}?[ \t]login))\b/diy,
  ],
];

const isNameCue = new RegExp(`^(?:${nameCues})$`, 'i');

/** Reads what stands at a cue; returns where the search goes on. */
function readSecret(text: string, cueText: string, at: number, from: number, context: Context): number {
  const { found } = context;
  if (isNameCue.test(cueText)) return readNamed(text, at, at + cueText.length, from, found);
  if (/^-----BEGIN|^---- |^Private-Lines/i.test(cueText)) return readPrivateKey(text, at, found);
  const pattern = patterns.find(([begin]) => begin.test(cueText));
  const end = pattern ? readPattern(text, pattern[2], at, pattern[1], found) : at;
  if (end > at) return end;
  if (/^basic/i.test(cueText)) return readBasic(text, at, found);
  if (cueText.startsWith('%')) return readEncodedJson(text, at, context);
  if (/^chpasswd$/i.test(cueText)) return readChpasswd(text, at, found);
  if (/^form-data$/i.test(cueText)) return readFormPart(text, at, isSecretName, found);
  if (cueText.startsWith('@')) return readBefore(text, at, found);
  if (cueText.startsWith('<')) return readAssertion(text, at, found);
  if (cueText.startsWith('\n')) {
    return context.isManifest() ? (readBlock(text, at + cueText.length, 0, 'data', found) ?? at) : at;
  }
  for (const secret of findInCommand(text, cueText, at + cueText.length)) found(secret.start, secret.end, 'password');
  return at > 0 && /[\w-]/.test(text.charAt(at - 1)) ? at : readLook(text, at, context);
}

function readLook(text: string, at: number, { found, hides }: Context): number {
  look.lastIndex = at;
  if (look.test(text)) {
    found(at, look.lastIndex, 'token');
    return look.lastIndex;
  }
  encoded.lastIndex = at;
  const value = encoded.exec(text)?.[0];
  if (value === undefined) return at;
  if (hides(decodeBase64(value) ?? '')) found(at, at + value.length, 'base64');
  return at + value.length;
}

const encoded = new RegExp(`(?:${encodedBegins})[\\w+/-]{12,}={0,2}`, 'y');

function readPrivateKey(text: string, at: number, found: Found): number {
  const closing =
    /-----END[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|---- END SSH2[A-Z0-9 ]{0,40}|-----END OpenVPN Static key[^\n-]{0,16}-----|Private-MAC:[^\n]*/g;
  closing.lastIndex = at;
  const end = closing.exec(text) ? closing.lastIndex : text.length;
  found(at, end, 'private key');
  return end;
}

function readBasic(text: string, at: number, found: Found): number {
  const basic = /basic[ \t]{1,8}([\w+/]{6,1024}={0,2})/diy;
  basic.lastIndex = at;
  return isEncodedPair(basic.exec(text)?.[1] ?? '') ? readPattern(text, basic, at, 'basic', found) : at;
}

/** JSON with its signs escaped for an address or a form. */
function readEncodedJson(text: string, at: number, { inside }: Context): number {
  const escaped = /[^\s"'<>&]+/y;
  escaped.lastIndex = at;
  const end = at + (escaped.exec(text)?.[0].length ?? 0);
  inside(unescapePercent(text, at, end));
  return end;
}

/** The password in `user:password@tcp(host)`. */
function readBefore(text: string, at: number, found: Found): number {
  const before = text.slice(Math.max(0, at - 200), at);
  const value = /(?<![^\s"'`=])[\w.-]{1,64}:([^\s"'`]{1,128})$/.exec(before)?.[1];
  if (value !== undefined) found(at - value.length, at, 'password');
  return at;
}

/** Whoever has an assertion of SAML is let in with it. */
function readAssertion(text: string, at: number, found: Found): number {
  const start = text.indexOf('>', at) + 1;
  if (start === 0) return at;
  const closing = /<\/(?:\w{1,32}:)?Assertion>/gi;
  closing.lastIndex = start;
  const end = closing.exec(text)?.index ?? text.length;
  if (end > start) found(start, end, 'assertion');
  return end;
}
