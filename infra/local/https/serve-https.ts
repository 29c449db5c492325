import { ServerResponse } from 'node:http';
import { constants, createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../../../shared/ports.ts';
import { rememberPeer } from './peer.ts';
import { sendResponse } from './send-response.ts';
import { toRequest } from './to-request.ts';

export interface HttpsOptions {
  readonly handler: (request: Request) => Promise<Response>;
  /** The address to listen at. */
  readonly host: string;
  /** 0: the system picks one. */
  readonly port: number;
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** PEM. When given, clients are asked for a certificate, and `peerOf` names those that this authority signed. */
  readonly clientCa?: string;
  readonly log: Log;
}

export interface HttpsServer {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  /** Stops to listen and ends all connections, watches too. */
  close(): Promise<void>;
}

/**
 * Serves a web handler over TLS, HTTP/2 and HTTP/1.1. Bodies stream both ways; the request's signal aborts when the
 * client leaves, so that a watch ends with its watcher. Throws when the address is in use or not this machine's.
 */
export async function serveHttps({ handler, host, port, key, cert, clientCa, log }: HttpsOptions): Promise<HttpsServer> {
  const server = createSecureServer({
    allowHTTP1: true,
    key,
    cert,
    // A certificate that is wrong is nobody's, which the handler answers with 401: the handshake does not fail for it.
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  let url = '';
  server.on('request', (incoming, outgoing) => void answer(incoming, outgoing));

  async function answer(incoming: Http2ServerRequest, outgoing: Http2ServerResponse): Promise<void> {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    try {
      const request = toRequest(incoming, url, gone.signal);
      if (request === undefined) return void outgoing.writeHead(400).end();
      rememberPeer(request, incoming.socket as TLSSocket);
      await sendResponse(await handler(request), outgoing, gone.signal);
    } catch (error) {
      if (!gone.signal.aborted) log.error('a response could not be sent', { error: String(error) });
      breakOff(outgoing);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.on('error', (error) => log.error('the HTTPS server has a problem', { error: String(error) }));
  url = urlOf(server.address() as AddressInfo);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Says that it failed, or, when the headers are out, cuts the body so that nobody takes it for whole. */
function breakOff(outgoing: Http2ServerResponse | ServerResponse): void {
  if (outgoing instanceof ServerResponse) {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(500).end();
  } else if (outgoing.headersSent) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else outgoing.writeHead(500).end();
}

const urlOf = ({ address, family, port }: AddressInfo): string => `https://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
