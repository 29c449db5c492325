import { machineUidAnnotation } from '../../shared/bootstrap/bootstrap.ts';
import { NotFound, RetryLater } from '../../shared/errors.ts';
import { mergePatch } from '../../shared/kinds/merge-patch.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { EtcdMember, KubernetesApi, Node, Nodes, TalosApi } from '../../shared/nodes/nodes.ts';
import type { Clock, Random } from '../../shared/ports.ts';
import { bundleIn } from './bootstrap.ts';
import type { CloudInstance, FakeCloud } from './clouds.ts';
import type { Laws } from './laws.ts';

/** What runs on the instances: one workload cluster for each secrets bundle. */
export interface Fleet extends Nodes {
  /** The Nodes of the cluster that this machine belongs to. */
  nodesWith(machineName: string): Node[];
  /** The names of etcd's members, over all clusters. */
  members(): string[];
  /** How often etcd was bootstrapped, over all clusters. */
  bootstraps(): number;
  /** From now on machines of this name boot without ever joining; their Talos API gives this as the reason. */
  neverJoins(machineName: string, reason: string): void;
  /** The kubelet of this machine says nothing more; or speaks again. */
  silence(machineName: string, silent?: boolean): void;
  /** Its Talos API does not answer any more. */
  deafen(machineName: string): void;
  /** Puts a Pod on the machine's Node; it cannot be evicted while `guarded`. */
  place(machineName: string, pod: { readonly name: string; readonly guarded: () => boolean }): void;
}

interface Workload {
  bootstraps: number;
  readonly members: Map<CloudInstance, bigint>;
  /** Who left, or was taken out, does not come back. */
  readonly former: Set<CloudInstance>;
  readonly nodes: Map<string, Node>;
}

interface Pod {
  readonly machineName: string;
  readonly name: string;
  readonly guarded: () => boolean;
}

interface Options {
  readonly clock: Clock;
  readonly random: Random;
  readonly laws: Laws;
  readonly clouds: readonly FakeCloud[];
  /** ms from an instance's start until its Talos API answers. */
  readonly bootMs?: number;
}

