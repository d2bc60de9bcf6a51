import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** A connection to a server that a test can cut and repair. The server itself keeps running. */
export interface Proxy {
  port: number;
  /** Ends every connection and refuses new ones, as when nothing listens. */
  cut(): Promise<void>;
  repair(): Promise<void>;
  close(): Promise<void>;
}

/** Passes bytes from a port of this machine (a free one, unless named) to another. */
async function openProxy(to: { host?: string; port: number }, port = 0): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const pass = (from: Socket): void => {
    const onward = connect(to.port, to.host ?? '127.0.0.1');
    for (const [socket, other] of [
      [from, onward],
      [onward, from],
    ] as const) {
      sockets.add(socket);
      socket
        .on('error', () => other.destroy())
        .on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
      socket.pipe(other);
    }
  };
  const server = createServer(pass);
  const listen = async (at: number): Promise<number> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address ? address.port : at;
  };
  const opened = await listen(port);
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port: opened,
    cut,
    repair: async () => void (server.listening || (await listen(opened))),
    close: cut,
  };
}

/** The same server's address, through a proxy that is opened for it. */
export async function throughProxy(url: string): Promise<{ url: string; proxy: Proxy }> {
  const address = new URL(url);
  const proxy = await openProxy({ host: address.hostname, port: Number(address.port) });
  address.port = String(proxy.port);
  address.hostname = '127.0.0.1';
  return { url: address.href, proxy };
}
