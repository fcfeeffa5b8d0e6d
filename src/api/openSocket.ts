import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { explainCertificate, readCertificates, type Certificate } from './certificate';
import { explainError, explainProxyError, explainProxyStatus } from './explainError';
import { maxHead, trust, type Network } from './network';
import { chooseProxy, type Proxy } from './proxy';

/** How far the way to a server led, and what stood beside it; for a report. */
export interface Trace {
  /** Addresses of the server, or of the proxy. Left out where an address was given, not a name. */
  lookup?: { readonly addresses: string[]; ms: number };
  connection?: { readonly address: string; readonly ms: number };
  tunnel?: { readonly ms: number };
  tls?: {
    readonly protocol: string;
    readonly cipher: string;
    readonly certificates: readonly Certificate[];
    /** Why it is not trusted, by Node's and OpenSSL's names. */
    readonly refusal: string | undefined;
    readonly ms: number;
  };
}

/**
 * Opens the connection to `target`: directly or through the proxy, with TLS where its address says so.
 * @throws RequestError `network`; UserError where the network cannot be used; the reason of `signal`
 */
export async function openSocket(
  target: URL,
  network: Network,
  milliseconds: number,
  signal: AbortSignal,
  trace: Trace = {},
): Promise<Socket> {
  const proxy = chooseProxy(target, network.proxy);
  const time = AbortSignal.timeout(milliseconds);
  const way: Way = {
    target,
    proxy,
    trace,
    signal: AbortSignal.any([signal, time]),
    socket: undefined,
    isStrict: network.strictSsl !== false,
    context: trust(network),
  };
  try {
    way.signal.throwIfAborted();
    let socket = proxy
      ? await reachProxy(way, proxy)
      : await dial(way, target.hostname.replace(/^\[(.*)\]$/, '$1'), portOf(target));
    if (target.protocol === 'https:') socket = await secure(way, socket, target.hostname, target.host, trace);
    return socket;
  } catch (error) {
    // Within OpenSSL's own callback, where this may be, Node would crash.
    setImmediate(() => way.socket?.destroy());
    signal.throwIfAborted();
    const reason = time.aborted ? Object.assign(new Error('No connection in time'), { code: 'ETIMEDOUT' }) : error;
    if (proxy && !trace.tunnel) throw explainProxyError(reason, proxy.host);
    throw explainError(reason, target.host);
  }
}

interface Way {
  readonly target: URL;
  readonly proxy: Proxy | undefined;
  readonly isStrict: boolean;
  readonly context: SecureContext | undefined;
  readonly trace: Trace;
  readonly signal: AbortSignal;
  /** The outermost one so far: it takes along what it lies over. */
  socket: Socket | undefined;
}

async function dial(way: Way, host: string, port: number): Promise<Socket> {
  const { signal, trace } = way;
  const start = performance.now();
  const socket = connectTcp({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
  keep(way, socket);
  socket.on('lookup', (_error, address) => {
    trace.lookup ??= { addresses: [], ms: since(start) };
    if (address) trace.lookup.addresses.push(address);
  });
  await once(socket, 'connect', { signal });
  trace.connection = { address: `${socket.remoteAddress ?? '?'}:${port}`, ms: since(start) };
  return socket;
}

/** A socket through the proxy, connected with the target. */
async function reachProxy(way: Way, proxy: Proxy): Promise<Socket> {
  const { signal, target, trace } = way;
  let socket = await dial(way, proxy.hostname, proxy.port);
  if (proxy.isSecure) socket = await secure(way, socket, proxy.hostname, proxy.host, {});
  const start = performance.now();
  const to = `${target.hostname}:${portOf(target)}`;
  const authorization = proxy.authorization ? `proxy-authorization: ${proxy.authorization}\r\n` : '';
  socket.write(`CONNECT ${to} HTTP/1.1\r\nhost: ${to}\r\n${authorization}\r\n`);
  const head = await readHead(socket, signal);
  const status = Number(/^HTTP\/1\.\d (\d{3})\b/.exec(head)?.[1] ?? NaN);
  if (status !== 200) throw explainProxyStatus(status, head, target.host, proxy);
  trace.tunnel = { ms: since(start) };
  return socket;
}

/** The beginning of the proxy's answer, up to the blank line; '' where there is none within the bound. */
async function readHead(socket: Socket, signal: AbortSignal): Promise<string> {
  let head = Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (chunk) head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end >= 0 && end <= maxHead) {
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
      return head.toString('latin1', 0, end);
    }
    if (head.length > maxHead || socket.readableEnded || socket.destroyed) return '';
    if (!chunk) await Promise.race([once(socket, 'readable', { signal }), once(socket, 'end', { signal })]);
  }
}

/**
 * TLS over `socket`. Node hands over the certificates of a server only when it is told to go on with any; so it is, and the
 * refusal happens here, before a byte of a request is sent.
 */
async function secure(way: Way, socket: Socket, hostname: string, host: string, trace: Trace): Promise<TLSSocket> {
  const { context, isStrict, signal } = way;
  const start = performance.now();
  const name = hostname.replace(/^\[(.*)\]$/, '$1');
  const secured = connectTls({
    socket,
    host: name,
    ...(isIP(name) === 0 && { servername: name }),
    ...(context && { secureContext: context }),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
  });
  keep(way, secured);
  await once(secured, 'secureConnect', { signal });
  const certificates = readCertificates(secured);
  // Declared as an Error, it is the error's code.
  const refusal = secured.authorized ? undefined : String(secured.authorizationError);
  trace.tls = {
    protocol: secured.getProtocol() ?? '?',
    cipher: secured.getCipher().standardName,
    certificates,
    refusal,
    ms: since(start),
  };
  if (!secured.authorized && isStrict) throw explainCertificate(refusal ?? 'UNKNOWN', host, certificates);
  return secured;
}

/** An error that comes when nobody waits for one any more must not end the process. */
function keep(way: Way, socket: Socket): void {
  socket.on('error', () => undefined);
  way.socket = socket;
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function since(start: number): number {
  return Math.round(performance.now() - start);
}