/** Nothing happens by itself: what must have happened by now is made up for at each look. */
export function createFleet({ clock, random, laws, clouds, bootMs = 20_000 }: Options): Fleet {
  const workloads = new Map<string, Workload>();
  const strangers = new Map<string, string>();
  const silent = new Set<string>();
  const deaf = new Set<string>();
  let pods: Pod[] = [];

  const running = (): CloudInstance[] => clouds.flatMap((cloud) => cloud.instances.filter((one) => cloud.isRunning(one)));
  const isUp = (one: CloudInstance): boolean => clock.now() >= one.createdAt + bootMs;
  const upIn = (bundle: string): CloudInstance[] => running().filter((one) => one.userData.bundle === bundle && isUp(one));

  function workloadOf(bundle: string): Workload {
    const workload = workloads.get(bundle) ?? { bootstraps: 0, members: new Map(), former: new Set(), nodes: new Map() };
    workloads.set(bundle, workload);
    for (const one of upIn(bundle)) {
      if (strangers.has(one.machineName) || !hasQuorum(bundle, workload)) continue;
      if (one.userData.role === 'master' && !workload.members.has(one) && !workload.former.has(one)) workload.members.set(one, newId());
      const former = workload.nodes.get(one.hostname);
      if (former?.metadata.annotations?.[machineUidAnnotation] !== one.machineUid) workload.nodes.set(one.hostname, newNode(one));
    }
    return workload;
  }

  /** More than half of the members run. */
  const hasQuorum = (bundle: string, { members }: Workload): boolean => {
    const alive = new Set(upIn(bundle));
    return members.size > 0 && [...members.keys()].filter((one) => alive.has(one)).length > members.size / 2;
  };

  const leave = ({ members, former }: Workload, one: CloudInstance): void => {
    members.delete(one);
    former.add(one);
  };

  const newId = (): bigint => BigInt(`0x${Buffer.from(random.bytes(8)).toString('hex')}`);

  const newNode = (one: CloudInstance): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: one.hostname, uid: random.uuid(), annotations: { [machineUidAnnotation]: one.machineUid } },
    spec: {},
    status: {
      addresses: [{ type: 'InternalIP', address: one.internal }],
      nodeInfo: { kubeletVersion: 'v1.35.0' },
    },
  });

  /** The Node as it is seen now: ready while its instance runs and its kubelet speaks. */
  function seen(node: Node, bundle: string): Node {
    const uid = node.metadata.annotations?.[machineUidAnnotation];
    const host = upIn(bundle).find((one) => one.machineUid === uid);
    const ready = host !== undefined && !silent.has(host.machineName);
    const condition = { type: 'Ready', status: ready ? 'True' : 'Unknown', reason: ready ? 'KubeletReady' : 'NodeStatusUnknown' };
    return { ...node, status: { ...node.status, conditions: [{ ...condition, message: ready ? 'kubelet is ready' : 'kubelet stopped' }] } };
  }

  function kubernetes(kubeconfig: string): KubernetesApi {
    const bundle = bundleIn(kubeconfig);
    const answering = (): Workload => {
      const workload = workloadOf(bundle);
      if (!hasQuorum(bundle, workload)) throw new RetryLater('connect ECONNREFUSED');
      return workload;
    };
    return {
      getNode: async (name) => {
        const node = answering().nodes.get(name);
        return node && seen(node, bundle);
      },
      listNodes: async () => [...answering().nodes.values()].map((node) => seen(node, bundle)),
      patchNode: async (name, patch) => {
        const node = answering().nodes.get(name);
        if (node === undefined) throw new NotFound(`nodes "${name}" not found`);
        const patched = mergePatch(node, patch) as Node;
        workloads.get(bundle)?.nodes.set(name, patched);
        return seen(patched, bundle);
      },
      deleteNode: async (name, uid) => {
        const { nodes } = answering();
        if (uid === undefined || nodes.get(name)?.metadata.uid === uid) nodes.delete(name);
      },
      podsOn: async (name) => {
        const uid = answering().nodes.get(name)?.metadata.annotations?.[machineUidAnnotation];
        const machine = running().find((one) => one.machineUid === uid)?.machineName;
        return pods.filter(({ machineName }) => machineName === machine).map(({ name: pod }) => toPod(pod));
      },
      evict: async ({ metadata }) => {
        answering();
        const pod = pods.find(({ name }) => name === metadata.name);
        if (pod?.guarded()) throw new RetryLater(`Cannot evict pod ${pod.name} as it would violate its disruption budget`);
        pods = pods.filter((other) => other !== pod);
      },
      close: () => {},
    };
  }

  const toPod = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' } });

  function talos(talosconfig: string, endpoint: string): TalosApi {
    const bundle = bundleIn(talosconfig);
    const at = (address: string): CloudInstance => {
      const one = upIn(bundle).find(({ internal, external }) => internal === address || external === address);
      if (one === undefined || deaf.has(one.machineName)) throw new RetryLater(`connect ETIMEDOUT ${address}:50000`);
      return one;
    };
    const dialled = (): CloudInstance => at(endpoint);
    const quorate = (): Workload => {
      dialled();
      const workload = workloadOf(bundle);
      if (!hasQuorum(bundle, workload)) throw new RetryLater('etcdserver: no leader');
      return workload;
    };
    const target = (node: string | undefined): CloudInstance => (node === undefined ? dialled() : at(node));
    return {
      version: async (node) => {
        target(node);
        return { tag: 'v1.13.0', platform: 'metal' };
      },
      services: async (node) => {
        const reason = strangers.get(target(node).machineName);
        const kubelet = { id: 'kubelet', state: 'Running', healthy: reason === undefined, message: reason ?? '' };
        return [kubelet, { id: 'apid', state: 'Running', healthy: true, message: '' }];
      },
      hasEtcdData: async (node) => workloadOf(bundle).members.has(target(node)),
      bootstrap: async () => {
        const one = dialled();
        const workload = workloadOf(bundle);
        if (workload.members.has(one)) return 'already';
        workload.bootstraps += 1;
        if (workload.bootstraps > 1) laws.broken(`etcd of one cluster was bootstrapped again, on ${one.machineName}`);
        workload.members.set(one, newId());
        return 'done';
      },
      etcdMembers: async () => [...quorate().members].map(([{ hostname }, id]): EtcdMember => ({ id, hostname, isLearner: false })),
      etcdForfeitLeadership: async (node) => void target(node),
      etcdLeave: async (node) => leave(quorate(), target(node)),
      etcdRemoveMember: async (id) => {
        const workload = quorate();
        for (const [one, known] of workload.members) if (known === id) leave(workload, one);
      },
      close: () => {},
    };
  }

  return {
    talos,
    kubernetes,
    nodesWith(machineName) {
      const bundle = clouds.flatMap(({ instances }) => instances).find((one) => one.machineName === machineName)?.userData.bundle ?? '';
      return [...workloadOf(bundle).nodes.values()].map((node) => seen(node, bundle));
    },
    members: () => [...workloads.values()].flatMap(({ members }) => [...members.keys()].map(({ hostname }) => hostname)).sort(),
    bootstraps: () => [...workloads.values()].reduce((sum, workload) => sum + workload.bootstraps, 0),
    neverJoins: (machineName, reason) => void strangers.set(machineName, reason),
    silence: (machineName, on = true) => void (on ? silent.add(machineName) : silent.delete(machineName)),
    deafen: (machineName) => void deaf.add(machineName),
    place: (machineName, pod) => void pods.push({ machineName, ...pod }),
  };
}
