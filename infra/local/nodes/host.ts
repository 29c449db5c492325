import type { Clock, Log, Random } from '../../../shared/ports.ts';
import { openCloudState } from '../clouds/cloud-state.ts';
import type { NodeHost, PoweredMachine } from '../clouds/node-host.ts';
import { createDoors } from './doors.ts';
import type { EtcdCluster } from './etcd.ts';
import { factsOf, live } from './life.ts';
import { describeWorld, type NodesState } from './state.ts';
import type { MachineActions } from './talos-service.ts';
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
}

/** The machines behind the fake clouds' instances. */
export interface FakeNodes extends NodeHost {
  /** What a person at all the consoles would see; no secrets. */
  state(): NodesState;
  /** Stops all machines, leaving their disks as they are. */
  close(): Promise<void>;
}

const quick = { criMs: 50, etcdMs: 200, cniMs: 200, unreachableMs: 2_000, podStopMs: 300 };

/** A call that ends its own connection is answered before. */
const answeredMs = 100;

/** Boots machines as Talos nodes: they read their user data, serve the Talos API, and join Kubernetes clusters if they may. */
export function createNodeHost(options: NodeHostOptions): FakeNodes {
  const { clock, random, log, bootMs } = options;
  const bell = createBell();
  const state = openCloudState('nodes', options.dataDir);
  const world: World = {
    clock,
    random,
    log,
    paces: { ...quick, ...options.paces, bootMs },
    talosVersion: options.talosVersion ?? 'v1.13.9',
    state,
    machines: new Map(),
    controlPlanes: new Set(),
    disks: state.table<Disk>('disks'),
    etcds: state.table<EtcdCluster>('etcd'),
    changed() {
      for (const machine of world.controlPlanes) void doors.settle(machine);
      bell.ring();
    },
    nextChange: (signal) => bell.next(signal),
  };
  const workloads = createWorkloads(world);
  const doors = createDoors(world, workloads.of, () => actions);

  const start = (machine: FakeMachine, readsConfigAt: number): void => {
    machine.life = new AbortController();
    const { signal } = machine.life;
    live({ world, doors, workloadOf: workloads.of }, machine, readsConfigAt).catch((error: unknown) => {
      if (!signal.aborted) log.error('a fake machine died', { machine: machine.powered.id, error: String(error) });
    });
  };
  /** It answers nothing any more; after a while its cluster notices. */
  const stop = (machine: FakeMachine): void => {
    machine.life.abort();
    machine.boot = { stage: 'booting' };
    machine.etcdUp = machine.criReady = machine.apidReady = false;
    world.controlPlanes.delete(machine as RunningMachine);
    void doors.settle(machine);
    world.changed();
    if (machine.joined !== undefined) void workloads.notice(machine.joined, machine.powered.id);
    machine.joined = undefined;
  };
  /** Once the call is answered, unless the machine was switched off meanwhile. */
  const later = async (machine: RunningMachine, act: () => void): Promise<void> => {
    const { signal } = machine.life;
    await clock.sleep(answeredMs, signal);
    if (!signal.aborted) act();
  };
  const actions: MachineActions = {
    reboot: (machine) =>
      void later(machine, () => {
        stop(machine);
        start(machine, clock.now() + bootMs);
      }),
    shutdown: (machine) => void later(machine, () => stop(machine)),
    reset: (machine, reboot) =>
      void later(machine, () => {
        stop(machine);
        world.disks.put(machine.powered.id, { bootedAt: machine.powered.bootedAt });
        if (reboot) start(machine, clock.now() + bootMs);
      }),
  };
  const powerOff = (id: string): void => {
    const machine = world.machines.get(id);
    if (machine === undefined) return;
    stop(machine);
    world.machines.delete(id);
    world.disks.delete(id);
    workloads.forgetLost();
  };

  return {
    powerOn(powered: PoweredMachine) {
      if (world.machines.get(powered.id)?.powered.bootedAt === powered.bootedAt) return;
      powerOff(powered.id);
      if (world.disks.get(powered.id)?.bootedAt !== powered.bootedAt) world.disks.put(powered.id, { bootedAt: powered.bootedAt });
      const machine = newMachine(powered);
      world.machines.set(powered.id, machine);
      start(machine, powered.bootedAt + bootMs);
    },
    powerOff,
    setExternalAddress(id, address) {
      const machine = world.machines.get(id);
      if (machine === undefined || machine.externalAddress === address) return;
      machine.externalAddress = address;
      void doors.settle(machine);
      world.changed();
      if (isRunning(machine) && machine.joined) void workloads.of(machine.joined.cluster).nodes.readdress(factsOf(world, machine));
    },
    state: () => describeWorld(world),
    async close() {
      const machines = [...world.machines.values()];
      for (const machine of machines) machine.life.abort();
      await Promise.all(machines.map((machine) => doors.settle(machine)));
      workloads.close();
      state.close();
    },
  };
}

const newMachine = (powered: PoweredMachine): FakeMachine => ({
  powered,
  externalAddress: powered.externalAddress,
  boot: { stage: 'booting' },
  says: '',
  criReady: false,
  apidReady: false,
  etcdUp: false,
  joined: undefined,
  doors: {},
  deaf: undefined,
  life: new AbortController(),
});
