/**
 * Tokens and hashes known by their look alone. Each begins with letters that stand nowhere else, so that a text without
 * them need not be searched.
 */
const looks: readonly (readonly [begin: string, rest: string])[] = [
  ['gAAAAA', '[\\w-]{60,}={0,2}'], // Fernet: Keystone
  ['eyJ', '[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)?'], // JSON Web Token
  ['gh[pousr]_', '\\w{30,}'],
  ['github_pat_', '\\w{30,}'],
  ['gl(?:pat|ptt|rt|dt|cbt|ft|soat)-', '[\\w.-]{16,}'],
  ['xox[abeoprs]-', '[\\w-]{16,}'], // Slack
  ['xapp-', '[\\w-]{16,}'],
  ['hooks\\.slack\\.com/services/', '[\\w/]{20,}'],
  ['AIza', '[\\w-]{35}'], // Google
  ['ya29\\.', '[\\w-]{20,}'],
  ['AQVN', '[\\w-]{30,}'], // Yandex Cloud
  ['hv[sbr]\\.', '[\\w-]{20,}'], // Vault
  ['[sr]k_live_', '\\w{16,}'], // Stripe
  ['SG\\.', '[\\w-]{16,}\\.[\\w-]{16,}'], // SendGrid
  ['npm_', '\\w{36}'],
  ['pypi-', '[\\w-]{50,}'],
  ['dckr_pat_', '[\\w-]{20,}'],
  ['do[opr]_v1_', '\\w{40,}'],
  ['AGE-SECRET-KEY-1', '\\w{40,}'],
  ['\\$(?:1|2[abxy]|5|6|y|7|gy|apr1|argon2\\w{1,2}|scrypt)\\$', '[./\\w$,=+-]{16,}'], // crypt(3)
];

const begins = looks.map(([begin]) => begin).join('|');
/** The beginnings of all looks, for expressions that ignore case. */
export const lookBegins = `${begins}|\\d{6,12}:AA`;

/** A secret by its look, from where it begins. The last is a bot of Telegram. */
export const look = new RegExp(
  `(?:${[...looks.map((each) => each.join('')), '\\d{6,12}:AA[\\w-]{33}'].join('|')})`,
  'y',
);

/** How base64 begins of texts that are read by machines: JSON, scripts, cloud-init, YAML, MIME, PEM, settings. */
export const encodedBegins =
  'eyJ|eyAi|ewog|ewoJ|I2Nsb3VkLWNvbmZpZ|IyEv|Q29udGVudC1UeXBl|TUlNRS1WZXJzaW9u|YXBpVmVyc2lvb|LS0t|cGFzc3dvcmQ|ZXhwb3J0I|W3si';

/** The text behind base64, undefined where it is none, or no text. */
export function decodeBase64(encoded: string): string | undefined {
  try {
    const binary = atob(
      encoded
        .replace(/[\s=]+/g, '')
        .replaceAll('-', '+')
        .replaceAll('_', '/'),
    );
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[\u0000-\u0008\u000e-\u001a]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Whether this is a user and a password as headers and Docker's settings hold them: `dXNlcjpwYXNz`. */
export function isEncodedPair(text: string): boolean {
  return /^[\w+/]{6,1024}={0,2}$/.test(text) && /^[^\s:]{1,200}:[^]/.test(decodeBase64(text) ?? '');
}
