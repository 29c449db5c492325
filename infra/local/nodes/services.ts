import { membershipOf, type RunningMachine, servesKubernetes, type World } from './world.ts';

/** A service of Talos, as ServiceList tells of it. */
export interface Service {
  readonly id: string;
  readonly state: 'Preparing' | 'Running' | 'Finished' | 'Failed';
  readonly healthy: boolean;
  readonly says: string;
}

/** The services of a machine whose Talos API answers. */
export function servicesOf(world: World, machine: RunningMachine): Service[] {
  const controlPlane = machine.boot.config.type === 'controlplane';
  return [
    running('apid'),
    running('containerd'),
    machine.criReady ? running('cri') : waiting('cri', 'waits for containerd'),
    ...(controlPlane ? [etcdOf(world, machine)] : []),
    kubeletOf(machine),
    running('machined'),
    ...(controlPlane ? [running('trustd')] : []),
    running('udevd'),
  ];
}

const running = (id: string): Service => ({ id, state: 'Running', healthy: true, says: 'Health check successful' });
const waiting = (id: string, says: string): Service => ({ id, state: 'Preparing', healthy: false, says });

function etcdOf(world: World, machine: RunningMachine): Service {
  const disk = world.disks.get(machine.powered.id);
  if (disk?.left) return { id: 'etcd', state: 'Finished', healthy: false, says: 'Service finished successfully' };
  if (disk?.etcd === undefined) return waiting('etcd', machine.says);
  if (membershipOf(world, machine) === undefined) return { id: 'etcd', state: 'Failed', healthy: false, says: machine.says };
  if (!machine.etcdUp) return waiting('etcd', 'starts');
  const healthy = servesKubernetes(world, machine);
  return { id: 'etcd', state: 'Running', healthy, says: healthy ? 'Health check successful' : 'etcdserver: no leader' };
}

function kubeletOf(machine: RunningMachine): Service {
  if (machine.joined !== undefined) return running('kubelet');
  // The kubelet itself starts, and tries again for ever.
  return { id: 'kubelet', state: 'Running', healthy: false, says: machine.says || 'waits for the Kubernetes API' };
}
