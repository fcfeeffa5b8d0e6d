import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { UserError } from '../core/errors';
import { message } from '../core/message';

/** The way to the servers. */
export interface Network {
  /** PEM texts of authorities to trust besides the built-in ones. */
  readonly ca?: readonly string[];
  /** False accepts any certificate. Default true. */
  readonly strictSsl?: boolean;
  /** Address of the proxy to go through, perhaps with user name and password. */
  readonly proxy?: string;
}

/**
 * Opens the connections for requests. `connectMs` bounds TCP and TLS together.
 * @throws UserError where `ca` or `proxy` cannot be used
 */
export function openDispatcher({ ca, strictSsl = true, proxy }: Network, connectMs: number): Dispatcher {
  const tls = { rejectUnauthorized: strictSsl, ...(ca && { secureContext: trust(ca) }) };
  // Waiting for bytes is bounded by HttpClient: undici's own timers are only exact to a second.
  const common = { headersTimeout: 0, bodyTimeout: 0, connect: { ...tls, timeout: connectMs } };
  if (proxy === undefined) return new Agent(common);
  const { origin, username, password } = readProxy(proxy);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const token = username ? { token: `Basic ${Buffer.from(credentials).toString('base64')}` } : {};
  return new ProxyAgent({ ...common, uri: origin, ...token, requestTls: tls, proxyTls: tls });
}

/** Built once, not for each connection: reading all the authorities takes tens of milliseconds. */
function trust(ca: readonly string[]): SecureContext {
  try {
    for (const text of ca) new X509Certificate(text); // the context itself would pass over what it cannot read
    return createSecureContext({ ca: [...getCACertificates('default'), ...ca] });
  } catch (cause) {
    throw new UserError(
      message('The file of the setting {0} holds no certificate in PEM form.', 'activityLog.caFile'),
      {
        cause,
      },
    );
  }
}

/** @throws UserError, without the password that may stand in it */
export function readProxy(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UserError(message('The address of the proxy must begin with http:// or https://.'));
}
