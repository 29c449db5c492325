import { type EtcdCluster, type IsUp, leaderOf } from './etcd.ts';
import { type FakeMachine, isRunning, isUp, type World } from './world.ts';

/** What a person at all the consoles would see. */
export interface NodesState {
  readonly machines: readonly MachineState[];
  readonly clusters: readonly ClusterState[];
}

export interface MachineState {
  readonly id: string;
  readonly cloud: string;
  readonly name: string;
  readonly role?: 'controlplane' | 'worker';
  readonly stage: FakeMachine['boot']['stage'];
  /** What it waits for, or why it goes no further. */
  readonly says: string;
  /** Where its Talos API and Kubernetes API are served. */
  readonly talosApi?: string;
  readonly kubernetesApi?: string;
  /** Its name in the cluster that it joined. */
  readonly node?: string;
  /** The etcd cluster that it joined. */
  readonly cluster?: string;
}

/** An etcd cluster. A Talos cluster whose etcd was bootstrapped twice shows twice here. */
export interface ClusterState {
  readonly id: string;
  /** The same for all that belong to one Talos cluster. */
  readonly identity: string;
  readonly leader?: string;
  readonly members: readonly { readonly id: string; readonly hostname: string; readonly isLearner: boolean; readonly up: boolean }[];
}

export function describeWorld(world: World): NodesState {
  return {
    machines: [...world.machines.values()].map(describeMachine),
    clusters: world.etcds.all().map((one) => describeCluster(one, isUp(world))),
  };
}

function describeCluster(cluster: EtcdCluster, up: IsUp): ClusterState {
  const leader = leaderOf(cluster, up)?.hostname;
  const members = cluster.members.map((member) => {
    const { id, hostname, isLearner } = member;
    return { id, hostname, isLearner, up: up(member) };
  });
  return { id: cluster.id, identity: cluster.identity, ...(leader !== undefined && { leader }), members };
}

function describeMachine(machine: FakeMachine): MachineState {
  const { powered, boot, says, joined, doors, deaf } = machine;
  return {
    id: powered.id,
    cloud: powered.cloud,
    name: powered.instanceName,
    stage: boot.stage,
    says: deaf?.says ?? says,
    ...(isRunning(machine) && { role: machine.boot.config.type }),
    ...(doors.apid && { talosApi: doors.apid.url }),
    ...(doors.kubernetes && { kubernetesApi: doors.kubernetes.url }),
    ...(joined && { node: joined.node, cluster: joined.cluster }),
  };
}
