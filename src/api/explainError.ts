import { RequestError, type RequestFailure } from '../core/base/errors';
import { message, type Message } from '../core/base/message';
import { visibleText } from '../core/base/visibleText';
import type { Proxy } from './proxy';

type Explanation = readonly [failure: RequestFailure, text: (host: string, code: string) => Message];

const unknownName: Explanation = [
  'network',
  (host) => message('The name {0} cannot be found. Check the network connection and the endpoint.', host),
];
const unreachable: Explanation = [
  'network',
  (host) => message('{0} cannot be reached. Check the network connection, a VPN or proxy, and the endpoint.', host),
];
const cut: Explanation = [
  'network',
  (host, code) =>
    message('The connection to {0} was cut ({1}). Try again; if this persists, check the network.', host, code),
];
const noTls: Explanation = [
  'network',
  (host, code) =>
    message('No secure connection to {0} could be made ({1}). Check the address and its port.', host, code),
];
const clientCertificate: Explanation = [
  'network',
  (host) => message('{0} asks for a certificate of yours, which cannot be given here. Check the endpoint.', host),
];

/** By the codes of Node, OpenSSL, zlib and undici. */
const explanations: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: unknownName,
  EAI_AGAIN: unknownName,
  ECONNREFUSED: ['network', (host) => message('There is no answer at {0}. Check the endpoint and its port.', host)],
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  UND_ERR_CONNECT_TIMEOUT: unreachable,
  ECONNRESET: cut,
  EPIPE: cut,
  UND_ERR_SOCKET: cut,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: cut,
  ERR_STREAM_PREMATURE_CLOSE: cut,
  Z_BUF_ERROR: cut,
  Z_DATA_ERROR: cut,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: clientCertificate,
  HTTPParserError: ['malformed', (host) => message('{0} does not speak HTTP. Check the endpoint and its port.', host)],
  UND_ERR_HEADERS_OVERFLOW: [
    'tooLarge',
    (host) => message('The headers of the answer of {0} are too large; it was refused. Check the endpoint.', host),
  ],
};

/**
 * What a failed request means to a person. A RequestError is passed through; of other errors only the code goes on, for
 * some quote the answer.
 */
export function explainError(error: unknown, host: string): RequestError {
  if (error instanceof RequestError) return error;
  const code = shortCode(error);
  const [failure, text] = explanations[code] ?? (isTls(code) ? noTls : cut);
  return new RequestError(failure, text(host, code), { cause: code });
}

/** Why there is no way to the proxy, at `proxy`. */
export function explainProxyError(error: unknown, proxy: string): RequestError {
  if (error instanceof RequestError) return error;
  const code = shortCode(error);
  const text = message(
    'The proxy {0} cannot be reached ({1}). Check the setting {2} and the variable {3}.',
    proxy,
    code,
    'http.proxy',
    'HTTPS_PROXY',
  );
  return new RequestError('network', text, { cause: code });
}

/** Why the proxy did not open the way to `host`. `head` is the beginning of its answer; a status that is NaN is none. */
export function explainProxyStatus(status: number, head: string, host: string, proxy: Proxy): RequestError {
  return new RequestError('network', proxyRefusal(status, head, host, proxy), { cause: `${refused}${status}` });
}

const refused = 'PROXY_';

function proxyRefusal(status: number, head: string, host: string, proxy: Proxy): Message {
  if (Number.isNaN(status))
    return message('{0} does not answer as a proxy does. Check the setting {1}.', proxy.host, 'http.proxy');
  if (status === 407) {
    const schemes = [...head.matchAll(/^proxy-authenticate:\s*(\w+)/gim)].map(([, scheme = '']) => scheme);
    const named = [...new Set(schemes)].slice(0, 5).join(', ') || '?';
    return proxy.authorization === undefined
      ? message(
          'The proxy {0} asks for a user name and password ({1}). Give them in the setting {2}: http://user:password@host:port.',
          proxy.host,
          named,
          'http.proxy',
        )
      : message(
          'The proxy {0} refuses the user name or password it was given ({1}). Check the settings {2} and {3}.',
          proxy.host,
          named,
          'http.proxy',
          'http.proxyAuthorization',
        );
  }
  const said = visibleText((head.split('\r\n', 1)[0] ?? '').replace(/^HTTP\/1\.\d\s*/, ''), 100);
  return status >= 500
    ? message('The proxy {0} does not reach {1} ({2}). Check the endpoint, then the proxy.', proxy.host, host, said)
    : message('The proxy {0} refuses to connect to {1} ({2}). Its rules may forbid it.', proxy.host, host, said);
}

/** Whether the same request may succeed a little later. */
export function isTransient({ failure, details }: RequestError): boolean {
  if (failure === 'timeout' || failure === 'rateLimited' || failure === 'server') return true;
  if (failure !== 'network' || details.status !== undefined) return false;
  const code = String(details.cause);
  if (code.startsWith(refused)) return /^5/.test(code.slice(refused.length));
  return !/CERT/.test(code) && !isTls(code);
}

function isTls(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code === 'EPROTO';
}

function shortCode(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.name : 'Error');
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause) ?? (error instanceof AggregateError ? codeOf(error.errors[0]) : undefined);
}
