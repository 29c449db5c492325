import { Code, ConnectError } from '@connectrpc/connect';
import {
  bootstrapped,
  type EtcdCluster,
  type EtcdMember,
  hasQuorum,
  withLeadershipForfeited,
  withLearner,
  withoutMember,
  withPromoted,
} from './etcd.ts';
import { hostnameOf } from './kubelet.ts';
import { identityOf, isUp, membershipOf, type RunningMachine, type World } from './world.ts';

/** What machines do to etcd. Whatever changes is on disk before it is answered, and those who wait are told. */

/** Makes a cluster of one, on an empty data directory. A second one made elsewhere is a second cluster, with Nodes of its own. */
export function bootstrapEtcd(world: World, machine: RunningMachine): void {
  if (!machine.criReady) throw new ConnectError('the CRI service is not running yet', Code.FailedPrecondition);
  const disk = world.disks.get(machine.powered.id);
  if (disk?.etcd !== undefined) throw new ConnectError('etcd data directory is not empty', Code.AlreadyExists);
  const first = memberOn(world, machine);
  store(world, machine, bootstrapped(randomId(world), identityOf(machine.boot.config), first), first.id);
}

/** Joins the cluster of its identity that discovery finds, as a learner. False: there is none that answers; `machine.says` why. */
export function joinEtcd(world: World, machine: RunningMachine): boolean {
  const identity = identityOf(machine.boot.config);
  const found = world.etcds.all().find((cluster) => cluster.identity === identity && hasQuorum(cluster, isUp(world)));
  if (found === undefined) {
    machine.says = 'etcd: waits for a member to join, or for Bootstrap';
    return false;
  }
  const learner = memberOn(world, machine);
  try {
    store(world, machine, withLearner(found, learner, isUp(world)), learner.id);
    return true;
  } catch (error) {
    machine.says = `etcd: ${ConnectError.from(error).rawMessage}`;
    return false;
  }
}

/** Gives the learner on this machine its vote. False: not now. */
export function promoteEtcd(world: World, machine: RunningMachine): boolean {
  const membership = membershipOf(world, machine);
  if (membership === undefined || !hasQuorum(membership.cluster, isUp(world))) return false;
  if (membership.member.isLearner)
    world.etcds.put(membership.cluster.id, withPromoted(membership.cluster, membership.member.id, isUp(world)));
  world.changed();
  return true;
}

export function forfeitLeadership(world: World, machine: RunningMachine): string {
  const { cluster, member } = memberOf(world, machine);
  const after = withLeadershipForfeited(cluster, member.id, isUp(world));
  if (after === cluster) return '';
  world.etcds.put(cluster.id, after);
  return BigInt(after.leader).toString(16);
}

/** The member goes from the cluster, etcd stops and its data are wiped. */
export function leaveEtcd(world: World, machine: RunningMachine): void {
  const { cluster, member } = memberOf(world, machine);
  const after = withoutMember(cluster, member.id, isUp(world));
  world.state.atomically(() => {
    world.etcds.put(cluster.id, after);
    world.disks.put(machine.powered.id, { bootedAt: machine.powered.bootedAt, left: true });
  });
  machine.etcdUp = false;
  world.changed();
}

/** Removes another member; its etcd, if it still runs, ends. */
export function removeMember(world: World, machine: RunningMachine, id: string): void {
  const { cluster } = memberOf(world, machine);
  const removed = cluster.members.find((member) => member.id === id);
  world.etcds.put(cluster.id, withoutMember(cluster, id, isUp(world)));
  const other = removed && world.machines.get(removed.machine);
  if (other?.etcdUp) {
    other.etcdUp = false;
    other.says = 'etcd: the member has been permanently removed from the cluster';
  }
  world.changed();
}

/** The membership of a machine whose etcd answers. */
export function memberOf(world: World, machine: RunningMachine): { readonly cluster: EtcdCluster; readonly member: EtcdMember } {
  if (machine.boot.config.type === 'worker') throw new ConnectError('method is not supported on worker nodes', Code.Unimplemented);
  const membership = membershipOf(world, machine);
  if (!machine.etcdUp || membership === undefined) throw new ConnectError('etcd service is not running', Code.Unavailable);
  return membership;
}

function store(world: World, machine: RunningMachine, cluster: EtcdCluster, member: string): void {
  world.state.atomically(() => {
    world.etcds.put(cluster.id, cluster);
    world.disks.put(machine.powered.id, { bootedAt: machine.powered.bootedAt, etcd: { cluster: cluster.id, member } });
  });
  world.changed();
}

const memberOn = (world: World, { powered, boot }: RunningMachine): Omit<EtcdMember, 'isLearner'> => ({
  id: randomId(world),
  machine: powered.id,
  hostname: hostnameOf({ machine: powered, config: boot.config }),
  address: powered.privateAddress,
});

/** etcd's ids are random unsigned 64-bit numbers. */
const randomId = (world: World): string => Buffer.from(world.random.bytes(8)).readBigUInt64BE().toString();
