import type { Reach } from '../../../shared/nodes/nodes.ts';
import type { Clock, Log, Random } from '../../../shared/ports.ts';
import { openCloudState } from '../clouds/cloud-state.ts';
import type { NodeHost, PoweredMachine } from '../clouds/node-host.ts';
import { reachBy } from '../port-map.ts';
import { createDoors } from './doors.ts';
import type { EtcdCluster } from './etcd.ts';
import { factsOf } from './life.ts';
import { createPower } from './power.ts';
import { describeWorld, type NodesState } from './state.ts';
import { createWorkloads } from './workloads.ts';
import { createBell, type Disk, type FakeMachine, isRunning, type Paces, type RunningMachine, type World } from './world.ts';

export interface NodeHostOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** From power on until a machine reads its user data, in milliseconds. */
  readonly bootMs: number;
  /** The rest of what takes time; quick by default. */
  readonly paces?: Partial<Omit<Paces, 'bootMs'>>;
  /** Where disks, etcd and Kubernetes objects outlive the process; absent: they do not. */
  readonly dataDir?: string;
  /** What the machines' image has installed. */
  readonly talosVersion?: string;
  /** Where masters listen; absent: at their addresses. */
  readonly reach?: Reach;
}

/** The machines behind the fake clouds' instances. */
export interface FakeNodes extends NodeHost {
  /** What a person at all the consoles would see; no secrets. */
  state(): NodesState;
  /** Stops all machines, leaving their disks as they are. */
  close(): Promise<void>;
}

const quick = { criMs: 50, etcdMs: 200, cniMs: 200, unreachableMs: 2_000, podStopMs: 300 };

/** Boots machines as Talos nodes: they read their user data, serve the Talos API, and join Kubernetes clusters if they may. */
export function createNodeHost(options: NodeHostOptions): FakeNodes {
  const world = createWorld(options, (machine) => void doors.settle(machine));
  const { machines, disks, paces, log } = world;
  const workloads = createWorkloads(world);
  const power = createPower(world, workloads, () => doors);
  const doors = createDoors(world, workloads.of, power);

  const powerOff = (id: string): void => {
    const machine = machines.get(id);
    if (machine === undefined) return;
    power.stop(machine);
    machines.delete(id);
    disks.delete(id);
    workloads.forgetLost();
  };
  return {
    powerOn(powered: PoweredMachine) {
      const { id, bootedAt } = powered;
      if (machines.get(id)?.powered.bootedAt === bootedAt) return;
      powerOff(id);
      if (disks.get(id)?.bootedAt !== bootedAt) disks.put(id, { bootedAt });
      const machine = newMachine(powered);
      machines.set(id, machine);
      power.start(machine, bootedAt + paces.bootMs);
    },
    powerOff,
    setExternalAddress(id, address) {
      const machine = machines.get(id);
      if (machine === undefined || machine.externalAddress === address) return;
      machine.externalAddress = address;
      void doors.settle(machine);
      world.changed();
      if (!isRunning(machine) || machine.joined === undefined) return;
      const { nodes } = workloads.of(machine.joined.cluster);
      nodes.readdress(factsOf(world, machine)).catch((error: unknown) => {
        log.error('a fake machine could not tell its address', { machine: id, error: String(error) });
      });
    },
    state: () => describeWorld(world),
    async close() {
      const all = [...machines.values()];
      for (const machine of all) machine.life.abort();
      await Promise.all(all.map((machine) => doors.settle(machine)));
      workloads.close();
      world.state.close();
    },
  };
}

function createWorld(options: NodeHostOptions, settle: (machine: FakeMachine) => void): World {
  const { clock, random, log, bootMs, paces, dataDir, talosVersion = 'v1.13.9', reach = reachBy(undefined) } = options;
  const bell = createBell();
  const state = openCloudState('nodes', dataDir);
  const controlPlanes = new Set<RunningMachine>();
  return {
    clock,
    random,
    log,
    paces: { ...quick, ...paces, bootMs },
    talosVersion,
    reach,
    state,
    machines: new Map(),
    controlPlanes,
    disks: state.table<Disk>('disks'),
    etcds: state.table<EtcdCluster>('etcd'),
    changed() {
      for (const machine of controlPlanes) settle(machine);
      bell.ring();
    },
    nextChange: (signal) => bell.next(signal),
  };
}

const newMachine = (powered: PoweredMachine): FakeMachine => ({
  powered,
  externalAddress: powered.externalAddress,
  boot: { stage: 'off' },
  says: '',
  criReady: false,
  apidReady: false,
  etcdUp: false,
  joined: undefined,
  doors: {},
  deaf: undefined,
  life: new AbortController(),
});
