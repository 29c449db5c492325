import { AlreadyExists, Conflict, NotFound } from '../../../shared/errors.ts';
import { namespace } from '../../../shared/kinds/core/namespace.ts';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { type KubeObject, nameOf } from '../../../shared/kinds/object.ts';
import type { Store } from '../../../shared/store/store.ts';
import { type NodeObject, node } from './kinds/node.ts';
import { type PodObject, pod } from './kinds/pod.ts';

/** What kubelets and the controller manager of a cluster write. */

/** Reads, changes and writes until nobody wrote between. Nothing is written when nothing changes or the object is gone. */
export async function change<T extends KubeObject>(
  store: Store,
  kind: Kind<T>,
  object: Pick<KubeObject, 'metadata'>,
  changed: (known: T) => T,
): Promise<void> {
  for (;;) {
    const known = await store.get(kind, nameOf(object as KubeObject));
    if (known === undefined) return;
    const next = changed(known);
    if (next === known) return;
    try {
      await store.update(kind, next);
      return;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

/** A kubelet that comes up over a Node of its name tells its status anew, and leaves alone what others wrote. */
export function rejoined(known: NodeObject, fresh: NodeObject): NodeObject {
  const same = known.status?.nodeInfo?.bootID === fresh.status?.nodeInfo?.bootID;
  const isReady = known.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  if (same && isReady) return known;
  const { labels, annotations } = known.metadata;
  return {
    ...known,
    metadata: {
      ...known.metadata,
      labels: { ...labels, ...fresh.metadata.labels },
      annotations: { ...annotations, ...fresh.metadata.annotations },
    },
    status: fresh.status,
  };
}

type Status = NonNullable<NodeObject['status']>;

export function withCondition(known: NodeObject, condition: NonNullable<Status['conditions']>[number]): NodeObject {
  const conditions = known.status?.conditions ?? [];
  const before = conditions.find(({ type }) => type === condition.type);
  if (before?.status === condition.status) return known;
  return { ...known, status: { ...known.status, conditions: [...conditions.filter((other) => other !== before), condition] } };
}

/** The namespaces that every cluster has. */
export async function makeNamespaces(store: Store): Promise<void> {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    const fresh = { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } };
    await store.create(namespace, fresh).catch(unless(AlreadyExists));
  }
}

/** Removes a Pod for good, whatever has been written to it meanwhile. */
export async function removePod(store: Store, { metadata }: PodObject): Promise<void> {
  for (;;) {
    const known = await store.get(pod, nameOf({ metadata } as KubeObject));
    if (known === undefined || known.metadata.uid !== metadata.uid) return;
    try {
      await store.remove(pod, known);
      return;
    } catch (error) {
      if (error instanceof NotFound) return;
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

/**
 * The Pod garbage collector: when Nodes go, the Pods that were bound to them go. One look a while after the first of
 * them went serves all that went meanwhile.
 */
export async function collectPods(
  store: Store,
  signal: AbortSignal,
  afterwards: (collect: () => Promise<void>) => Promise<void>,
): Promise<void> {
  let pending = false;
  for await (const change of store.watch(node, { from: store.version(), signal })) {
    if (change.type !== 'DELETED' || pending) continue;
    pending = true;
    void afterwards(async () => {
      pending = false;
      const names = new Set((await store.list(node)).items.map(({ metadata }) => metadata.name));
      const { items } = await store.list(pod);
      for (const one of items) if (one.spec.nodeName !== undefined && !names.has(one.spec.nodeName)) await removePod(store, one);
    });
  }
}

const unless =
  (kind: typeof AlreadyExists) =>
  (error: unknown): void => {
    if (!(error instanceof kind)) throw error;
  };
