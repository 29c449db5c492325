import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { ClusterConfig, MachineConfig } from '../../../shared/bootstrap/talos/machine-config.ts';
import type { Reach } from '../../../shared/nodes/nodes.ts';
import type { Clock, Log, Random } from '../../../shared/ports.ts';
import type { CloudState, Table } from '../clouds/cloud-state.ts';
import type { PoweredMachine } from '../clouds/node-host.ts';
import type { Reachable } from './admission.ts';
import type { Boot } from './boot.ts';
import type { Door } from './door.ts';
import { type EtcdCluster, type EtcdMember, hasQuorum, type IsUp } from './etcd.ts';

/** How long things take on a fake node, in milliseconds. */
export interface Paces {
  /** From power on until the config is read: firmware, image, network. */
  readonly bootMs: number;
  /** Until containers can run: before it, Bootstrap is refused. */
  readonly criMs: number;
  /** Until etcd answers after it was bootstrapped, and until a learner has caught up. */
  readonly etcdMs: number;
  /** Until the network of a node that joined is ready. */
  readonly cniMs: number;
  /** Until the node controller gives up on a node that it hears nothing of: 40 s on a real cluster. */
  readonly unreachableMs: number;
  /** Until a Pod that was evicted has ended. */
  readonly podStopMs: number;
}

/** The etcd cluster that holds a machine's Node, and the Node's name. */
export interface Joined {
  readonly cluster: string;
  readonly node: string;
}

/** The servers of a control-plane machine. */
export type DoorName = 'apid' | 'kubernetes';

/** A machine that is switched on. */
export interface FakeMachine {
  readonly powered: PoweredMachine;
  externalAddress: string | undefined;
  boot: Boot;
  /** What it waits for, or why it goes no further; '' when all is well. What a real machine prints on its console. */
  says: string;
  criReady: boolean;
  /** It has a certificate for its Talos API. */
  apidReady: boolean;
  etcdUp: boolean;
  joined: Joined | undefined;
  /** What listens now. */
  doors: Partial<Record<DoorName, Door>>;
  /** The address at which it could not listen, and why. */
  deaf: { readonly address: string; readonly says: string } | undefined;
  /** Ends when it is switched off or boots again. */
  life: AbortController;
}

/** A control-plane machine or worker that reads its config and goes on. */
export type RunningMachine = FakeMachine & { readonly boot: Extract<Boot, { stage: 'running' }> };

/** What is on the disk of a machine; it goes with the machine. */
export interface Disk {
  readonly bootedAt: number;
  /** The data directory of etcd: which cluster's, and as which member. */
  readonly etcd?: { readonly cluster: string; readonly member: string };
  /** It has left etcd, and does not join again by itself. */
  readonly left?: boolean;
}

/** All machines of one process, and what they share: the network between them, and their disks. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly paces: Paces;
  readonly talosVersion: string;
  /** Where masters listen. */
  readonly reach: Reach;
  readonly state: CloudState;
  readonly machines: Map<string, FakeMachine>;
  /** Those of `machines` that run as control plane. */
  readonly controlPlanes: Set<RunningMachine>;
  readonly disks: Table<Disk>;
  readonly etcds: Table<EtcdCluster>;
  /** Says that something happened for which a machine may wait. */
  changed(): void;
  /** Resolves at the next such moment, or when `signal` aborts. */
  nextChange(signal: AbortSignal): Promise<void>;
}

/** A meeting point: all who wait go on when it is rung. */
export function createBell(): { ring(): void; next(signal: AbortSignal): Promise<void> } {
  let waiting = new Set<() => void>();
  return {
    ring() {
      const all = waiting;
      waiting = new Set();
      for (const go of all) go();
    },
    next: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const go = (): void => {
          waiting.delete(go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        waiting.add(go);
        signal.addEventListener('abort', go);
      }),
  };
}

export const isRunning = (machine: FakeMachine): machine is RunningMachine =>
  machine.boot.stage === 'running' && !machine.life.signal.aborted;

export const isControlPlane = (machine: FakeMachine): machine is RunningMachine =>
  isRunning(machine) && machine.boot.config.type === 'controlplane';

export const isUp =
  (world: World): IsUp =>
  (member) =>
    world.machines.get(member.machine)?.etcdUp === true;

/** The cluster and member that a machine's disk has the data of; none when the member was removed from the cluster. */
export function membershipOf(
  world: World,
  machine: FakeMachine,
): { readonly cluster: EtcdCluster; readonly member: EtcdMember } | undefined {
  const data = world.disks.get(machine.powered.id)?.etcd;
  const cluster = data && world.etcds.get(data.cluster);
  const member = cluster?.members.find(({ id }) => id === data?.member);
  return cluster && member && { cluster, member };
}

/** Whether this machine serves the Kubernetes API: its etcd runs, votes, and finds enough others. */
export function servesKubernetes(world: World, machine: FakeMachine): boolean {
  const membership = membershipOf(world, machine);
  return machine.etcdUp && membership !== undefined && !membership.member.isLearner && hasQuorum(membership.cluster, isUp(world));
}

/** What machines of one Talos cluster have in common, and by what they find each other; a digest, since it is kept on disk. */
export const identityOf = ({ cluster }: MachineConfig): string =>
  createHash('sha256')
    .update([cluster.id, cluster.secret, cluster.etcdCa?.certificate ?? ''].join('\0'))
    .digest('hex');

/** The machine that has this address, inside or outside of its cloud. */
export const machineAt = (world: World, address: string): FakeMachine | undefined =>
  [...world.machines.values()].find(({ powered, externalAddress }) => powered.privateAddress === address || externalAddress === address);

/** What a machine finds behind the endpoint in its config. */
export function reachableFrom(world: World, { id, secret, endpoint }: ClusterConfig): Reachable {
  const { hostname, port } = new URL(endpoint);
  const behind = [...world.controlPlanes].filter((machine) => answersTo(machine, hostname));
  // Discovery tells workers of control planes that the endpoint does not lead to.
  const discovered = [...world.controlPlanes].find(({ boot: { config } }) => config.cluster.id === id && config.cluster.secret === secret);
  const serving = behind.find(
    (machine) => machine.boot.config.cluster.localApiServerPort === Number(port || 443) && servesKubernetes(world, machine),
  );
  const cluster = serving && membershipOf(world, serving)?.cluster.id;
  return {
    trustd: (behind[0] ?? discovered)?.boot.config,
    kubernetes: serving && cluster !== undefined ? { config: serving.boot.config, cluster } : undefined,
  };
}

/**
 * Names are not resolved here: a name leads to the machines whose certificates carry it. Private addresses are routed
 * between the clouds, as KubeSpan or a VPN would.
 */
const answersTo = ({ powered, externalAddress, boot }: RunningMachine, host: string): boolean =>
  isIP(host) === 0 ? boot.config.certSANs.includes(host) : host === externalAddress || host === powered.privateAddress;
