import { AlreadyExists } from '../../../shared/errors.ts';
import { namespace } from '../../../shared/kinds/core/namespace.ts';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { childSuffix } from '../../../shared/kinds/names.ts';
import { type KubeObject, nameOf } from '../../../shared/kinds/object.ts';
import type { Store } from '../../../shared/store/store.ts';
import { type DaemonSetObject, daemonSet } from './kinds/daemon-set.ts';
import type { NodeObject } from './kinds/node.ts';
import { type PodObject, pod } from './kinds/pod.ts';

/** What runs on every node of a Talos cluster: a drain must leave it alone, since it would be made again at once. */
const daemons = ['kube-flannel', 'kube-proxy'];
/** What a control-plane machine runs from files of its own: the API shows mirrors, and deleting a mirror does nothing. */
const staticPods = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** Makes what Talos puts into every new cluster; in one that has it, finds it. */
export async function ensureSystem(store: Store): Promise<readonly DaemonSetObject[]> {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    await ensure(store, namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } });
  }
  return Promise.all(
    daemons.map((name) => {
      const labels = { 'k8s-app': name };
      const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name }] } } };
      return ensure(store, daemonSet, { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace: 'kube-system' }, spec });
    }),
  );
}

async function ensure<T extends KubeObject>(store: Store, kind: Kind<T>, object: T): Promise<T> {
  try {
    return await store.create(kind, object);
  } catch (error) {
    const known = error instanceof AlreadyExists ? await store.get(kind, nameOf(object)) : undefined;
    if (known === undefined) throw error;
    return known;
  }
}

/** Makes the Pods that run on a node from its first moment on. */
export async function ensurePods(store: Store, node: NodeObject, sets: readonly DaemonSetObject[], controlPlane: boolean): Promise<void> {
  for (const one of systemPods(node, sets, controlPlane)) await ensure(store, pod, one);
}

function systemPods(node: NodeObject, sets: readonly DaemonSetObject[], controlPlane: boolean): PodObject[] {
  const owned = sets.map(({ metadata: { name, uid = '' } }, i) =>
    podOn(node, `${name}-${childSuffix(node.metadata.uid ?? '', 0, i)}`, name, {
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true, blockOwnerDeletion: true }],
    }),
  );
  if (!controlPlane) return owned;
  const mirrors = staticPods.map((name) =>
    podOn(node, `${name}-${node.metadata.name}`, name, {
      annotations: { 'kubernetes.io/config.mirror': `talos-${name}`, 'kubernetes.io/config.source': 'file' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid ?? '', controller: true }],
    }),
  );
  return [...owned, ...mirrors];
}

const podOn = (node: NodeObject, name: string, component: string, metadata: Partial<PodObject['metadata']>): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': component }, ...metadata },
  spec: { nodeName: node.metadata.name, containers: [{ name: component }], terminationGracePeriodSeconds: 30 },
  status: { phase: 'Running', containerStatuses: [{ name: component, ready: true, restartCount: 0 }] },
});
