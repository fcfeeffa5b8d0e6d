import { UserError } from '../base/errors';
import { message } from '../base/message';
import { splitCommand } from './shellWords';

/** Where the activity log of one project is asked for. */
export interface Endpoint {
  /** Normalized: no trailing slash, no `/logs`, no query. */
  readonly url: string;
  readonly origin: string;
  /** The OpenStack project id: 32 hex digits, lower case. */
  readonly projectId: string;
  /** From the token header of a pasted curl command; undefined where it is a placeholder like `$OS_TOKEN`. */
  readonly token: string | undefined;
}

/**
 * Reads any shape of endpoint: `https://infra.mail.ru:{port}/v1/{project_id}` [spec], `https://mcs.mail.ru/auditlogs/v1/{project_id}`
 * [vendor], either one with `/logs?...` or a slash behind, or the whole curl command of the documentation.
 * @throws UserError that names what is wrong; it never repeats a token or a password
 */
export function parseEndpoint(text: string): Endpoint {
  refuseOthers(stripQuotes(text));
  const { address, token } = readPasted(text);
  if (address === '') throw new UserError(message('The address of the activity log is empty.'));
  const url = readUrl(address);
  refuseOtherServices(url);
  const path = url.pathname
    .replace(/(?<!\/)\/+$/, '')
    .replace(/\/logs$/, '')
    .replace(/(?<!\/)\/+$/, '');
  const projectId = readProjectId(path);
  return { url: url.origin + path.replace(/[^/]+$/, projectId), origin: url.origin, projectId, token };
}

/** What a pasted endpoint leaves open. */
interface EndpointGaps {
  readonly port: boolean;
  readonly project: boolean;
}

