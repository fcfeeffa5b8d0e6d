/**
 * Whether a value of this name is a secret, whatever the style of the name: `adminPass`, `X-Auth-Token`, `private_key`.
 * The last word decides, so `password_expires_at`, `key_name`, `fernet_token_ttl`, `secret_ref` and ids are none.
 */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  if (words.length === 0 || amounts.has(words[0] as string)) return false;
  return secretWords.has(words.at(-1) as string) || secretEnds.test(words.join(''));
}

/** Whether an object of this name describes a token: in it only `id` is secret, for that is the token itself [inferred from Keystone]. */
export function isTokenName(name: string): boolean {
  return /tokens?$/i.test(name);
}

/** Whether a value of this name tells nothing even inside an object that is a secret: ids, names, links, times. */
export function isPlainName(name: string): boolean {
  return plainWords.has(wordsOf(name).at(-1) ?? '');
}

/** Whether a query parameter of this name lets its holder in; in other places such names are harmless. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || /(?:^|[-_])(?:sig|signature|credential|assertion)$/i.test(name);
}

/** Whether what is named by `text` is a secret: a name, or the path to one as JSON Patch has it, `/server/adminPass`. */
export function namesSecret(text: string): boolean {
  return isSecretName(text.slice(text.lastIndexOf('/', text.length - 2) + 1));
}

/** Names that are secret only as children of a certain parent. */
export function isSecretChild(parent: string, name: string): boolean {
  return secretChildren[parent.toLowerCase()] === name.toLowerCase();
}

/** Whether the address of this name is a way in for whoever has it, so that it is secret where no part of it can be told to be. */
export function isDoor(parent: string, name: string): boolean {
  return name === 'url' && /console$/i.test(parent);
}

/** Whether what follows this word in a list is a secret: headers and options come so. Plain words there are names of methods. */
export function isHeaderName(name: string): boolean {
  return /^(?:authorization|cookie)$/i.test(name) || (name.includes('-') && isSecretName(name));
}

const secretChildren: Readonly<Record<string, string>> = {
  personality: 'contents', // files injected into a server
  write_files: 'content', // the same in cloud-init
  chpasswd: 'list', // cloud-init: users and their passwords
  credential: 'blob',
  transfer_request: 'key', // Designate: whoever has it may take the zone over
  transfer_requests: 'key',
  transfer_accept: 'key',
  transfer_accepts: 'key',
  '': 'payload', // Barbican: the secret itself, beside its name
};

const amounts = new Set(['max', 'min', 'num', 'number', 'count', 'total']);

const secretWords = new Set(
  (
    'pass password passwords passwd passwds passphrase passphrases passcode pwd secret secrets token tokens psk psks jwt otp ' +
    'cookie cookies authorization kubeconfig keyring userdata credential credentials pw passwort kennwort пароль пароля пароли ' +
    'секрет секреты токен токены keytab configdrive'
  ).split(' '),
);

const secretEnds = new RegExp(
  '(?:password|passwd|passphrase|passw0rd|secret|token|psk|kubeconfig|userdata|authorization|setcookie|configdrive' +
    '|(?:password|passwd|passphrase)(?:confirm|confirmation|confirmed|again|repeat|repeated|retype|verify|verification)' +
    '|(?:admin|root|user|db|auth|require|store|key|become|ssh|bind)pass|(?:admin|root|user|db|bind|ldap)pw|masterauth|unicodepwd' +
    '|oauthverifier|saml\\d?(?:response|assertion)|stringdata|secretkeybase|recoverycode|backupcode|unsealkeys?(?:b|hex)?' +
    '|(?:private|secret|access|auth|api|encryption|decryption|shared|signing|master|license|client|server|tls|ssl|rsa|hmac|aes|account|storage|service|tempurl|unseal)key' +
    '|(?:client|private)keydata|keymaterial|tokenid|(?:token|secret|password)(?:value|data|string|hash))s?\\d*$',
);

const plainWords = new Set(
  (
    'id ids uuid name names href ref refs rel link links url uri type status state at method methods domain user project region ' +
    'algorithm mode length expiration created updated version enabled size format encoding description path file'
  ).split(' '),
);

/** UTF-16 units. Of longer names the end decides. */
export const maxName = 128;

function wordsOf(name: string): string[] {
  return name
    .slice(-maxName)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .map((word) => word.replace(/(?<!\d)\d+$/, ''))
    .filter((word) => word !== '');
}
