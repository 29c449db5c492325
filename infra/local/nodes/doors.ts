import { openApid } from './apid.ts';
import { openKubeApiserver } from './kube-apiserver.ts';
import type { MachineActions } from './talos-service.ts';
import type { Workload } from './workload.ts';
import { type DoorName, type FakeMachine, isControlPlane, membershipOf, type RunningMachine, type World } from './world.ts';

/** The servers of control-plane machines, at their external addresses. */
export interface Doors {
  /** Opens what should listen now and closes the rest; never rejects. Calls for one machine follow each other. */
  settle(machine: FakeMachine): Promise<void>;
}

/** An address that a machine has just given up may still be held for a moment; one that another program has stays taken. */
const tries = { count: 25, everyMs: 200 } as const;

export function createDoors(world: World, workloadOf: (cluster: string) => Workload, actions: MachineActions): Doors {
  const openers = {
    apid: (machine: RunningMachine, address: string) => openApid(world, machine, address, actions),
    kubernetes: (machine: RunningMachine, address: string) =>
      openKubeApiserver(world, machine, address, workloadOf(membershipOf(world, machine)?.cluster.id ?? '')),
  };
  const settling = new WeakMap<FakeMachine, Promise<void>>();

  const settleDoor = async (machine: FakeMachine, name: DoorName): Promise<void> => {
    for (let tried = 0; ; tried++) {
      const door = machine.doors[name];
      const wanted = shouldListen(world, machine, name) ? machine.externalAddress : undefined;
      if (door?.address === wanted) return;
      delete machine.doors[name];
      await door?.close();
      if (wanted === undefined || wanted === machine.deaf?.address || !isControlPlane(machine)) return;
      try {
        machine.doors[name] = await openers[name](machine, wanted);
        machine.deaf = undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && tried < tries.count) {
          await world.clock.sleep(tries.everyMs, machine.life.signal);
          continue;
        }
        machine.deaf = { address: wanted, says: `${name} cannot listen: ${error instanceof Error ? error.message : error}` };
        world.log.error('a fake machine cannot listen', { machine: machine.powered.id, ...machine.deaf });
      }
    }
  };

  return {
    settle(machine) {
      const settled = (settling.get(machine) ?? Promise.resolve())
        .then(() => settleDoor(machine, 'apid'))
        .then(() => settleDoor(machine, 'kubernetes'));
      settling.set(machine, settled);
      return settled;
    },
  };
}

/** Etcd must vote before the Kubernetes API of its machine starts. That a quorum is missing shows in the answers. */
function shouldListen(world: World, machine: FakeMachine, name: DoorName): boolean {
  if (!isControlPlane(machine)) return false;
  return name === 'apid' ? machine.apidReady : machine.etcdUp && membershipOf(world, machine)?.member.isLearner === false;
}
