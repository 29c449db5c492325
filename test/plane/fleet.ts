import { machineUidAnnotation } from '../../shared/bootstrap/bootstrap.ts';
import { NotFound, RetryLater } from '../../shared/errors.ts';
import { mergePatch } from '../../shared/kinds/merge-patch.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { KubernetesApi, Node, Nodes, TalosApi } from '../../shared/nodes/nodes.ts';
import type { Clock, Random } from '../../shared/ports.ts';
import type { CloudInstance } from './account.ts';
import { bundleIn } from './bootstrap.ts';
import type { FakeCloud } from './cloud.ts';
import type { Laws } from './laws.ts';
import { createWorkloads, type Workloads } from './workloads.ts';

/** The nodes that the instances are, as the plane reaches them. */
export interface Fleet extends Nodes {
  /** The Nodes of the cluster that this machine belongs to. */
  nodesWith(machineName: string): Node[];
  /** The Nodes of all clusters whose control plane lives. */
  nodes(): Node[];
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
}

export function createFleet({ laws, clouds, ...ports }: Options): Fleet {
  const workloads = createWorkloads({ ...ports, clouds });
  const deaf = new Set<string>();
  const pods: Pod[] = [];
  return {
    kubernetes: (kubeconfig) => kubernetes(bundleIn(kubeconfig), workloads, pods),
    talos: (talosconfig, endpoint) => talos(bundleIn(talosconfig), endpoint, workloads, deaf, laws),
    nodesWith(machineName) {
      const bundle = clouds.flatMap(({ instances }) => instances).find((one) => one.machineName === machineName)?.userData.bundle ?? '';
      return [...workloads.at(bundle).nodes.values()].map((node) => workloads.seen(node, bundle));
    },
    nodes: workloads.living,
    members: () =>
      workloads
        .all()
        .flatMap(({ members }) => [...members.keys()].map(({ hostname }) => hostname))
        .sort(),
    bootstraps: () => workloads.all().reduce((sum, { bootstraps }) => sum + bootstraps, 0),
    neverJoins: (machineName, reason) => void workloads.strangers.set(machineName, reason),
    silence: (machineName, on = true) => void (on ? workloads.silent.add(machineName) : workloads.silent.delete(machineName)),
    deafen: (machineName) => void deaf.add(machineName),
    place: (machineName, pod) => void pods.push({ machineName, ...pod }),
  };
}

const toPod = ({ name }: Pod): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' } });

function kubernetes(bundle: string, workloads: Workloads, pods: Pod[]): KubernetesApi {
  const answering = () => workloads.quorate(bundle, 'connect ECONNREFUSED');
  const podsOf = (node: Node | undefined): Pod[] => {
    const host = workloads.up(bundle).find(({ machineUid }) => machineUid === node?.metadata.annotations?.[machineUidAnnotation]);
    return pods.filter(({ machineName }) => machineName === host?.machineName);
  };
  return {
    getNode: async (name) => {
      const node = answering().nodes.get(name);
      return node && workloads.seen(node, bundle);
    },
    listNodes: async () => [...answering().nodes.values()].map((node) => workloads.seen(node, bundle)),
    patchNode: async (name, patch) => {
      const { nodes } = answering();
      const node = nodes.get(name);
      if (node === undefined) throw new NotFound(`nodes "${name}" not found`);
      const patched = mergePatch(node, patch) as Node;
      nodes.set(name, patched);
      return workloads.seen(patched, bundle);
    },
    deleteNode: async (name, uid) => {
      const { nodes } = answering();
      if (uid === undefined || nodes.get(name)?.metadata.uid === uid) nodes.delete(name);
    },
    podsOn: async (name) => podsOf(answering().nodes.get(name)).map(toPod),
    evict: async ({ metadata }) => {
      answering();
      const i = pods.findIndex(({ name }) => name === metadata.name);
      if (pods[i]?.guarded()) throw new RetryLater(`Cannot evict pod ${metadata.name} as it would violate its disruption budget`);
      if (i >= 0) pods.splice(i, 1);
    },
    close: () => {},
  };
}

function talos(bundle: string, endpoint: string, workloads: Workloads, deaf: ReadonlySet<string>, laws: Laws): TalosApi {
  const at = (address: string): CloudInstance => {
    const one = workloads.up(bundle).find(({ internal, external }) => internal === address || external === address);
    if (one === undefined || deaf.has(one.machineName)) throw new RetryLater(`connect ETIMEDOUT ${address}:50000`);
    return one;
  };
  /** The node that is meant, which the one that is dialled forwards to. */
  const target = (node?: string): CloudInstance => {
    const dialled = at(endpoint);
    return node === undefined ? dialled : at(node);
  };
  const members = (): Map<CloudInstance, bigint> => {
    target();
    return workloads.quorate(bundle, 'etcdserver: no leader').members;
  };
  return {
    version: async (node) => {
      target(node);
      return { tag: 'v1.13.0', platform: 'metal' };
    },
    services: async (node) => {
      const one = target(node);
      const reason = workloads.strangers.get(one.machineName);
      const left = workloads.at(bundle).former.has(one);
      return [
        { id: 'apid', state: 'Running', healthy: true, message: '' },
        { id: 'etcd', state: left ? 'Finished' : 'Running', healthy: true, message: '' },
        { id: 'kubelet', state: 'Running', healthy: reason === undefined, message: reason ?? '' },
      ];
    },
    hasEtcdData: async (node) => workloads.at(bundle).members.has(target(node)),
    bootstrap: async () => {
      const one = target();
      const answer = workloads.bootstrap(bundle, one);
      if (workloads.at(bundle).bootstraps > 1) laws.broken(`etcd of one cluster was bootstrapped again, on ${one.machineName}`);
      return answer;
    },
    etcdMembers: async () => [...members()].map(([{ hostname }, id]) => ({ id, hostname, isLearner: false })),
    etcdForfeitLeadership: async (node) => void target(node),
    etcdLeave: async (node) => {
      members();
      workloads.leave(bundle, target(node));
    },
    etcdRemoveMember: async (id) => {
      for (const [one, known] of members()) if (known === id) workloads.leave(bundle, one);
    },
    close: () => {},
  };
}
