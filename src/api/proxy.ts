import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../core/openstack/endpoint';
import { UserError } from '../core/base/errors';
import { message } from '../core/base/message';

/** What the user's settings of the editor say about proxies. */
export interface ProxySettings {
  /** `http.proxySupport`; `off`: none for extensions. */
  readonly support: string;
  /** `http.proxy`; '' where it is not set. */
  readonly address: string;
  /** `http.noProxy`. */
  readonly bypass: readonly string[];
  /** `http.proxyAuthorization`: the header to sign in with. */
  readonly authorization: string | undefined;
}

/** Which proxy requests go through, and which do not. */
export interface ProxyRules {
  /** Perhaps with user name and password. */
  readonly address: string;
  /** Hosts that are reached directly: names (with all below them), addresses, CIDR blocks, `*`; each perhaps with a port. */
  readonly bypass?: readonly string[];
  /** Goes before what the address holds. */
  readonly authorization?: string | undefined;
}

/** A proxy to go through. */
export interface Proxy {
  /** Host and port, without user name and password: fit to be shown. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  /** Whether it is itself spoken to over TLS. */
  readonly isSecure: boolean;
  readonly authorization: string | undefined;
}

/** The editor's settings first, then `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, as the editor itself does. */
export function readProxyRules(
  settings: ProxySettings,
  environment: Readonly<Record<string, string | undefined>>,
): ProxyRules | undefined {
  const variable = (name: string): string => (environment[name.toLowerCase()] || environment[name] || '').trim();
  const address = settings.address.trim() || variable('HTTPS_PROXY') || variable('HTTP_PROXY') || variable('ALL_PROXY');
  if (settings.support === 'off' || address === '') return undefined;
  const bypass = settings.bypass.length > 0 ? settings.bypass : variable('NO_PROXY').split(/[\s,]+/);
  return { address, bypass, authorization: settings.authorization };
}

/**
 * The proxy to `target`; undefined where it is reached directly, as this computer itself always is: a token sent there by
 * plain http must not pass through a proxy.
 * @throws UserError without the password that may stand in the address
 */
export function chooseProxy(target: URL, rules: ProxyRules | undefined): Proxy | undefined {
  if (!rules || isLoopback(target.hostname)) return undefined;
  const { host, hostname, port, protocol, username, password } = readProxyAddress(rules.address);
  const targetPort = target.port || (target.protocol === 'https:' ? '443' : '80');
  if (rules.bypass?.some((entry) => matches(entry.trim().toLowerCase(), target.hostname, targetPort))) return undefined;
  const isSecure = protocol === 'https:';
  const credentials = `${decode(username)}:${decode(password)}`;
  const basic = username ? `Basic ${Buffer.from(credentials).toString('base64')}` : undefined;
  const authorization = rules.authorization || basic;
  if (authorization !== undefined && !/^[\x20-\x7e]+$/.test(authorization))
    throw new UserError(
      message('The setting {0} holds characters that no header can have.', 'http.proxyAuthorization'),
    );
  return { host, hostname: bare(hostname), port: Number(port || (isSecure ? 443 : 80)), isSecure, authorization };
}

function readProxyAddress(address: string): URL {
  // Without a scheme, as many write it.
  const text = /^[^/:@]+(:\d+)?$/.test(address) ? `http://${address}` : address;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if ((url?.protocol === 'http:' || url?.protocol === 'https:') && url.hostname !== '') return url;
  throw new UserError(
    message('The address of the proxy must begin with http:// or https://. Check the setting {0}.', 'http.proxy'),
  );
}

function matches(entry: string, hostname: string, port: string): boolean {
  const host = bare(hostname.toLowerCase());
  const [, name = entry, only] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const pattern = bare(name).replace(/^\*?\./, '');
  if (pattern === '') return false;
  if (pattern === '*' || pattern === host) return true;
  return isIP(host) ? isWithin(host, pattern) : `.${host}`.endsWith(`.${pattern}`);
}

/** Whether the address lies in a CIDR block such as `10.0.0.0/8`. */
function isWithin(address: string, block: string): boolean {
  const [network = '', bits = ''] = block.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(address) || !/^\d+$/.test(bits) || Number(bits) > (family === 6 ? 128 : 32))
    return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(address, type);
}

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
