import { Code, ConnectError, createContextKey, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import type { MachineService } from '../../../shared/nodes/talos/gen/machine/machine_pb.js';
import { leaderOf, requireQuorum } from './etcd.ts';
import { bootstrapEtcd, forfeitLeadership, leaveEtcd, memberOf, removeMember } from './etcd-service.ts';
import { servicesOf } from './services.ts';
import { isRunning, isUp, machineAt, type RunningMachine, type World } from './world.ts';

/** The organisations of the client's certificate. */
export const callerRoles = createContextKey<readonly string[]>([]);

/** What the Talos API can do to a machine as a whole; each happens after the call was answered. */
export interface MachineActions {
  reboot(machine: RunningMachine): void;
  shutdown(machine: RunningMachine): void;
  /** Wipes the disk; `reboot`: and boots from the user data again. */
  reset(machine: RunningMachine, reboot: boolean): void;
}

/** Which roles may make a call that needs this one. */
const roles = {
  reader: ['os:admin', 'os:operator', 'os:reader'],
  operator: ['os:admin', 'os:operator'],
  admin: ['os:admin'],
} as const;

/** The Talos API as the control-plane machine `dialled` answers it, for itself and for those it forwards to. */
export function talosService(world: World, dialled: RunningMachine, actions: MachineActions): Partial<ServiceImpl<typeof MachineService>> {
  /** The machine that a call is meant for, if the caller may make it. */
  const target = (context: HandlerContext, role: keyof typeof roles): RunningMachine => {
    const held = context.values.get(callerRoles);
    if (!roles[role].some((allowed) => held.includes(allowed))) throw new ConnectError('not authorized', Code.PermissionDenied);
    const node = context.requestHeader.get('node');
    return node === null ? dialled : forwardedTo(world, dialled, node);
  };
  const actorId = () => world.random.uuid();

  return {
    version(_, context) {
      const { powered } = target(context, 'reader');
      const platform = { name: powered.cloud === 'gce' ? 'gcp' : powered.cloud, mode: 'cloud' };
      return { messages: [{ version: { tag: world.talosVersion, os: 'linux', arch: 'amd64' }, platform, features: { rbac: true } }] };
    },
    serviceList(_, context) {
      const services = servicesOf(world, target(context, 'reader')).map(({ id, state, healthy, says }) => ({
        id,
        state,
        health: { unknown: state !== 'Running', healthy, lastMessage: says },
      }));
      return { messages: [{ services }] };
    },
    bootstrap(_, context) {
      const machine = target(context, 'admin');
      if (machine.boot.config.type === 'worker')
        throw new ConnectError('bootstrap can only be performed on a control plane node', Code.Unimplemented);
      bootstrapEtcd(world, machine);
      return { messages: [{}] };
    },
    async *list({ root }, context) {
      const data = world.disks.get(target(context, 'reader').powered.id)?.etcd;
      if (root !== '/var/lib/etcd/member' || data === undefined) {
        throw new ConnectError(`lstat ${root}: no such file or directory`, Code.Unknown);
      }
      yield* ['.', 'snap', 'wal'].map((name) => ({ name: `${root}/${name}`, relativeName: name, isDir: true, mode: 0o700 }));
    },
    etcdMemberList({ queryLocal }, context) {
      const { cluster } = memberOf(world, target(context, 'reader'));
      if (!queryLocal) requireQuorum(cluster, isUp(world));
      const members = cluster.members.map(({ id, hostname, address, isLearner }) => ({
        id: BigInt(id),
        hostname,
        isLearner,
        peerUrls: [`https://${address}:2380`],
        clientUrls: [`https://${address}:2379`],
      }));
      return { messages: [{ legacyMembers: cluster.members.map(({ hostname }) => hostname), members }] };
    },
    etcdStatus(_, context) {
      const { cluster, member } = memberOf(world, target(context, 'reader'));
      const leader = leaderOf(cluster, isUp(world));
      const memberStatus = {
        memberId: BigInt(member.id),
        leader: BigInt(leader?.id ?? 0),
        raftTerm: BigInt(cluster.term),
        isLearner: member.isLearner,
        errors: leader === undefined ? ['etcdserver: no leader'] : [],
        protocolVersion: '3.6.8',
        storageVersion: '3.6.0',
      };
      return { messages: [{ memberStatus }] };
    },
    etcdForfeitLeadership: (_, context) => ({ messages: [{ member: forfeitLeadership(world, target(context, 'admin')) }] }),
    etcdLeaveCluster(_, context) {
      leaveEtcd(world, target(context, 'admin'));
      return { messages: [{}] };
    },
    etcdRemoveMemberByID({ memberId }, context) {
      removeMember(world, target(context, 'admin'), memberId.toString());
      return { messages: [{}] };
    },
    reset({ graceful, reboot }, context) {
      const machine = target(context, 'admin');
      if (graceful && machine.etcdUp) leaveEtcd(world, machine);
      actions.reset(machine, reboot);
      return { messages: [{ actorId: actorId() }] };
    },
    reboot(_, context) {
      actions.reboot(target(context, 'operator'));
      return { messages: [{ actorId: actorId() }] };
    },
    shutdown(_, context) {
      actions.shutdown(target(context, 'operator'));
      return { messages: [{ actorId: actorId() }] };
    },
  };
}

/** apid of a control plane dials apid of the node: it answers if it runs and has a certificate of the same authority. */
function forwardedTo(world: World, from: RunningMachine, address: string): RunningMachine {
  const machine = machineAt(world, address);
  if (machine === from) return from;
  const dialing = (why: string) => unavailable(`Error while dialing: dial tcp ${address}:50000: ${why}`);
  if (machine === undefined) throw dialing('i/o timeout');
  // The part in brackets stands on the console of a real machine, and nowhere else.
  if (!isRunning(machine) || !machine.apidReady) throw dialing(`connect: connection refused (${machine.says || machine.boot.stage})`);
  if (machine.boot.config.ca.certificate !== from.boot.config.ca.certificate) {
    throw unavailable('authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority');
  }
  return machine;
}

const unavailable = (why: string): ConnectError => new ConnectError(`connection error: desc = "transport: ${why}"`, Code.Unavailable);
