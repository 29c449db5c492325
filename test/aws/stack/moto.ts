import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** moto's server, which speaks for AWS where it is installed: an account that is empty and forgets all. */
export interface Moto {
  /** Calls an action of a service that speaks the query protocol, and gives its answer: XML. */
  query(service: string, action: string, parameters: Readonly<Record<string, string>>): Promise<string>;
  /** Calls an operation of a service that speaks JSON. */
  json(service: string, target: string, body: object): Promise<Record<string, unknown>>;
  /** Puts a bucket, or an object with its content. */
  put(path: string, content?: string): Promise<void>;
  stop(): Promise<void>;
}

export const motoIsInstalled = (): boolean => spawnSync('moto_server', ['--help']).status === 0;

export async function startMoto(): Promise<Moto> {
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await listening(server);

  async function call(service: string, path: string, init: RequestInit): Promise<string> {
    // moto takes the service from the signature, and does not verify it.
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=none`;
    const response = await fetch(url + path, { ...init, headers: { authorization, ...init.headers } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} ${path} answers ${response.status}: ${text}`);
    return text;
  }

  return {
    query: (service, action, parameters) =>
      call(service, '/', { method: 'POST', body: new URLSearchParams({ Action: action, ...parameters }) }),
    json: async (service, target, body) =>
      JSON.parse(
        await call(service, '/', {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
        }),
      ) as Record<string, unknown>,
    put: async (path, content = '') => void (await call('s3', path, { method: 'PUT', body: content })),
    async stop() {
      server.kill();
      await once(server, 'exit');
    },
  };
}

/** The server chooses a port and says which. */
async function listening(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stderr! })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('moto_server ended before it listened');
}
