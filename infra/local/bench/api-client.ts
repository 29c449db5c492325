import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { buffer, text } from 'node:stream/consumers';
import { parse } from 'yaml';

/** The Kubernetes API over HTTPS, as any client of it: the kubeconfig's authority and token, JSON both ways. */
export interface ApiClient {
  /** The body of the answer, as it is. A body of PATCH is a merge patch. */
  ask(method: 'GET' | 'POST' | 'PATCH', path: string, more?: { readonly body?: unknown; readonly accept?: string }): Promise<Buffer>;
  get<T>(path: string): Promise<T>;
  post(path: string, object: unknown): Promise<void>;
  /** A merge patch. */
  patch(path: string, change: unknown): Promise<void>;
  /** The lines of a watch, until the server or `signal` ends it. */
  lines(path: string, signal: AbortSignal): AsyncGenerator<string, void>;
  close(): void;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

interface Sent {
  readonly body?: string | undefined;
  readonly accept?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `kubeconfig`: path. */
export function createApiClient(kubeconfig: string): ApiClient {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  if (cluster === undefined) throw new Error(`${kubeconfig} names no cluster`);
  const agent = new Agent({ ca: Buffer.from(cluster['certificate-authority-data'], 'base64'), keepAlive: true });
  const headers = (method: string, accept = 'application/json') => ({
    authorization: `Bearer ${users[0]?.user.token}`,
    accept,
    'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
  });

  async function send(method: string, path: string, { body, accept, signal }: Sent = {}): Promise<IncomingMessage> {
    const answered = Promise.withResolvers<IncomingMessage>();
    const asked = request(new URL(path, cluster?.server), {
      method,
      agent,
      headers: headers(method, accept),
      ...(signal !== undefined && { signal }),
    })
      .on('response', answered.resolve)
      .on('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection just as it was used again: nobody has heard this request.
        const unheard = asked.reusedSocket && error.code === 'ECONNRESET' && method === 'GET';
        if (unheard) answered.resolve(send(method, path, { body, accept, signal }));
        else answered.reject(error);
      })
      .end(body);
    const answer = await answered.promise;
    if ((answer.statusCode ?? 500) < 300) return answer;
    throw new Error(`${method} ${path}: ${answer.statusCode} ${await text(answer)}`);
  }

  const ask: ApiClient['ask'] = async (method, path, { body, accept } = {}) =>
    buffer(await send(method, path, { body: body === undefined ? undefined : JSON.stringify(body), accept }));

  return {
    ask,
    get: async (path) => JSON.parse((await ask('GET', path)).toString()),
    post: async (path, body) => void (await ask('POST', path, { body })),
    patch: async (path, body) => void (await ask('PATCH', path, { body })),
    async *lines(path, signal) {
      try {
        const answer = await send('GET', path, { signal });
        let rest = '';
        for await (const chunk of answer.setEncoding('utf8')) {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          // The server may begin with a line break, so that its headers come at once.
          yield* lines.filter((line) => line !== '');
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    close: () => agent.destroy(),
  };
}
