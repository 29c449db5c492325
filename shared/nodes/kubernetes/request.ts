import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request as send } from 'node:https';
import { checkServerIdentity as checkIdentity, type PeerCertificate } from 'node:tls';
import { RetryLater } from '../../errors.ts';
import type { Reach } from '../nodes.ts';
import type { KubernetesCredentials } from './kubeconfig.ts';

export interface KubernetesRequest {
  readonly method: 'GET' | 'PATCH' | 'DELETE' | 'POST';
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: 'application/json' | 'application/merge-patch+json';
}

export interface KubernetesResponse {
  readonly status: number;
  /** Seconds, if the server says when to come again. */
  readonly retryAfter: number | undefined;
  readonly body: Record<string, unknown>;
}

export interface Connection {
  readonly server: URL;
  /** Throws RetryLater when there is no whole answer in time. */
  request(request: KubernetesRequest): Promise<KubernetesResponse>;
  close(): void;
}

/** A request waits at most this long, for a socket and for its answer together. */
const timeoutMs = 10_000;
/** A thousand machines may ask the same server at once: they queue for these. */
const maxSockets = 16;

/** Keep-alive HTTPS with a client certificate. Connects when the first request is made. */
export function connect({ server, ...credentials }: KubernetesCredentials, reach: Reach): Connection {
  const { hostname, port } = server;
  const address = hostname.replace(/^\[|\]$/g, '');
  const checkServerIdentity = (_: string, certificate: PeerCertificate) => checkIdentity(address, certificate);
  const agent = new Agent({ ...credentials, checkServerIdentity, keepAlive: true, maxSockets });
  const where = { agent, ...reach(address, port === '' ? 443 : Number(port)) };
  return {
    server,
    async request(request) {
      try {
        return await exchange(where, request);
      } catch (error) {
        const reason = error instanceof Error && error.name === 'TimeoutError' ? `no answer in ${timeoutMs / 1000} s` : String(error);
        throw new RetryLater(`Kubernetes API at ${server.origin}: ${request.method} ${request.path}: ${reason}`, { cause: error });
      }
    },
    close: () => agent.destroy(),
  };
}

async function exchange(where: RequestOptions, request: KubernetesRequest): Promise<KubernetesResponse> {
  const signal = AbortSignal.timeout(timeoutMs);
  for (;;) {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers = {
      accept: 'application/json',
      'user-agent': 'plastron',
      ...(body === undefined
        ? {}
        : { 'content-type': request.contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const outgoing = send({ ...where, method: request.method, path: request.path, headers, signal });
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        outgoing.on('response', resolve).on('error', reject);
        outgoing.end(body);
      });
      return { status: response.statusCode ?? 0, retryAfter: seconds(response.headers['retry-after']), body: await readJson(response) };
    } catch (error) {
      // The server closed a kept connection in the moment in which we used it again: nothing was read of the request.
      if (outgoing.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET') continue;
      throw error;
    }
  }
}

async function readJson(response: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return {};
  // A proxy or another server at this address answers in HTML or text.
  if (!response.headers['content-type']?.includes('json')) throw new Error(`status ${response.statusCode}, and not in JSON`);
  return JSON.parse(text) as Record<string, unknown>;
}

const seconds = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
