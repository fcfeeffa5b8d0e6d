import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

export interface Proxy {
  /** With its user name and password, where it asks for them. */
  readonly url: string;
  /** Where tunnels were asked to, oldest first. */
  readonly tunnels: string[];
  stop(): Promise<void>;
}

/** Starts a proxy that opens tunnels (CONNECT), to those who sign in when `credentials` ("user:password") are given. */
export async function startProxy(credentials?: string): Promise<Proxy> {
  const tunnels: string[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((_request, response) => void response.writeHead(405).end());
  const sockets = new Set<{ destroy(): void }>();
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined);
    if (expected && request.headers['proxy-authorization'] !== expected) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n',
      );
      return;
    }
    const target = request.url ?? '';
    tunnels.push(target);
    const { hostname, port } = new URL(`http://${target}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    for (const end of [socket, onward]) sockets.add(end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${credentials ? `${credentials}@` : ''}127.0.0.1:${port}`,
    tunnels,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
