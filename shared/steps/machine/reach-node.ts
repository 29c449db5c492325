import { machineUidAnnotation } from '../../bootstrap/bootstrap.ts';
import { RetryLater } from '../../errors.ts';
import { machine as machineKind } from '../../kinds/machine/kind.ts';
import { roleOf } from '../../kinds/machine/to-model.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import type { KubernetesApi } from '../../nodes/nodes.ts';
import { clusterOf } from '../../reconcile/gather.ts';
import { kubeconfigOf } from '../secrets.ts';
import { type StepPorts, settled } from '../step.ts';
import type { MachineAtHand } from './of-machine.ts';

export interface Reach {
  readonly api: KubernetesApi;
  readonly node: string;
  readonly nodeUid: string | undefined;
}

/**
 * Does something to the machine's Node on its way out, or settles without: as Cluster API, the Node is let be when the
 * cluster goes as a whole, has no other master left, or lacks a kubeconfig. A deletion must not hang on what is gone.
 */
export async function withNode(at: MachineAtHand, ports: StepPorts, act: (reach: Reach) => Promise<StepOutcome>): Promise<StepOutcome> {
  const known = at.machine.status.nodeRef?.name !== undefined;
  if (!known && at.machine.providerID === undefined) return settled('it has no Node');
  const cluster = await clusterOf(at.object, ports);
  if (cluster === undefined || cluster.deleting) return settled('its Node is let be: the cluster goes as a whole');
  if (!known && cluster.status.bootstrap?.doneAt === undefined) return settled('it has no Node');
  const alone = `its Node is let be: Cluster ${cluster.name} has no other master`;
  if (at.machine.role === 'master' && !(await hasOtherMaster(at, ports))) return settled(alone);
  const kubeconfig = await kubeconfigOf(cluster, ports);
  if (kubeconfig === undefined) return settled(`its Node is let be: Secret ${cluster.name}-kubeconfig is gone`);
  const api = ports.nodes.kubernetes(kubeconfig);
  try {
    const node = await nodeOf(at, api);
    return node === undefined ? settled('it has no Node') : await act({ api, ...node });
  } catch (error) {
    if (error instanceof RetryLater && !known) return settled('no Node of it is known, and the Kubernetes API does not answer');
    // Looking through all machines costs much; it is only worth it when nobody answers.
    if (error instanceof RetryLater && !(await hasOtherMaster(at, ports))) return settled(alone);
    throw error;
  }
}

/** The Node as it was written down, or, where it joined and nobody has noticed yet, the one with the machine's uid. */
async function nodeOf({ machine }: MachineAtHand, api: KubernetesApi): Promise<Omit<Reach, 'api'> | undefined> {
  const { nodeRef } = machine.status;
  if (nodeRef?.name !== undefined) return { node: nodeRef.name, nodeUid: nodeRef.uid };
  const found = (await api.listNodes()).find(({ metadata }) => metadata.annotations?.[machineUidAnnotation] === machine.uid);
  return found && { node: found.metadata.name, nodeUid: found.metadata.uid };
}

/** The names that its Node may have: GCE names a node like its instance, EC2 `ip-172-31-36-224` like its private DNS name. */
export function likelyNames({ machine: { status } }: Pick<MachineAtHand, 'machine'>): string[] {
  if (status.nodeRef?.name !== undefined) return [status.nodeRef.name];
  const names = (status.addresses ?? [])
    .filter(({ type }) => type === 'Hostname' || type === 'InternalDNS')
    .map(({ address }) => address.split('.', 1)[0] ?? address);
  return [...new Set(names)];
}

/** Another master of the cluster that has a Node and stays. */
export async function hasOtherMaster({ machine }: MachineAtHand, { store }: StepPorts): Promise<boolean> {
  const all = await store.ofCluster(machineKind, machine.namespace, machine.clusterName ?? '');
  return all.some(
    (other) =>
      other.metadata.uid !== machine.uid &&
      roleOf(other) === 'master' &&
      other.metadata.deletionTimestamp === undefined &&
      other.status?.nodeRef !== undefined,
  );
}

/** Seconds since the deletion began. */
export const deletingFor = ({ object }: MachineAtHand, { clock }: StepPorts): number =>
  (clock.now() - Date.parse(object.metadata.deletionTimestamp ?? '')) / 1000;
