import { RequestError, type RequestFailure } from '../core/errors';
import { message, type Message } from '../core/message';

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
const untrusted: Explanation = [
  'network',
  (host, code) =>
    message(
      'The certificate of {0} comes from an authority that is not trusted here ({1}). If your network inspects traffic, name its certificate in the setting {2}.',
      host,
      code,
      'activityLog.caFile',
    ),
];
const outOfTime: Explanation = [
  'network',
  (host) =>
    message(
      'The certificate of {0} has expired or is not valid yet. Check the clock of this computer, or tell the owner of the server.',
      host,
    ),
];
const noTls: Explanation = [
  'network',
  (host, code) =>
    message('No secure connection to {0} could be made ({1}). Check the address and its port.', host, code),
];
/** What is meant for the proxy where there is one: connections end there. */
const noConnection: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

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
  CERT_HAS_EXPIRED: outOfTime,
  CERT_NOT_YET_VALID: outOfTime,
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'network',
    (host) => message('The certificate that {0} shows is for another host. Check the endpoint.', host),
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  HTTPParserError: ['malformed', (host) => message('{0} does not speak HTTP. Check the endpoint and its port.', host)],
  UND_ERR_HEADERS_OVERFLOW: [
    'tooLarge',
    (host) => message('The headers of the answer of {0} are too large; it was refused. Check the endpoint.', host),
  ],
};

/**
 * What a failed request means to a person. A RequestError is passed through; of other errors only the code goes on, for
 * some quote the answer.
 * @param proxy host and port of the proxy in use
 */
export function explainError(error: unknown, host: string, proxy: string | undefined): RequestError {
  if (error instanceof RequestError) return error;
  const code = codeOf(error) ?? (error instanceof Error ? error.name : 'Error');
  const cause = { cause: code };
  if (proxy !== undefined && noConnection.has(code))
    return new RequestError(
      'network',
      message('The proxy {0} cannot be reached ({1}). Check the proxy settings.', proxy, code),
      cause,
    );
  if (proxy !== undefined && code === refusedTunnel)
    return new RequestError(
      'network',
      message('The proxy {0} refuses to connect to {1}. Check its user name, password and rules.', proxy, host),
      cause,
    );
  const [failure, text] = explanations[code] ?? (isTls(code) ? noTls : /CERT|SIGNATURE/.test(code) ? untrusted : cut);
  return new RequestError(failure, text(host, code), cause);
}

/** Whether the same request may succeed a little later. */
export function isTransient({ failure, details }: RequestError): boolean {
  if (failure === 'timeout' || failure === 'rateLimited' || failure === 'server') return true;
  if (failure !== 'network' || details.status !== undefined) return false;
  const code = String(details.cause);
  return !/CERT|SIGNATURE/.test(code) && !isTls(code) && code !== refusedTunnel;
}

/** undici's word for a proxy that answers CONNECT with anything but 200. Our own cancelling never comes here. */
const refusedTunnel = 'UND_ERR_ABORTED';

function isTls(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code === 'EPROTO';
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause) ?? (error instanceof AggregateError ? codeOf(error.errors[0]) : undefined);
}
