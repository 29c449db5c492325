import type { KubeObject } from '../kinds/object.ts';

/** The two ways to reach a running cluster. Each call is bounded in time and throws RetryLater when there is no answer. */
export interface Nodes {
  /** Through the nodes' own API; `talosconfig` as the bootstrap makes it, dialling `endpoint` (a master's address). */
  talos(talosconfig: string, endpoint: string): TalosApi;
  /** Through the cluster's Kubernetes API, as the kubeconfig says. */
  kubernetes(kubeconfig: string): KubernetesApi;
}

/** `node`: the address of the node that a master should forward to; absent: the dialled node itself. */
export interface TalosApi {
  version(node?: string): Promise<{ readonly tag: string; readonly platform: string }>;
  services(
    node?: string,
  ): Promise<readonly { readonly id: string; readonly state: string; readonly healthy: boolean | undefined; readonly message: string }[]>;
  /** True when the etcd data directory of this node is there. */
  hasEtcdData(node?: string): Promise<boolean>;
  /** Bootstraps etcd on the dialled node. `already`: its data directory is not empty. RetryLater: not ready yet. */
  bootstrap(): Promise<'done' | 'already'>;
  etcdMembers(): Promise<readonly EtcdMember[]>;
  /** Gives leadership away, if it has it. */
  etcdForfeitLeadership(node?: string): Promise<void>;
  /** Leaves etcd; success when it has left already. */
  etcdLeave(node?: string): Promise<void>;
  /** Success when there is no such member. */
  etcdRemoveMember(id: bigint): Promise<void>;
  close(): void;
}

export interface EtcdMember {
  readonly id: bigint;
  readonly hostname: string;
  readonly isLearner: boolean;
}

export interface Node extends KubeObject {
  spec: { providerID?: string; taints?: Taint[]; unschedulable?: boolean };
  status: {
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
    nodeInfo?: Record<string, string>;
  };
}

export interface Taint {
  key: string;
  value?: string;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface KubernetesApi {
  getNode(name: string): Promise<Node | undefined>;
  listNodes(): Promise<Node[]>;
  /** JSON merge patch. Throws NotFound. */
  patchNode(name: string, patch: Record<string, unknown>): Promise<Node>;
  /** Success when there is none. `uid`: only that one. */
  deleteNode(name: string, uid?: string): Promise<void>;
  podsOn(node: string): Promise<KubeObject[]>;
  /** RetryLater when a disruption budget forbids it now; success when the Pod is gone. */
  evict(pod: KubeObject): Promise<void>;
  close(): void;
}

/** Where a port of an address is reached, if not there; its certificate must be that of the address all the same. */
export type Reach = (address: string, port: number) => { readonly host: string; readonly port: number };
