import { canonical } from '../../kinds/canonical.ts';
import { keys } from '../../kinds/fields.ts';
import type { KubernetesApi, Node, Taint } from '../../nodes/nodes.ts';
import type { MachineAtHand } from './of-machine.ts';

/** The annotation with which v1alpha1 ties a Node to its Machine. */
const machineAnnotation = 'cluster.k8s.io/machine';
const masterRole = 'node-role.kubernetes.io/master';

/**
 * Makes a Node that joined by itself one of ours: its providerID (no cloud controller runs), the labels and
 * annotations of the Machine's `spec.metadata`, its taints in addition to those it has, and a master's role label.
 */
export async function adoptNode(node: Node, { object, machine }: MachineAtHand, api: KubernetesApi): Promise<Node> {
  const labels = { ...object.spec.metadata?.labels, ...(machine.role === 'master' && { [masterRole]: '' }) };
  const annotations = {
    ...object.spec.metadata?.annotations,
    [machineAnnotation]: `${machine.namespace}/${machine.name}`,
    [keys.clusterName]: machine.clusterName ?? '',
  };
  const taints = merged(node.spec.taints ?? [], (object.spec.taints ?? []) as Taint[]);
  const wanted = {
    metadata: { labels: { ...node.metadata.labels, ...labels }, annotations: { ...node.metadata.annotations, ...annotations } },
    spec: { ...node.spec, providerID: object.spec.providerID, taints },
  };
  const same =
    canonical(wanted.metadata.labels) === canonical(node.metadata.labels) &&
    canonical(wanted.metadata.annotations) === canonical(node.metadata.annotations) &&
    canonical({ ...node.spec, taints: node.spec.taints ?? [] }) === canonical(wanted.spec);
  if (same) return node;
  return api.patchNode(node.metadata.name, {
    metadata: { labels, annotations },
    spec: { ...(node.spec.providerID === undefined && { providerID: object.spec.providerID }), taints },
  });
}

/** Taints are told apart by key and effect. */
function merged(has: readonly Taint[], wanted: readonly Taint[]): Taint[] {
  const others = has.filter((taint) => !wanted.some((w) => w.key === taint.key && w.effect === taint.effect));
  return [...others, ...wanted.map(({ key, value, effect }) => ({ key, effect, ...(value !== undefined && { value }) }))];
}

export function nodeReadiness(node: Node): { status: 'True' | 'False' | 'Unknown'; reason: string; message: string } {
  const ready = node.status.conditions?.find(({ type }) => type === 'Ready');
  const status = ready?.status === 'True' || ready?.status === 'False' ? ready.status : 'Unknown';
  return { status, reason: ready?.reason ?? 'NodeStatusUnknown', message: ready?.message ?? 'the Node has reported no condition' };
}
