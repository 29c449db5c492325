import { conditionOf } from '../../shared/kinds/conditions.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { type MachineSetObject, machineSet } from '../../shared/kinds/machine-set/kind.ts';
import { controllerOf, type KubeObject, type ObjectName } from '../../shared/kinds/object.ts';
import type { Store } from '../../shared/store/store.ts';
import type { Laws } from './laws.ts';

/** How many Machines a rollout may leave available at least, and have at most. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export interface ObservedStore extends Store {
  /** From now on the Machines of this MachineDeployment must stay within bounds; undefined: no longer. */
  bound(deployment: ObjectName, bounds: Bounds | undefined): void;
}

/** The same store, with somebody who looks at each write. */
export function observed(store: Store, laws: Laws): ObservedStore {
  /** Uids by name: of what has an owner no name may ever be used twice. */
  const names = new Map<string, string>();
  /** By uid of a MachineSet: how many Machines the last turn that was taken wanted. */
  const justified = new Map<string, number>();
  const bounds = new Map<string, { readonly name: ObjectName; readonly bounds: Bounds }>();

  async function afterCreate(object: KubeObject): Promise<void> {
    const owner = controllerOf(object);
    if (object.kind !== machine.kind || owner === undefined) return;
    const { name, namespace = '', uid = '' } = object.metadata;
    const former = names.get(`${namespace}/${name}`);
    if (former !== undefined) laws.broken(`the name of Machine ${name} was used before, by ${former}`);
    names.set(`${namespace}/${name}`, uid);
    const count = (await store.ownedBy(machine, namespace, owner.uid)).length;
    const most = justified.get(owner.uid) ?? 0;
    if (count > most) laws.broken(`MachineSet ${owner.name} has ${count} Machines, and its last turn wanted ${most}`);
  }

  function afterUpdate(object: KubeObject, before: KubeObject): void {
    if (object.kind !== machineSet.kind) return;
    const [set, former] = [object as MachineSetObject, before as MachineSetObject];
    if ((set.status?.turn ?? 0) > (former.status?.turn ?? 0)) justified.set(set.metadata.uid ?? '', set.spec.replicas);
  }

  async function checkBounds(): Promise<void> {
    for (const { name, bounds: wanted } of bounds.values()) {
      const deployment = await store.get(machineDeployment, name);
      // An import has not come to it yet.
      if (deployment === undefined) continue;
      const { total, available } = await count(name, deployment.metadata.uid ?? '');
      if (available < wanted.least) laws.broken(`${name.name} has ${available} available Machines, and ${wanted.least} is the least`);
      if (total > wanted.most) laws.broken(`${name.name} has ${total} Machines, and ${wanted.most} is the most`);
    }
  }

  async function count({ namespace }: ObjectName, uid: string): Promise<{ total: number; available: number }> {
    const sets = await store.ownedBy(machineSet, namespace, uid);
    const machines = (await Promise.all(sets.map((set) => store.ownedBy(machine, namespace, set.metadata.uid ?? '')))).flat();
    const available = machines.filter(
      ({ metadata, status }) => metadata.deletionTimestamp === undefined && conditionOf(status?.conditions, 'NodeReady')?.status === 'True',
    );
    return { total: machines.length, available: available.length };
  }

  return {
    ...store,
    bound(name, wanted) {
      if (wanted === undefined) bounds.delete(`${name.namespace}/${name.name}`);
      else bounds.set(`${name.namespace}/${name.name}`, { name, bounds: wanted });
    },
    async create(kind, object, write) {
      const made = await store.create(kind, object, write);
      await afterCreate(made);
      await checkBounds();
      return made;
    },
    async update(kind, object, write) {
      const before = await store.get(kind, { namespace: object.metadata.namespace ?? '', name: object.metadata.name });
      const stored = await store.update(kind, object, write);
      afterUpdate(stored, before ?? stored);
      await checkBounds();
      return stored;
    },
    async remove(kind, object) {
      const last = await store.remove(kind, object);
      await checkBounds();
      return last;
    },
  };
}
