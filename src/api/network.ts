import { rootCertificates } from 'node:tls';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';

/** The way to the servers. */
export interface Network {
  /** PEM texts of authorities to trust besides the built-in ones. */
  readonly ca?: readonly string[];
  /** False accepts any certificate. Default true. */
  readonly strictSsl?: boolean;
  /** Address of the proxy to go through, perhaps with user name and password. */
  readonly proxy?: string;
}

/** Opens the connections for requests. `connectMs` bounds TCP and TLS together. */
export function openDispatcher({ ca, strictSsl = true, proxy }: Network, connectMs: number): Dispatcher {
  const tls = { rejectUnauthorized: strictSsl, ...(ca && { ca: [...rootCertificates, ...ca] }) };
  // Waiting for bytes is bounded by HttpClient: undici's own timers are only exact to a second.
  const common = { headersTimeout: 0, bodyTimeout: 0, connect: { ...tls, timeout: connectMs } };
  if (proxy === undefined) return new Agent(common);
  const { origin, username, password } = new URL(proxy);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const token = username ? { token: `Basic ${Buffer.from(credentials).toString('base64')}` } : {};
  return new ProxyAgent({ ...common, uri: origin, ...token, requestTls: tls, proxyTls: tls });
}
