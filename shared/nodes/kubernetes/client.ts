import { Conflict, Invalid, NotFound, type PlastronError, Refused, RetryLater } from '../../errors.ts';
import type { KubeObject } from '../../kinds/object.ts';
import type { KubernetesApi, Node, Reach } from '../nodes.ts';
import type { KubernetesCredentials } from './kubeconfig.ts';
import { type Connection, connect, type KubernetesRequest, type KubernetesResponse } from './request.ts';

/** Objects per page of a list. */
const pageSize = 500;

/** The Kubernetes API of a workload cluster, as far as Plastron uses it. */
export function connectKubernetes(credentials: KubernetesCredentials, reach: Reach): KubernetesApi {
  const connection = connect(credentials, reach);
  const ask = async (request: KubernetesRequest): Promise<Record<string, unknown>> => {
    const response = await connection.request(request);
    if (response.status >= 200 && response.status < 300) return response.body;
    throw failure(connection, request, response);
  };
  const list = async <T extends KubeObject>(path: string, query: Record<string, string> = {}): Promise<T[]> => {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const parameters = new URLSearchParams({ ...query, limit: String(pageSize), ...(next ? { continue: next } : {}) });
      const page = (await ask({ method: 'GET', path: `${path}?${parameters}` })) as { items?: T[]; metadata?: { continue?: string } };
      items.push(...(page.items ?? []));
      next = page.metadata?.continue;
    } while (next);
    return items;
  };

  return {
    getNode: (name) => ask({ method: 'GET', path: nodePath(name) }).then((body) => body as unknown as Node, none(NotFound)),
    listNodes: () => list<Node>('/api/v1/nodes'),
    patchNode: async (name, patch) =>
      (await ask({ method: 'PATCH', path: nodePath(name), body: patch, contentType: 'application/merge-patch+json' })) as unknown as Node,
    deleteNode: (name, uid) =>
      // A Conflict says that the Node of this name has another uid: the one that was meant is gone.
      ask({ method: 'DELETE', path: nodePath(name), body: deleteOptions(uid) }).then(() => undefined, none(NotFound, Conflict)),
    podsOn: (node) => list<KubeObject>('/api/v1/pods', { fieldSelector: `spec.nodeName=${node}` }),
    evict: ({ metadata: { name, namespace = 'default', uid } }) =>
      ask({
        method: 'POST',
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: deleteOptions(uid) },
      }).then(() => undefined, none(NotFound, Conflict)),
    close: () => connection.close(),
  };
}

const nodePath = (name: string): string => `/api/v1/nodes/${encodeURIComponent(name)}`;

const deleteOptions = (uid: string | undefined): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'DeleteOptions',
  ...(uid === undefined ? {} : { preconditions: { uid } }),
});

/** A rejection handler: these errors mean that there is nothing. */
function none(...kinds: (typeof NotFound | typeof Conflict)[]): (error: unknown) => undefined {
  return (error) => {
    if (kinds.some((kind) => error instanceof kind)) return undefined;
    throw error;
  };
}

/** The error that a status stands for, with what the server says. */
function failure(connection: Connection, request: KubernetesRequest, response: KubernetesResponse): PlastronError {
  const says = typeof response.body.message === 'string' ? response.body.message : 'no message';
  const message = `Kubernetes API at ${connection.server.origin}: ${request.method} ${request.path}: ${response.status}: ${says}`;
  const { status, retryAfter } = response;
  if (status === 401 || status === 403) return new Refused(message);
  if (status === 404) return new NotFound(message);
  if (status === 409) return new Conflict(message);
  if (status === 429 || status >= 500) return new RetryLater(message, retryAfter === undefined ? {} : { retryAfter });
  return new Invalid(message);
}
