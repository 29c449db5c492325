import { machineUidAnnotation } from '../../shared/bootstrap/bootstrap.ts';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { conditionOf } from '../../shared/kinds/conditions.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { type MachineObject, machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import type { CloudInstance } from './account.ts';
import { aCluster, aMaster, type CloudName, reserved, workers } from './objects.ts';
import type { Simulation } from './simulation.ts';

/** What a story looks at. */

export const isReady = ({ status }: MachineObject): boolean => conditionOf(status?.conditions, 'Ready')?.status === 'True';

/** What the Machine's Ready condition says. */
export function whyNotReady({ status }: MachineObject): string {
  const ready = conditionOf(status?.conditions, 'Ready');
  return `${ready?.reason}: ${ready?.message}`;
}

export const instancesOf = ({ clouds }: Simulation): CloudInstance[] =>
  Object.values(clouds).flatMap(({ instances }) => instances.filter(({ goneAt }) => goneAt === Number.POSITIVE_INFINITY));

/** All that is not at rest, in words: what is not Ready, what belongs to nobody, what still runs or waits. */
export async function unsettled(plane: Simulation): Promise<string[]> {
  const machines = await plane.machines();
  const known = new Set(machines.map(({ metadata }) => metadata.uid));
  const due = await overdue(plane);
  return [
    ...machines.filter((one) => !isReady(one)).map((one) => `Machine ${one.metadata.name} is not ready: ${whyNotReady(one)}`),
    ...instancesOf(plane)
      .filter(({ machineUid }) => !known.has(machineUid))
      .map(({ id, machineName }) => `instance ${id} lost its Machine ${machineName}`),
    ...plane.fleet
      .nodes()
      .filter(({ metadata }) => !known.has(metadata.annotations?.[machineUidAnnotation]))
      .map(({ metadata }) => `Node ${metadata.name} lost its Machine`),
    ...plane
      .executions()
      .filter(({ status }) => status === 'RUNNING')
      .map(({ name }) => `execution ${name} still runs`),
    ...due.map((name) => `${name} should have been looked at`),
  ];
}

async function overdue({ store, now }: Simulation): Promise<string[]> {
  const { items } = await store.list(namespace);
  const found: string[] = [];
  for (const kind of kinds.filter(({ reconciled }) => reconciled))
    for (const { metadata } of items)
      for (const { name } of await store.due(kind, metadata.name, now())) found.push(`${kind.kind} ${metadata.name}/${name}`);
  return found;
}

/** So many Machines, all of them Ready, and nothing that still moves. What costs least is looked at first. */
export const allAreReady = (plane: Simulation, count: number) => async (): Promise<boolean> => {
  if (plane.executions().some(({ status }) => status === 'RUNNING')) return false;
  return (await plane.machines()).length === count && (await unsettled(plane)).length === 0;
};

/** The MachineDeployment says of what it is now that all its Machines are made from it. */
export const isRolledOut = (plane: Simulation, name: string) => async (): Promise<boolean> => {
  const { metadata, spec, status } = await plane.get(machineDeployment, name);
  const counts = [status?.replicas, status?.updatedReplicas, status?.availableReplicas];
  return status?.observedGeneration === metadata.generation && counts.every((count) => count === spec.replicas);
};

export interface Size {
  readonly masters?: number;
  readonly workers?: Partial<Record<CloudName, number>>;
}

/** Applies Cluster `c`, its masters and its workers, as a user would: all at once. */
export async function applyCluster(plane: Simulation, { masters = 1, workers: of = { east: 3 } }: Size = {}): Promise<number> {
  await plane.apply(cluster, aCluster('c', reserved.slice(0, masters)));
  for (let i = 0; i < masters; i++) await plane.apply(machine, aMaster('c', i));
  let count = masters;
  for (const [platform, replicas] of Object.entries(of) as [CloudName, number][]) {
    await plane.apply(machineDeployment, workers('c', platform, replicas));
    count += replicas;
  }
  return count;
}

/** The same, and waits until all are Ready. */
export async function raiseCluster(plane: Simulation, size: Size = {}): Promise<void> {
  const count = await applyCluster(plane, size);
  await plane.until(`all ${count} machines are ready`, allAreReady(plane, count));
}

/** Nothing of any cluster is left: no Machine, no instance, no firewall, no address in use. */
export async function nothingIsLeft(plane: Simulation): Promise<boolean> {
  if (plane.executions().some(({ status }) => status === 'RUNNING')) return false;
  const { items } = await plane.store.list(cluster);
  const { east, west } = plane.clouds;
  return (
    items.length === 0 &&
    (await plane.machines()).length === 0 &&
    instancesOf(plane).length === 0 &&
    east.firewalls.size + west.firewalls.size === 0 &&
    [...east.reserved.values()].every((user) => user === undefined) &&
    (await unsettled(plane)).length === 0
  );
}
