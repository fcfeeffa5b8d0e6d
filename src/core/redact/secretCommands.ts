/** How a command takes a password that it does not name. */
interface Command {
  /** The command takes it only together with this word: `docker login`. */
  readonly verb?: RegExp;
  /** Options that are followed by it, or that it is glued to: `-p x`, `-px`. */
  readonly value?: RegExp;
  /** Options that are followed by user and password: `-u bob:x`. */
  readonly pair?: RegExp;
  /** Where it stands among the words that are no options; the last one from the end. */
  readonly word?: number;
}

const login: Command = { verb: /^login$/, value: /^-p=?/, pair: /^--(?:src-|dest-)?creds=?/ };
const optionP: Command = { value: /^-p=?/ };
const optionUpperP: Command = { value: /^-P/ };
const glued: Command = { value: /^-p(?=.)/ };
const bindOption: Command = { value: /^-w/ };

const commands: Readonly<Record<string, Command>> = {
  curl: { pair: /^(?:-[a-zA-Z]{0,6}[uU]|--(?:proxy-)?user)=?/ },
  mysql: glued,
  mysqldump: glued,
  mysqladmin: glued,
  mariadb: glued,
  '7z': glued,
  sshpass: optionP,
  useradd: optionP,
  usermod: optionP,
  mongo: optionP,
  mongosh: optionP,
  mongodump: optionP,
  mongorestore: optionP,
  psexec: optionP,
  zip: optionUpperP,
  unzip: optionUpperP,
  sqlcmd: optionUpperP,
  ipmitool: optionUpperP,
  docker: login,
  podman: login,
  buildah: login,
  skopeo: { pair: login.pair! },
  helm: login,
  az: login,
  oc: login,
  'redis-cli': { value: /^-a/ },
  ldapsearch: bindOption,
  ldapadd: bindOption,
  ldapmodify: bindOption,
  smbclient: { pair: /^-U/ },
  htpasswd: { verb: /^-(?=[a-zA-Z]*b)[a-zA-Z]+$/, word: -1 },
  rabbitmqctl: { verb: /^(?:add_user|change_password)$/, word: 3 },
  wpa_passphrase: { word: 2 },
  net: { verb: /^user$/i, word: 3 },
};

/** The commands, the longest first, as an expression. */
export const commandNames = Object.keys(commands)
  .sort((a, b) => b.length - a.length)
  .join('|');

/** UTF-16 units of a command line that are read, and words of it. */
const maxLine = 400;
const maxWords = 24;

interface Word {
  readonly text: string;
  readonly start: number;
}

/**
 * The password in a command line whose first word, `name`, ends at `at`; spans without quotes. Takes a bounded time.
 */
export function findInCommand(text: string, name: string, at: number): { start: number; end: number }[] {
  const command = commands[name.toLowerCase()];
  if (!command || !/[ \t]/.test(text.charAt(at))) return [];
  const words = wordsFrom(text, at);
  const { verb, value, pair, word } = command;
  if (verb && !words.some((each) => verb.test(each.text))) return [];
  const found: Word[] = [];
  for (const [index, each] of words.entries()) {
    const rest = restOf(each, value) ?? restOf(each, pair);
    if (!rest) continue;
    const taken = rest.text === '' ? words[index + 1] : rest;
    const secret = taken && (value?.test(each.text) ? taken : passwordOf(taken));
    if (secret) found.push(secret);
  }
  if (word !== undefined) {
    const plain = words.filter((each) => !/^[-/]/.test(each.text));
    const secret = word < 0 ? plain.at(word) : plain[word - 1];
    if (secret && plain.length > 1 && secret.text !== '*') found.push(secret);
  }
  return found.map((each) => ({ start: each.start, end: each.start + each.text.length }));
}

/** Whether `option` is followed by a password in a list of words that begins with `command`. */
export function isPasswordOption(command: string, option: string): boolean {
  const value = commands[command.slice(command.lastIndexOf('/') + 1)]?.value;
  return value !== undefined && option.replace(value, '') === '' && option !== '';
}

/** What is glued to the option; '' where it stands alone. */
function restOf({ text, start }: Word, option: RegExp | undefined): Word | undefined {
  const match = option?.exec(text)?.[0];
  return match === undefined ? undefined : unquote({ text: text.slice(match.length), start: start + match.length });
}

function passwordOf({ text, start }: Word): Word | undefined {
  const at = text.search(/[:%]/);
  return at > 0 && at + 1 < text.length ? { text: text.slice(at + 1), start: start + at + 1 } : undefined;
}

function wordsFrom(text: string, at: number): Word[] {
  const line = text.slice(at, at + maxLine);
  const piece = /(?:[ \t]|\\\r?\n)+((?:"(?:[^"\\]|\\[^])*"|'[^']*'|\\[^\r\n]|[^\s"'\\|;&<>])+)/y;
  const words: Word[] = [];
  for (let match = piece.exec(line); match && words.length < maxWords; match = piece.exec(line)) {
    const written = match[1] as string;
    words.push(unquote({ text: written, start: at + piece.lastIndex - written.length }));
  }
  return words;
}

function unquote({ text, start }: Word): Word {
  return /^(?:"[^]*"|'[^]*')$/.test(text) && text.length > 1
    ? { text: text.slice(1, -1), start: start + 1 }
    : { text, start };
}
