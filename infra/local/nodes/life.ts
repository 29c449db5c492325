import { admissionOf } from './admission.ts';
import { bootFrom } from './boot.ts';
import type { Doors } from './doors.ts';
import { joinEtcd, promoteEtcd } from './etcd-service.ts';
import { hostnameOf, type KubeletFacts } from './kubelet.ts';
import type { Workload } from './workload.ts';
import { type FakeMachine, isRunning, membershipOf, type RunningMachine, reachableFrom, servesKubernetes, type World } from './world.ts';

/** What the life of a machine needs beside the world. */
export interface Surroundings {
  readonly world: World;
  readonly doors: Doors;
  workloadOf(cluster: string): Workload;
}

/** Lives the life of a machine from power on, until `machine.life` ends: then it rejects with the reason of its signal. */
export async function live(around: Surroundings, machine: FakeMachine, readsConfigAt: number): Promise<void> {
  const { world } = around;
  await pause(around, machine, readsConfigAt - world.clock.now());
  machine.boot = bootFrom(machine.powered.userData, world.talosVersion);
  if ('says' in machine.boot) {
    machine.says = machine.boot.says;
    world.log.warn('a machine does not run what it was given to boot with', { machine: machine.powered.id, why: machine.says });
  }
  if (!isRunning(machine)) return;
  if (machine.boot.config.type === 'worker') await liveAsWorker(around, machine);
  else await liveAsControlPlane(around, machine);
}

async function liveAsControlPlane(around: Surroundings, machine: RunningMachine): Promise<void> {
  const { world, doors } = around;
  world.controlPlanes.add(machine);
  machine.apidReady = true;
  await doors.settle(machine);
  world.changed();
  await pause(around, machine, world.paces.criMs);
  machine.criReady = true;
  const disk = world.disks.get(machine.powered.id);
  if (disk?.left) return;
  await until(around, machine, () => world.disks.get(machine.powered.id)?.etcd !== undefined || joinEtcd(world, machine));
  await pause(around, machine, world.paces.etcdMs);
  if (membershipOf(world, machine) === undefined) {
    machine.says = 'etcd: the member has been permanently removed from the cluster';
    return;
  }
  machine.etcdUp = true;
  world.changed();
  await until(around, machine, () => promoteEtcd(world, machine) && servesKubernetes(world, machine));
  machine.says = '';
  await doors.settle(machine);
  world.changed();
  // Its kubelet talks to its own API server, whatever the endpoint.
  await joinKubernetes(around, machine, membershipOf(world, machine)?.cluster.id ?? '');
}

async function liveAsWorker(around: Surroundings, machine: RunningMachine): Promise<void> {
  const { world } = around;
  const { config } = machine.boot;
  await pause(around, machine, world.paces.criMs);
  machine.criReady = true;
  let cluster: string | undefined;
  await until(around, machine, () => {
    const admission = admissionOf(config, reachableFrom(world, config.cluster));
    machine.apidReady ||= admission.reached !== 'nothing';
    if (admission.reached === 'kubelet') cluster = admission.cluster;
    machine.says = 'says' in admission ? admission.says : '';
    return cluster !== undefined;
  });
  await joinKubernetes(around, machine, cluster ?? '');
}

async function joinKubernetes(around: Surroundings, machine: RunningMachine, cluster: string): Promise<void> {
  const { paces } = around.world;
  const facts = factsOf(around.world, machine);
  const { nodes } = around.workloadOf(cluster);
  await nodes.join(facts);
  machine.life.signal.throwIfAborted();
  machine.joined = { cluster, node: hostnameOf(facts) };
  if (machine.externalAddress !== facts.externalAddress) await nodes.readdress(factsOf(around.world, machine));
  await pause(around, machine, paces.cniMs);
  await nodes.makeReady(machine.joined.node);
}

/** What the kubelet of a machine tells now. */
export const factsOf = ({ clock, talosVersion }: World, { powered, boot, externalAddress }: RunningMachine): KubeletFacts => ({
  machine: powered,
  externalAddress,
  config: boot.config,
  talosVersion,
  now: clock.now(),
});

async function pause({ world }: Surroundings, { life }: FakeMachine, ms: number): Promise<void> {
  await world.clock.sleep(Math.max(0, ms), life.signal);
  life.signal.throwIfAborted();
}

/** Looks now and whenever something happened, until it is so. */
async function until({ world }: Surroundings, { life }: FakeMachine, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await world.nextChange(life.signal);
    life.signal.throwIfAborted();
  }
}
