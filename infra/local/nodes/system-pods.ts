import type { MachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';
import { childSuffix } from '../../../shared/kinds/names.ts';
import type { NodeObject } from './kinds/node.ts';
import type { PodObject } from './kinds/pod.ts';

/** What runs on every node of a Talos cluster: a drain must leave it alone, since a DaemonSet makes it again at once. */
export function systemPods(node: NodeObject, type: MachineConfig['type']): PodObject[] {
  const daemons = ['kube-flannel', 'kube-proxy'].map((name, i) =>
    podOn(node, `${name}-${childSuffix(node.metadata.uid ?? '', 0, i)}`, name, {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid: `daemonset-${name}`, controller: true, blockOwnerDeletion: true },
      ],
    }),
  );
  if (type === 'worker') return daemons;
  // Static Pods come from files of the machine: the API shows mirrors of them, and deleting a mirror does nothing.
  const mirrors = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) =>
    podOn(node, `${name}-${node.metadata.name}`, name, {
      annotations: { 'kubernetes.io/config.mirror': `talos-${name}`, 'kubernetes.io/config.source': 'file' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid ?? '', controller: true }],
    }),
  );
  return [...daemons, ...mirrors];
}

const podOn = (node: NodeObject, name: string, component: string, metadata: Partial<PodObject['metadata']>): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': component }, ...metadata },
  spec: { nodeName: node.metadata.name, containers: [{ name: component }], terminationGracePeriodSeconds: 30 },
  status: { phase: 'Running', containerStatuses: [{ name: component, ready: true, restartCount: 0 }] },
});
