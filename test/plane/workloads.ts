import { machineUidAnnotation } from '../../shared/bootstrap/bootstrap.ts';
import { RetryLater } from '../../shared/errors.ts';
import type { Node } from '../../shared/nodes/nodes.ts';
import type { Clock, Random } from '../../shared/ports.ts';
import type { CloudInstance } from './account.ts';
import type { FakeCloud } from './cloud.ts';

/** What runs on the instances of one secrets bundle. */
export interface Workload {
  bootstraps: number;
  readonly members: Map<CloudInstance, bigint>;
  /** Who left etcd, or was taken out, does not come back. */
  readonly former: Set<CloudInstance>;
  readonly nodes: Map<string, Node>;
  /** When each Node joined, by its uid; ms since 1970. */
  readonly joined: Map<string, number>;
}

export interface Workloads {
  /** The workload as it is by now. Nothing happens by itself: what must have happened is made up for at each look. */
  at(bundle: string): Workload;
  all(): readonly Workload[];
  /** The same. Throws RetryLater where etcd has no quorum. */
  quorate(bundle: string, otherwise: string): Workload;
  /** The instances of a bundle whose Talos API is up. */
  up(bundle: string): CloudInstance[];
  seen(node: Node, bundle: string): Node;
  bootstrap(bundle: string, instance: CloudInstance): 'done' | 'already';
  leave(bundle: string, instance: CloudInstance): void;
  /** The Nodes of all clusters whose control plane lives. */
  living(): Node[];
  /** Machines that never join, by name, and why. */
  readonly strangers: Map<string, string>;
  /** Names of machines whose kubelet says nothing. */
  readonly silent: Set<string>;
}

interface Options {
  readonly clock: Clock;
  readonly random: Random;
  readonly clouds: readonly FakeCloud[];
}

/** ms from the creation of an instance until its Talos API answers. */
const bootMs = 20_000;
/** ms that a Node is there before its network is, and it is ready. */
const networkMs = 4_000;

export function createWorkloads({ clock, random, clouds }: Options): Workloads {
  const workloads = new Map<string, Workload>();
  const strangers = new Map<string, string>();
  const silent = new Set<string>();

  const up = (bundle: string): CloudInstance[] =>
    clouds
      .flatMap((cloud) => cloud.instances.filter((one) => cloud.isRunning(one)))
      .filter((one) => one.userData.bundle === bundle && clock.now() >= one.createdAt + bootMs);

  /** More than half of the members run. */
  const hasQuorum = ({ members }: Workload, alive: readonly CloudInstance[]): boolean =>
    members.size > 0 && alive.filter((one) => members.has(one)).length > members.size / 2;

  function at(bundle: string): Workload {
    const workload = workloads.get(bundle) ?? { bootstraps: 0, members: new Map(), former: new Set(), nodes: new Map(), joined: new Map() };
    workloads.set(bundle, workload);
    const alive = up(bundle);
    for (const one of alive) if (hasQuorum(workload, alive) && !strangers.has(one.machineName)) join(workload, one);
    return workload;
  }

  function join({ members, former, nodes, joined }: Workload, one: CloudInstance): void {
    if (one.userData.role === 'master' && !members.has(one) && !former.has(one)) members.set(one, newId());
    if (nodes.get(one.hostname)?.metadata.annotations?.[machineUidAnnotation] === one.machineUid) return;
    const node = newNode(one);
    nodes.set(one.hostname, node);
    joined.set(node.metadata.uid ?? '', clock.now());
  }

  /** Ready while its instance runs and its kubelet speaks. */
  function conditionOf({ metadata }: Node, bundle: string) {
    const uid = metadata.annotations?.[machineUidAnnotation];
    const host = up(bundle).find((one) => one.machineUid === uid);
    if (host === undefined || silent.has(host.machineName))
      return { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'kubelet stopped' };
    const since = workloads.get(bundle)?.joined.get(metadata.uid ?? '') ?? 0;
    return clock.now() < since + networkMs
      ? { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'the network is not ready' }
      : { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is ready' };
  }

  const newId = (): bigint => BigInt(`0x${Buffer.from(random.bytes(8)).toString('hex')}`);

  const newNode = (one: CloudInstance): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: one.hostname, uid: random.uuid(), annotations: { [machineUidAnnotation]: one.machineUid } },
    spec: {},
    status: { addresses: [{ type: 'InternalIP', address: one.internal }], nodeInfo: { kubeletVersion: 'v1.35.0' } },
  });

  return {
    at,
    up,
    strangers,
    silent,
    all: () => [...workloads.values()],
    quorate(bundle, otherwise) {
      const workload = at(bundle);
      if (!hasQuorum(workload, up(bundle))) throw new RetryLater(otherwise);
      return workload;
    },
    seen: (node, bundle) => ({ ...node, status: { ...node.status, conditions: [conditionOf(node, bundle)] } }),
    living: () => [...workloads].flatMap(([bundle, workload]) => (hasQuorum(workload, up(bundle)) ? [...at(bundle).nodes.values()] : [])),
    bootstrap(bundle, one) {
      const workload = at(bundle);
      if (workload.members.has(one)) return 'already';
      workload.bootstraps += 1;
      workload.members.set(one, newId());
      return 'done';
    },
    leave(bundle, one) {
      const { members, former } = at(bundle);
      members.delete(one);
      former.add(one);
    },
  };
}
