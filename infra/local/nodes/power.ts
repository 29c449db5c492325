import type { Doors } from './doors.ts';
import { live } from './life.ts';
import type { MachineActions } from './talos-service.ts';
import type { Workloads } from './workloads.ts';
import type { FakeMachine, RunningMachine, World } from './world.ts';

/** A call that ends its own connection is answered before. */
const answeredMs = 100;

/** Switches machines on and off. */
export interface Power extends MachineActions {
  /** It boots, and reads its config at this time (ms since 1970). */
  start(machine: FakeMachine, readsConfigAt: number): void;
  /** It answers nothing any more; after a while its cluster notices. */
  stop(machine: FakeMachine): void;
}

export function createPower(world: World, workloads: Workloads, doorsOf: () => Doors): Power {
  const { clock, log, paces } = world;
  const start = (machine: FakeMachine, readsConfigAt: number): void => {
    machine.life = new AbortController();
    machine.boot = { stage: 'booting' };
    const { signal } = machine.life;
    live({ world, doors: doorsOf(), workloadOf: workloads.of }, machine, readsConfigAt).catch((error: unknown) => {
      if (!signal.aborted) log.error('a fake machine died', { machine: machine.powered.id, error: String(error) });
    });
  };
  const stop = (machine: FakeMachine): void => {
    const { joined, powered } = machine;
    machine.life.abort();
    world.controlPlanes.delete(machine as RunningMachine);
    Object.assign(machine, { boot: { stage: 'off' }, says: '', criReady: false, apidReady: false, etcdUp: false, joined: undefined });
    void doorsOf().settle(machine);
    world.changed();
    if (joined !== undefined) void workloads.notice(joined, powered.id);
  };
  /** Unless the machine was switched off meanwhile. */
  const onceAnswered = async (machine: RunningMachine, act: () => void): Promise<void> => {
    const { signal } = machine.life;
    await clock.sleep(answeredMs, signal);
    if (!signal.aborted) act();
  };
  const restart = (machine: FakeMachine): void => {
    stop(machine);
    start(machine, clock.now() + paces.bootMs);
  };
  return {
    start,
    stop,
    reboot: (machine) => void onceAnswered(machine, () => restart(machine)),
    shutdown: (machine) => void onceAnswered(machine, () => stop(machine)),
    reset: (machine, reboot) =>
      void onceAnswered(machine, () => {
        world.disks.put(machine.powered.id, { bootedAt: machine.powered.bootedAt });
        if (reboot) restart(machine);
        else stop(machine);
      }),
  };
}