const portPlace = /:(?:\{[^{}/]*\}|<[^<>/]*>|\$\{?\w+\}?|%7B(?:(?!%7B)[^/])*?%7D|port)(?=\/|$)/i;
const projectPlace =
  /\/(?:\{[^{}/]*\}|<[^<>/]*>|[$%]\([^()/]*\)s?|\$\{?\w+\}?|%7B(?:(?!%7B)[^/])*?%7D|(?:YOUR_)?(?:PROJECT|TENANT)_ID)(?=[/?#\s"']|$)|(?<=\/v1)\/?(?=\/logs|[?#\s"']|$)/i;

/** Which values of the person's own an endpoint of the documentation still lacks: `https://infra.mail.ru:{port}/v1/{project_id}`. */
export function endpointGaps(text: string): EndpointGaps {
  const address = addressIn(text);
  const isEndpoint = /^https?:\/\/[^/]+\/.*v1(?:\/|$)/.test(address);
  return { port: isEndpoint && portPlace.test(address), project: isEndpoint && projectPlace.test(address) };
}

/** Puts values into the places that {@link endpointGaps} names. What is pasted around the address, a token for example, stays. */
export function fillEndpoint(
  text: string,
  { port, project }: { readonly port: string; readonly project: string },
): string {
  const address = addressIn(text);
  const filled = address.replace(portPlace, () => `:${port}`).replace(projectPlace, () => `/${project}`);
  return text.replace(address, () => filled);
}

function addressIn(text: string): string {
  try {
    return readPasted(text).address;
  } catch {
    return '';
  }
}

/** A curl command, an address, or an address with words around it. */
function readPasted(text: string): { readonly address: string; readonly token: string | undefined } {
  if (isCommand(text)) return readCommand(text);
  const only = stripQuotes(text);
  const addresses = /\s/.test(only) ? [...only.matchAll(/https?:\/\/[^\s"'`<>|]+/gi)].map(([found]) => found) : [];
  const [address, second] = addresses;
  if (second !== undefined) throw new UserError(message('These are several addresses. Paste the one called "Audit".'));
  if (address === undefined) return { address: only, token: undefined };
  const token = /x-auth-token["']?\s*[:=]\s*["']?([^\s"']+)/i.exec(only)?.[1];
  return { address, token: token !== undefined && !isPlaceholder(token) ? token : undefined };
}

function isCommand(text: string): boolean {
  return /^[\s$>#]*(?:(?:[^\s$>#]\S*)?[/\\])?curl(?:\.exe)?\s/i.test(text);
}

/** Options of curl that take the next word; the address is the word that belongs to none. Single letters may stand together. */
const valueOptions =
  /^(?:-[sSkLiIgfGvNj046#]*[XdoAubeEFKmwxTQyYzCc]|--(?:request|data\S*|output|user-agent|user|cookie|referer|cert|key|cacert|proxy|max-time|connect-timeout|retry|write-out|form|config))$/;

function readCommand(text: string): { address: string; token: string | undefined } {
  const plain = text.replace(/^[\s$>#]*/, '');
  // As browsers copy it for the command line of Windows.
  const words = splitCommand(plain.includes('^"') ? plain.replace(/\^([^\r\n])/g, '$1') : plain).slice(1);
  let address = '';
  let token: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const next = words[index + 1] ?? '';
    const header = /^(?:-[sSkLiIgfGvNj046#]*H|--header=?)([^]*)$/.exec(word);
    if (header) {
      const content = header[1] === '' ? next : (header[1] as string);
      if (header[1] === '') index++;
      token = /^\s*x-auth-token\s*:\s*(\S+)\s*$/i.exec(content)?.[1] ?? token;
    } else if (word === '--url') {
      address = next;
      index++;
    } else if (valueOptions.test(word)) index++;
    else if (!word.startsWith('-') && address === '') address = word;
  }
  if (address === '') throw new UserError(message('The curl command holds no address.'));
  return { address, token: token !== undefined && !isPlaceholder(token) ? token : undefined };
}

export function stripQuotes(text: string): string {
  return text
    .trim()
    .replace(/^(["'`<])([^]*)["'`>]$/, '$2')
    .trim();
}

const placeholder =
  /\{[^{}]*\}|%7B(?:(?!%7B)[^/])*?%7D|<[^<>/]*>|\$\{?\w+\}?|\$\([^()]*\)|\bYOUR_\w+|\b(?:project_id|PROJECT_ID)\b|:(?:port|PORT)\b/i;

function isPlaceholder(text: string): boolean {
  return placeholder.test(text) || /^[*•x.…]+$/i.test(text);
}

function refusePlaceholders(address: string): void {
  const found = placeholder.exec(address.replace(/[?#][^]*$/, ''))?.[0];
  if (found === undefined) return;
  throw new UserError(
    message(
      'The address still holds a placeholder: {0}. Put your own value in its place. The whole address is in the cloud console under "Project Settings" -> "API Endpoints".',
      found,
    ),
  );
}

/** UTF-16 units. No service has longer addresses. */
const maxAddress = 2048;

/**
 * An address that a token may be sent to.
 * @throws UserError where it is too long, holds a placeholder or a password, or would send the token unencrypted
 */
export function readUrl(address: string): URL {
  if (address.length > maxAddress) {
    throw new UserError(message('The address is longer than {0} characters. Check what was pasted.', maxAddress));
  }
  refusePlaceholders(address);
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    throw new UserError(message('This is not an address: it must begin with https:// and end with the project id.'));
  }
  if (scheme !== 'https' && scheme !== 'http') {
    throw new UserError(message('An address cannot begin with {0}:// here. It must begin with https://.', scheme));
  }
  if (!URL.canParse(address)) {
    throw new UserError(
      message('This address cannot be read. It should look like https://host/auditlogs/v1/<project id>.'),
    );
  }
  const url = new URL(address);
  refuseUnsafe(url);
  return url;
}

function refuseUnsafe(url: URL): void {
  if (url.username !== '' || url.password !== '') {
    throw new UserError(
      message('The address holds a user name or password. Leave them out; the token is asked for separately.'),
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new UserError(
      message('The address begins with http://, which would send the token unencrypted. Use https://.'),
    );
  }
}

/** Whether the host is this machine: its traffic leaves no network card. URL has already normalized the spelling. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** What people have at hand beside the endpoint. Nothing of it is repeated: it may be a secret. */
function refuseOthers(text: string): void {
  if (/^gAAAA[\w-]{20,}={0,2}$/.test(text)) {
    throw new UserError(
      message('This is a token, not an address. The endpoint comes first, the token is asked for afterwards.'),
    );
  }
  if (/^[\da-f]{32}$/i.test(text)) {
    throw new UserError(
      message('This is only a project id. The endpoint looks like {0}.', `${example}${text.toLowerCase()}`),
    );
  }
  if (
    /\bOS_(?:AUTH_URL|USERNAME|PROJECT_ID|PASSWORD)\s*=|^(?!https?:)[^?]*(?:openrc(?:\.\w+)?|clouds\.ya?ml|\.tf)$/i.test(
      text,
    )
  ) {
    throw new UserError(
      message(
        'This is what an openrc file, clouds.yaml or Terraform code is for: the command "Import Credentials" reads them.',
      ),
    );
  }
}

/** The beginning of the vendor's endpoints [vendor]. */
const example = 'https://mcs.mail.ru/auditlogs/v1/';

/** OpenStack's services by the ports that the vendor gives them, and everybody. */
const servicePorts: Readonly<Record<string, string>> = {
  '8774': 'Nova',
  '8776': 'Cinder',
  '9292': 'Glance',
  '9696': 'Neutron',
  '9876': 'Octavia',
  '9511': 'Magnum',
  '8786': 'Manila',
  '8779': 'Trove',
  '9001': 'Designate',
};

/** Keystone serves port 5000, 35357 or `/identity`, and its version 3 has no project behind it [vendor]. */
function refuseOtherServices(url: URL): void {
  const looks = message('It looks like {0}.', `${example}<project id>`);
  if (/^(?:5000|35357)$/.test(url.port) || /^\/(?:identity\/)?v3(?:\/auth(?:\/.*)?)?\/?$/.test(url.pathname)) {
    throw new UserError(
      message(
        'This is the address for signing in (Keystone), not the activity log. The log has an endpoint of its own: the one called "Audit". {0}',
        looks,
      ),
    );
  }
  const service = Object.hasOwn(servicePorts, url.port) ? servicePorts[url.port] : undefined;
  if (service !== undefined) {
    throw new UserError(
      message(
        'This is the address of {0}, not of the activity log, whose endpoint is called "Audit". {1}',
        service,
        looks,
      ),
    );
  }
  const isPage =
    /^(?:[\w-]+\.)*(?:mcs\.mail\.ru|cloud\.vk\.com)$/.test(url.hostname) &&
    /^\/(?:app|docs|help)(?:\/|$)/.test(url.pathname);
  if (isPage) {
    throw new UserError(
      message(
        'This is a page for people. The endpoint called "Audit" is in the cloud console under "Project Settings" -> "API Endpoints". {0}',
        looks,
      ),
    );
  }
}

function readProjectId(path: string): string {
  const version = /\/v\d+(?:\.\d+)*(?:\/|$)/.exec(path);
  if (!version) {
    throw new UserError(
      message('The address holds no version and project id. It must end with /v1/ and the project id.'),
    );
  }
  const rest = path.slice(version.index + version[0].length);
  if (rest === '')
    throw new UserError(message('The address lacks the project id behind {0}.', version[0].replace(/\/$/, '')));
  if (/^mcs\d+$/i.test(rest)) {
    throw new UserError(
      message(
        '{0} is the project id of the cloud console. The API needs the OpenStack id of the project: 32 digits and letters a to f.',
        rest,
      ),
    );
  }
  const id = rest.replaceAll('-', '').toLowerCase();
  if (/^[\da-f]{32}$/.test(id) && !rest.includes('/')) return id;
  if (rest.includes('/')) {
    throw new UserError(
      message(
        'The address has “{0}” after the project id. It must end with the project id.',
        rest.replace(/^[^/]*/, ''),
      ),
    );
  }
  throw new UserError(
    message('“{0}” is not an OpenStack project id: it must be 32 digits and letters a to f.', rest.slice(0, 60)),
  );
}
