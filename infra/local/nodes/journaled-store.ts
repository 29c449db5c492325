import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { type KubeObject, nameOf } from '../../../shared/kinds/object.ts';
import type { Store } from '../../../shared/store/store.ts';
import type { Table } from '../clouds/cloud-state.ts';

/** Writes each object that a store holds to a table on disk, before the write is answered. */
export function journaled(store: Store, disk: Table<KubeObject>): Store {
  const kept = <T extends KubeObject>(object: T): T => {
    disk.put(idOf(object), object);
    return object;
  };
  return {
    ...store,
    create: async (kind, object, write) => kept(await store.create(kind, object, write)),
    restore: async (kind, object, write) => kept(await store.restore(kind, object, write)),
    update: async (kind, object, write) => kept(await store.update(kind, object, write)),
    async remove<T extends KubeObject>(kind: Kind<T>, object: T) {
      const removed = await store.remove(kind, object);
      disk.delete(idOf(removed));
      return removed;
    },
  };
}

/** Where an object is kept: one row each, whatever its version. */
export function idOf(object: KubeObject): string {
  const { namespace, name } = nameOf(object);
  return [object.apiVersion, object.kind, namespace, name].join(' ');
}
