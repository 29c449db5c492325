import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { stringify } from 'yaml';
import { createCertificateAuthority, issueCertificate, privateKeyPem } from '../../shared/bootstrap/x509/authority.ts';
import { seededRandom } from '../clock.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** JSON, or text as it is. */
  readonly body?: unknown;
}

/** An HTTPS server that answers as the test says, and a kubeconfig that opens it. */
export interface ScriptedServer {
  readonly kubeconfig: string;
  readonly asked: Asked[];
  /** How many connections were ever made. */
  connections(): number;
  /** Cuts all connections, as a server that restarts. */
  cut(): void;
  close(): Promise<void>;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export async function scriptedServer(answer: (asked: Asked) => Answer): Promise<ScriptedServer> {
  const random = seededRandom(7);
  const now = Date.now();
  const ca = await createCertificateAuthority({ subject: { organizations: ['kubernetes'] }, keyType: 'p256', now }, random);
  const leaf = (usage: 'serverAuth' | 'clientAuth') =>
    issueCertificate(
      ca,
      {
        subject: { organizations: ['system:masters'], commonName: 'admin' },
        extendedKeyUsage: [usage],
        notBefore: now - 60_000,
        notAfter: now + 3_600_000,
        names: ['127.0.0.1'],
      },
      random,
    );
  const [own, client] = [await leaf('serverAuth'), await leaf('clientAuth')];
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const tls = { cert: own.certificate, key: privateKeyPem(own.key), ca: ca.certificate, requestCert: true, rejectUnauthorized: true };
  const server = createServer(tls, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, contentType: headers['content-type'], body: text === '' ? undefined : JSON.parse(text) };
    asked.push(one);
    const { status, headers: extra, body } = answer(one);
    const type = typeof body === 'string' ? 'text/plain' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...extra }).end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const kubeconfig = stringify({
    'current-context': 'admin@c',
    contexts: [{ name: 'admin@c', context: { cluster: 'c', user: 'admin' } }],
    clusters: [
      {
        name: 'c',
        cluster: {
          server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
          'certificate-authority-data': base64(ca.certificate),
        },
      },
    ],
    users: [
      {
        name: 'admin',
        user: { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(privateKeyPem(client.key)) },
      },
    ],
  });
  return {
    kubeconfig,
    asked,
    connections: () => connections,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
