import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { World } from './world.ts';

/** A server that listens at one address. */
export interface Door {
  readonly address: string;
  /** `https://127.65.0.10:50000` */
  readonly url: string;
  /** Ends what is open, and listens no more. */
  close(): Promise<void>;
}

/** Starts to listen; throws when the address is not this machine's or is in use. */
export async function listen(
  server: Http2SecureServer,
  address: string,
  port: number,
  { log, reach }: Pick<World, 'log' | 'reach'>,
): Promise<Door> {
  const at = reach(address, port);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      server.on('error', (error) => log.error('the server of a fake machine has a problem', { address, port, error: String(error) }));
      resolve();
    });
  });
  return {
    address,
    url: `https://${address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
