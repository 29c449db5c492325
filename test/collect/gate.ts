import { configMap } from '../../shared/kinds/core/config-map.ts';
import { blocks, refersTo } from '../../shared/kinds/garbage.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { Store } from '../../shared/store/store.ts';

export interface Gate {
  /** What the collector has of the store: each call waits at the gate. */
  readonly store: Store;
  /** Lets the call through that waits longest. */
  step(): void;
  /** None of those that wait ever goes on. */
  shut(): void;
}

/** Lets the collector's calls through one by one, and writes down what it should not have done. */
export function gate(store: Store, wrongs: string[]): Gate {
  let waiting: (() => void)[] = [];
  const pass = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
    return async (...args: Args): Promise<T> => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return call(...args);
    };
  };
  const checked: Store = {
    ...store,
    async update(kind, object, write) {
      if (object.metadata.deletionTimestamp !== undefined) wrongs.push(...(await wrongsOfDeletion(store, object)));
      return store.update(kind, object, write);
    },
    async remove(kind, object) {
      wrongs.push(...(await wrongsOfDeletion(store, object)));
      wrongs.push(...(await wrongsOfEnd(store, object)));
      return store.remove(kind, object);
    },
  };
  return {
    store: {
      ...store,
      get: pass(store.get) as Store['get'],
      list: pass(store.list) as Store['list'],
      dependentsOf: pass(store.dependentsOf) as Store['dependentsOf'],
      update: pass(checked.update) as Store['update'],
      remove: pass(checked.remove) as Store['remove'],
    },
    step: () => waiting.shift()?.(),
    shut: () => {
      waiting = [];
    },
  };
}

/** The ConfigMaps that there are. */
export const live = async (store: Store): Promise<KubeObject[]> => (await store.list(configMap, { namespace: 'default' })).items;

const at = ({ metadata: { name } }: KubeObject) => ({ namespace: 'default', name });

/** Who is deleted for want of an owner, marked or at once, has none that lives. */
async function wrongsOfDeletion(store: Store, object: KubeObject): Promise<string[]> {
  const stored = await store.get(configMap, at(object));
  if (stored?.metadata.resourceVersion !== object.metadata.resourceVersion || stored?.metadata.deletionTimestamp !== undefined) return [];
  const owners = (stored?.metadata.ownerReferences ?? []).map(({ uid }) => uid);
  return (await live(store))
    .filter(({ metadata: { uid = '', finalizers = [] } }) => owners.includes(uid) && !finalizers.includes('foregroundDeletion'))
    .map(({ metadata }) => `${object.metadata.name} was deleted, and its owner ${metadata.name} is there`);
}

/** Who waits goes only when those are gone, or free, for whom it waits. */
async function wrongsOfEnd(store: Store, object: KubeObject): Promise<string[]> {
  const { uid = '', finalizers = [], name } = (await store.get(configMap, at(object)))?.metadata ?? { name: '' };
  return (await live(store)).flatMap((other) => [
    ...(finalizers.includes('orphan') && refersTo(other, uid) ? [`${name} went before ${other.metadata.name} was free`] : []),
    ...(finalizers.includes('foregroundDeletion') && blocks(other, uid) ? [`${name} went before ${other.metadata.name}`] : []),
  ]);
}
