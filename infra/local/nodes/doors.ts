import { openApid } from './apid.ts';
import type { Door } from './door.ts';
import { openKubeApiserver } from './kube-apiserver.ts';
import type { MachineActions } from './talos-service.ts';
import type { Workload } from './workload.ts';
import { type FakeMachine, isControlPlane, membershipOf, type RunningMachine, type World } from './world.ts';

/** The servers of control-plane machines, at their external addresses. */
export interface Doors {
  /** Opens what should listen now and closes the rest; never rejects. Calls for one machine follow each other. */
  settle(machine: FakeMachine): Promise<void>;
}

/** An address that a machine has just given up may still be held for a moment; one that another program has stays taken. */
const tries = { count: 25, everyMs: 200 } as const;

export function createDoors(world: World, workloadOf: (cluster: string) => Workload, actions: () => MachineActions): Doors {
  const openers = {
    apid: (machine: RunningMachine, address: string) => openApid(world, machine, address, actions()),
    kubernetes: (machine: RunningMachine, address: string) =>
      openKubeApiserver(world, machine, address, workloadOf(membershipOf(world, machine)?.cluster.id ?? '')),
  };
  const open = new Map<FakeMachine, Map<keyof typeof openers, Door>>();
  const settling = new Map<FakeMachine, Promise<void>>();

  const settleOne = async (machine: FakeMachine, name: keyof typeof openers): Promise<void> => {
    const doors = open.get(machine) ?? new Map<keyof typeof openers, Door>();
    open.set(machine, doors);
    for (let tried = 0; ; tried++) {
      const wanted = isControlPlane(machine) && shouldListen(world, machine)[name] ? machine.externalAddress : undefined;
      const door = doors.get(name);
      if (door?.address === wanted) return;
      doors.delete(name);
      await door?.close();
      if (wanted === undefined || !isControlPlane(machine)) return;
      try {
        doors.set(name, await openers[name](machine, wanted));
      } catch (error) {
        machine.says = `${name} cannot listen at ${wanted}: ${error instanceof Error ? error.message : error}`;
        if (tried === tries.count || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
          world.log.error('a fake machine cannot listen', { machine: machine.powered.id, why: machine.says });
          return;
        }
        await world.clock.sleep(tries.everyMs, machine.life.signal);
      }
    }
  };

  return {
    settle(machine) {
      const settled = (settling.get(machine) ?? Promise.resolve())
        .then(() => settleOne(machine, 'apid'))
        .then(() => settleOne(machine, 'kubernetes'));
      settling.set(machine, settled);
      return settled;
    },
  };
}

/** Etcd must vote before the Kubernetes API of its machine starts. That a quorum is missing shows in the answers. */
function shouldListen(world: World, machine: FakeMachine): Record<'apid' | 'kubernetes', boolean> {
  const membership = membershipOf(world, machine);
  return { apid: machine.apidReady, kubernetes: machine.etcdUp && membership !== undefined && !membership.member.isLearner };
}
