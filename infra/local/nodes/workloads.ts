import { hasQuorum } from './etcd.ts';
import { node } from './kinds/node.ts';
import { openWorkload, type Workload } from './workload.ts';
import { isUp, type Joined, type World } from './world.ts';

/** The Kubernetes clusters of a host, one per etcd cluster. */
export interface Workloads {
  /** The one whose objects this etcd cluster holds. */
  of(cluster: string): Workload;
  /** A machine went silent: some time later the node controller of its cluster says so on its Node. */
  notice(joined: Joined, machine: string): Promise<void>;
  /** Forgets the clusters whose last disk is gone. */
  forgetLost(): void;
  close(): void;
}

/** Opens those that are on disk at once. */
export function createWorkloads(world: World): Workloads {
  const open = new Map<string, Workload>();
  const closing = new AbortController();

  const of = (cluster: string): Workload => {
    const known = open.get(cluster);
    if (known !== undefined) return known;
    const hasLeader = () => {
      const members = world.etcds.get(cluster);
      return members !== undefined && hasQuorum(members, isUp(world));
    };
    const opened = openWorkload({ world, cluster, hasQuorum: hasLeader });
    open.set(cluster, opened);
    return opened;
  };
  const lose = async ({ cluster, node: name }: Joined, machine: string, isBack: () => boolean): Promise<void> => {
    await world.clock.sleep(world.paces.unreachableMs, closing.signal);
    if (!closing.signal.aborted && !isBack()) await open.get(cluster)?.nodes.makeUnreachable(name, machine);
  };
  /** Machines that were deleted in the moment in which the process was killed are not switched on again. */
  const loseThoseThatAreGone = async (cluster: string): Promise<void> => {
    for (const { metadata, status } of (await of(cluster).store.list(node)).items) {
      const machine = status?.nodeInfo?.machineID ?? '';
      void lose({ cluster, node: metadata.name }, machine, () => world.machines.has(machine));
    }
  };

  for (const { id } of world.etcds.all()) void loseThoseThatAreGone(id);
  return {
    of,
    notice: (joined, machine) => lose(joined, machine, () => world.machines.get(machine)?.joined !== undefined),
    forgetLost() {
      for (const { id, members } of world.etcds.all()) {
        if (members.some(({ machine }) => world.disks.get(machine)?.etcd?.cluster === id)) continue;
        open.get(id)?.forget();
        open.delete(id);
        world.etcds.delete(id);
      }
    },
    close() {
      closing.abort();
      for (const workload of open.values()) workload.close();
    },
  };
}
