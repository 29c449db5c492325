import type { MachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';
import { timestamp } from '../../../shared/kinds/object.ts';
import type { PoweredMachine } from '../clouds/node-host.ts';
import type { NodeObject } from './kinds/node.ts';

/** What a kubelet tells of its machine. */
export interface KubeletFacts {
  readonly machine: PoweredMachine;
  readonly externalAddress: string | undefined;
  readonly config: MachineConfig;
  /** `v1.13.9` */
  readonly talosVersion: string;
  /** ms since 1970 */
  readonly now: number;
}

type NodeStatus = NonNullable<NodeObject['status']>;
type NodeCondition = NonNullable<NodeStatus['conditions']>[number];

/** A fixed name in the config wins over the one that the cloud gives. */
export const hostnameOf = ({ machine, config }: Pick<KubeletFacts, 'machine' | 'config'>): string => config.hostname ?? machine.hostname;

/** The Node as it joins: not ready before its network is, and without a providerID, since no cloud controller runs. */
export function joiningNode(facts: KubeletFacts): NodeObject {
  const { config } = facts;
  const name = hostnameOf(facts);
  const taints = taintsOf(config);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...systemLabels(name, config), ...config.nodeLabels }, annotations: { ...config.nodeAnnotations } },
    spec: { ...(taints.length > 0 && { taints }) },
    status: statusOf(facts),
  };
}

export function statusOf(facts: KubeletFacts): NodeStatus {
  const { machine, config, talosVersion, now } = facts;
  const resources = { cpu: '2', memory: '4028100Ki', 'ephemeral-storage': '10218772Ki', pods: '110' };
  return {
    addresses: addressesOf(facts),
    capacity: resources,
    allocatable: { ...resources, cpu: '1950m' },
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available', now),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure', now),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available', now),
      condition('Ready', 'False', 'KubeletNotReady', 'container runtime network not ready: cni plugin not initialized', now),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: `${machine.id}-${machine.bootedAt}`,
      containerRuntimeVersion: 'containerd://2.2.3',
      kernelVersion: '6.18.22-talos',
      kubeProxyVersion: '',
      kubeletVersion: `v${config.kubelet.version}`,
      machineID: machine.id,
      operatingSystem: 'linux',
      osImage: `Talos (${talosVersion})`,
      systemUUID: machine.id,
    },
  };
}

export function addressesOf(facts: KubeletFacts): NonNullable<NodeStatus['addresses']> {
  const external = facts.externalAddress === undefined ? [] : [{ type: 'ExternalIP', address: facts.externalAddress }];
  return [{ type: 'InternalIP', address: facts.machine.privateAddress }, ...external, { type: 'Hostname', address: hostnameOf(facts) }];
}

export const ready = (now: number): NodeCondition => condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status', now);

/** What the node controller writes about a machine that it hears nothing of. */
export const unreachable = (now: number): NodeCondition =>
  condition('Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.', now);

const condition = (type: string, status: NodeCondition['status'], reason: string, message: string, now: number): NodeCondition => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: timestamp(now),
});

const systemLabels = (name: string, config: MachineConfig): Record<string, string> => ({
  'beta.kubernetes.io/arch': 'amd64',
  'beta.kubernetes.io/os': 'linux',
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/hostname': name,
  'kubernetes.io/os': 'linux',
  ...(config.type === 'controlplane' && { 'node-role.kubernetes.io/control-plane': '' }),
});

type Taint = NonNullable<NodeObject['spec']['taints']>[number];

function taintsOf(config: MachineConfig): Taint[] {
  const own = Object.entries(config.nodeTaints).map(([key, text]): Taint => {
    const [effect = '', value] = text.split(':').reverse();
    return { key, ...(value !== undefined && { value }), effect: effect as Taint['effect'] };
  });
  if (config.type !== 'controlplane' || config.cluster.allowSchedulingOnControlPlanes) return own;
  return [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }, ...own];
}
