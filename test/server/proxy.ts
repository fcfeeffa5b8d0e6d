import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';

export interface ProxyOptions {
  /** "user:password" that one must sign in with. */
  readonly credentials?: string | undefined;
  /** What it knows names by, as a company's own name server would: "host:port" to "host:port". */
  readonly hosts?: Readonly<Record<string, string>>;
  /** With them the proxy itself is spoken to over TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Sent instead of opening a tunnel; '' sends nothing. The connection is ended behind it, unless it is `left` open. */
  readonly instead?: string;
  readonly left?: boolean;
}

export interface Proxy {
  /** With its user name and password, where it asks for them. */
  readonly url: string;
  /** Where tunnels were asked to, oldest first. */
  readonly tunnels: string[];
  /** All that clients wrote, before the tunnel stood and within. */
  readonly heard: Buffer[];
  stop(): Promise<void>;
}

/** Starts a proxy that opens tunnels (CONNECT), on loopback. */
export async function startProxy({ credentials, hosts = {}, tls, instead, left }: ProxyOptions = {}): Promise<Proxy> {
  const tunnels: string[] = [];
  const heard: Buffer[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = tls ? createTlsServer(tls) : createHttpServer();
  server.on('request', (_request, response) => void response.writeHead(405).end());
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket: { destroy(): void }) => sockets.add(socket));
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined);
    heard.push(Buffer.from(request.rawHeaders.join('\n')));
    if (instead !== undefined) {
      if (instead) socket.write(instead);
      if (instead && !left) socket.end();
      return;
    }
    if (expected && request.headers['proxy-authorization'] !== expected) {
      const schemes = 'proxy-authenticate: Negotiate\r\nproxy-authenticate: Basic realm="proxy"\r\n';
      socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${schemes}content-length: 0\r\n\r\n`);
      return;
    }
    const target = request.url ?? '';
    tunnels.push(target);
    const { hostname, port } = new URL(`http://${hosts[target] ?? target}`);
    const onward = connect(Number(port || 80), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\nvia: 1.1 stand-in\r\n\r\n');
      socket.on('data', (data: Buffer) => heard.push(data));
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    sockets.add(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://${credentials ? `${credentials}@` : ''}127.0.0.1:${port}`,
    tunnels,
    heard,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
