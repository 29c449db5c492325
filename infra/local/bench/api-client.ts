import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';

/** The Kubernetes API over HTTPS, as any client of it: the kubeconfig's authority and token, JSON both ways. */
export interface ApiClient {
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

/** `kubeconfig`: path. */
export function createApiClient(kubeconfig: string): ApiClient {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  if (cluster === undefined) throw new Error(`${kubeconfig} names no cluster`);
  const agent = new Agent({ ca: Buffer.from(cluster['certificate-authority-data'], 'base64'), keepAlive: true });
  const headers = (method: string) => ({
    authorization: `Bearer ${users[0]?.user.token}`,
    accept: 'application/json',
    'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
  });

  async function ask(method: string, path: string, body?: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const answered = Promise.withResolvers<IncomingMessage>();
    const asked = request(new URL(path, cluster?.server), {
      method,
      agent,
      headers: headers(method),
      ...(signal !== undefined && { signal }),
    })
      .on('response', answered.resolve)
      .on('error', (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection just as it was used again: nobody has heard this request.
        const unheard = asked.reusedSocket && error.code === 'ECONNRESET' && method === 'GET';
        if (unheard) answered.resolve(ask(method, path, body, signal));
        else answered.reject(error);
      })
      .end(body);
    const answer = await answered.promise;
    if ((answer.statusCode ?? 500) < 300) return answer;
    throw new Error(`${method} ${path}: ${answer.statusCode} ${await text(answer)}`);
  }

  return {
    get: async (path) => JSON.parse(await text(await ask('GET', path))),
    post: async (path, object) => void (await text(await ask('POST', path, JSON.stringify(object)))),
    patch: async (path, change) => void (await text(await ask('PATCH', path, JSON.stringify(change)))),
    async *lines(path, signal) {
      try {
        const answer = await ask('GET', path, undefined, signal);
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
