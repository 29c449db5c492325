import { machineUidAnnotation } from '../../bootstrap/bootstrap.ts';
import { JoinTimeout, RetryLater } from '../../errors.ts';
import type { Cluster } from '../../kinds/cluster/model.ts';
import { withCondition } from '../../kinds/conditions.ts';
import { machine as machineKind } from '../../kinds/machine/kind.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import type { KubernetesApi, Node } from '../../nodes/nodes.ts';
import { recordEvent } from '../../reconcile/events.ts';
import { clusterOf } from '../../reconcile/gather.ts';
import { recentCluster, recentKubeconfig } from '../recent.ts';
import { pace, type StepPorts, settled, superseded, waiting } from '../step.ts';
import { adoptNode, nodeReadiness } from './adopt-node.ts';
import { creating, type MachineAtHand, note } from './of-machine.ts';
import { likelyNames } from './reach-node.ts';
import { whatTalosSays } from './what-talos-says.ts';

/** Names are a short cut: only after this long without luck are all Nodes looked through. */
const lookThroughAllAfter = 60_000;

/** Waits until the machine's Node is there and ready, and makes it ours: providerID, labels, taints. */
export const awaitNode = creating<StepPorts>(async (at, _input, ports) => {
  const booting = runningSince(at) + (ports.settings.quickestBoot ?? 0) * 1000 - ports.clock.now();
  if (booting > 0) return waiting('the machine boots', booting / 1000);
  const cluster = await clusterAsItIs(at, ports);
  if (cluster === undefined) return superseded(`Cluster ${at.machine.clusterName} is gone`);
  const kubeconfig = await recentKubeconfig(cluster, ports);
  if (kubeconfig === undefined)
    return waiting(`Secret ${cluster.name}-kubeconfig is gone: it is made again when the Cluster is next looked at`, 15);
  const { since, of } = joinableSince(at, cluster);
  const waited = Math.max(0, ports.clock.now() - since);
  const again = pace(waited - (ports.settings.quickestBoot ?? 0) * 1000, ports.settings);
  if (of === undefined) return waiting(`waits until etcd of Cluster ${cluster.name} is bootstrapped`, again);
  const api = ports.nodes.kubernetes(kubeconfig);
  let says = `waits for a Node with the uid of ${at.machine.name}`;
  try {
    const node = await findNode(api, at, waited);
    if (node !== undefined) return await take(at, node, api, { waited, again }, ports);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    says = `the Kubernetes API of ${cluster.name} does not answer yet: ${error.message}`;
  }
  const { joinTimeout } = ports.settings;
  if (waited > joinTimeout * 1000)
    throw new JoinTimeout(`no Node came within ${joinTimeout} s of ${of}; ${await whatTalosSays(at, cluster, ports)}`);
  return waiting(says, again);
});

/** What was read a moment ago does while nothing can change about it: that etcd is up must be heard of at once. */
async function clusterAsItIs({ object }: MachineAtHand, ports: StepPorts): Promise<Cluster | undefined> {
  const cluster = await recentCluster(object, ports);
  return cluster?.status.bootstrap?.doneAt === undefined ? clusterOf(object, ports) : cluster;
}

/**
 * Since when its Node could have come (ms since 1970), in words too. A machine is not to blame for a control plane that is not
 * there: a worker waits for it for as long as it takes (`of` is absent), and is given its time after that.
 */
function joinableSince({ machine }: Pick<MachineAtHand, 'machine'>, { status }: Cluster): { readonly since: number; readonly of?: string } {
  const running = runningSince({ machine });
  const { doneAt } = status.bootstrap ?? {};
  if (doneAt === undefined && machine.role === 'worker') return { since: running };
  const up = doneAt === undefined ? running : Date.parse(doneAt);
  return up > running ? { since: up, of: "the control plane's start" } : { since: running, of: "the instance's start" };
}

/** ms since 1970. */
function runningSince({ machine }: Pick<MachineAtHand, 'machine'>): number {
  const { runningSince: since } = machine.status.providerStatus ?? {};
  return typeof since === 'string' ? Date.parse(since) : machine.createdAt;
}

interface Waited {
  /** ms. */
  readonly waited: number;
  /** Seconds until the next look. */
  readonly again: number;
}

async function take(at: MachineAtHand, found: Node, api: KubernetesApi, { waited, again }: Waited, ports: StepPorts): Promise<StepOutcome> {
  const node = await adoptNode(found, at, api);
  const ready = nodeReadiness(node);
  const kubelet = node.status.nodeInfo?.kubeletVersion;
  const known = at.machine.status.nodeRef?.uid === node.metadata.uid;
  // A network that comes up a moment after its Node is not worth a write of its own.
  if (ready.status === 'True' || (!known && waited > lookThroughAllAfter)) {
    const says = `Node ${node.metadata.name} is ${ready.status === 'True' ? 'ready' : 'there'}`;
    const status = {
      nodeRef: { apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid ?? '' },
      ...(kubelet !== undefined && { versions: { kubelet } }),
      conditions: withCondition(at.machine.status.conditions, { type: 'NodeReady', ...ready }, ports.clock.now()),
    };
    const noted = await note(at, { status, says }, ready.status === 'True' ? 'done' : 'loud', ports);
    if (ready.status === 'True')
      await recordEvent(machineKind, noted.object, { type: 'Normal', reason: 'NodeReady', message: says }, ports);
  }
  return ready.status === 'True'
    ? settled(`Node ${node.metadata.name} is ready`)
    : waiting(`Node ${node.metadata.name} is not ready: ${ready.message}`, again);
}

/** The Node that carries the machine's uid and one of its addresses. */
async function findNode(api: KubernetesApi, at: MachineAtHand, waited: number): Promise<Node | undefined> {
  const { status } = at.machine;
  for (const name of likelyNames(at)) {
    const node = await api.getNode(name);
    if (node !== undefined && isOurs(node, at)) return node;
  }
  if (waited < lookThroughAllAfter || status.nodeRef !== undefined) return undefined;
  return (await api.listNodes()).find((node) => isOurs(node, at));
}

function isOurs(node: Node, { machine }: MachineAtHand): boolean {
  if (node.metadata.annotations?.[machineUidAnnotation] !== machine.uid) return false;
  const ours = new Set(machine.status.addresses?.map(({ address }) => address));
  return node.status.addresses?.some(({ address }) => ours.has(address)) === true;
}
