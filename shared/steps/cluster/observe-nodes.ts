import { machineNameAnnotation, machineUidAnnotation } from '../../bootstrap/bootstrap.ts';
import { Conflict, NotFound, RetryLater } from '../../errors.ts';
import { conditionOf, withCondition } from '../../kinds/conditions.ts';
import { type MachineObject, machine as machineKind } from '../../kinds/machine/kind.ts';
import { toMachineSelf } from '../../kinds/machine/to-model.ts';
import type { Happening } from '../../kinds/operation.ts';
import type { KubernetesApi, Node } from '../../nodes/nodes.ts';
import { recordEvent } from '../../reconcile/events.ts';
import { nodeReadiness } from '../machine/adopt-node.ts';
import { note } from '../machine/of-machine.ts';
import { kubeconfigOf, talosconfigOf } from '../secrets.ts';
import { type StepPorts, settled } from '../step.ts';
import { type ClusterAtHand, note as noteCluster, tearingDown as ofCluster } from './of-cluster.ts';
import { publishAccess } from './publish-access.ts';

/** Compares the cluster's Nodes with its Machines, and writes on each Machine what changed. */
export const observeNodes = ofCluster<StepPorts>(async (at, input, ports) => {
  const kubeconfig = await kubeconfigOf(at.cluster, ports);
  // Somebody deleted them: everything else waits for them.
  if (kubeconfig === undefined || (await talosconfigOf(at.cluster, ports)) === undefined) return publishAccess(input, ports);
  const api = ports.nodes.kubernetes(kubeconfig);
  const nodes = await api.listNodes();
  const byMachine = new Map(nodes.map((node) => [node.metadata.annotations?.[machineUidAnnotation], node]));
  const machines = await ports.store.ofCluster(machineKind, at.cluster.namespace, at.cluster.name);
  let changed = 0;
  for (const object of machines) if (await observe(object, byMachine.get(object.metadata.uid), ports)) changed++;
  const ready = machines.filter((object) => {
    const node = byMachine.get(object.metadata.uid);
    return node !== undefined && nodeReadiness(node).status === 'True';
  }).length;
  const { status } = at.cluster;
  if (status.machines !== machines.length || status.readyMachines !== ready)
    await noteCluster(at, () => ({ machines: machines.length, readyMachines: ready }), 'quiet', ports);
  const left = await deleteLeftBehind(nodes, machines, at, api, ports);
  const deleted = left > 0 ? `, deleted Nodes whose Machine is gone: ${left}` : '';
  return settled(`${ready} of ${machines.length} machines are ready, ${changed} changed${deleted}`);
});

/**
 * Deletes the Nodes whose Machine was deleted, and has proof of that: one that could not be deleted in its Machine's time, or whose
 * kubelet had registered it once more. Returns how many.
 */
async function deleteLeftBehind(
  nodes: readonly Node[],
  machines: readonly MachineObject[],
  { cluster }: ClusterAtHand,
  api: KubernetesApi,
  { store }: StepPorts,
): Promise<number> {
  const known = new Set(machines.map(({ metadata }) => metadata.uid));
  let deleted = 0;
  for (const { metadata } of nodes) {
    const { [machineUidAnnotation]: uid, [machineNameAnnotation]: name } = metadata.annotations ?? {};
    if (uid === undefined || name === undefined || known.has(uid)) continue;
    if (!(await store.wasDeleted(machineKind, { namespace: cluster.namespace, name }, uid))) continue;
    try {
      await api.deleteNode(metadata.name, metadata.uid);
      deleted++;
    } catch (error) {
      // The next look finds it again.
      if (!(error instanceof RetryLater)) throw error;
    }
  }
  return deleted;
}

/** True when the Machine was written. */
async function observe(object: MachineObject, node: Node | undefined, ports: StepPorts): Promise<boolean> {
  if (object.status?.nodeRef === undefined || object.metadata.deletionTimestamp !== undefined) return false;
  const found =
    node === undefined
      ? { status: 'Unknown' as const, reason: 'NodeDeleted', message: `Node ${object.status.nodeRef.name} has been deleted` }
      : nodeReadiness(node);
  const known = conditionOf(object.status.conditions, 'NodeReady');
  if (known?.status === found.status && known.reason === found.reason) return false;
  const conditions = withCondition(object.status.conditions, { type: 'NodeReady', ...found }, ports.clock.now());
  try {
    await note({ object, machine: toMachineSelf(object) }, { status: { conditions } }, 'loud', ports);
    if (known?.status !== found.status)
      await recordEvent(machineKind, object, turned(object.status.nodeRef.name ?? object.metadata.name, found), ports);
    return true;
  } catch (error) {
    if (error instanceof NotFound || error instanceof Conflict) return false;
    throw error;
  }
}

function turned(node: string, { status, reason, message }: { status: string; reason: string; message: string }): Happening {
  if (status === 'True') return { type: 'Normal', reason: 'NodeReady', message: `Node ${node} is ready` };
  return { type: 'Warning', reason: 'NodeNotReady', message: `Node ${node} is not ready: ${message} (${reason})` };
}
