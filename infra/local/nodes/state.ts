import { apidPort } from './apid.ts';
import { leaderOf } from './etcd.ts';
import { type FakeMachine, isControlPlane, isRunning, isUp, servesKubernetes, type World } from './world.ts';

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

export const describeWorld = (world: World): NodesState => ({
  machines: [...world.machines.values()].map((machine) => describeMachine(world, machine)),
  clusters: world.etcds.all().map(({ id, identity, members, ...rest }) => {
    const leader = leaderOf({ id, identity, members, ...rest }, isUp(world))?.hostname;
    return {
      id,
      identity,
      ...(leader !== undefined && { leader }),
      members: members.map((member) => ({
        id: member.id,
        hostname: member.hostname,
        isLearner: member.isLearner,
        up: isUp(world)(member),
      })),
    };
  }),
});

function describeMachine(world: World, machine: FakeMachine): MachineState {
  const { powered, boot, says, joined, externalAddress } = machine;
  const listens = isControlPlane(machine) && externalAddress !== undefined;
  return {
    id: powered.id,
    cloud: powered.cloud,
    name: powered.instanceName,
    stage: boot.stage,
    says,
    ...(isRunning(machine) && { role: machine.boot.config.type }),
    ...(listens && { talosApi: `${externalAddress}:${apidPort}` }),
    ...(listens &&
      servesKubernetes(world, machine) && { kubernetesApi: `${externalAddress}:${machine.boot.config.cluster.localApiServerPort}` }),
    ...(joined && { node: joined.node, cluster: joined.cluster }),
  };
}
