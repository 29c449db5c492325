import { servedAs, storedKind, toServed, toStored } from '../kinds/aliases.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { Change, Store } from '../store/store.ts';

/** The kinds that are served: those that are stored, and their aliases. */
export const servedKinds = (kinds: readonly Kind[]): readonly Kind[] => kinds.flatMap(servedAs);

/**
 * The store as it looks to those who know objects by an alias of their kind: they read and write them as the alias has them, and
 * there is one of each.
 */
export function throughAliases(store: Store): Store {
  return {
    ...store,
    async get(kind, name) {
      const object = await store.get(storedKind(kind), name);
      return object && toServed(kind as unknown as Kind, object);
    },
    async list(kind, query) {
      const page = await store.list(storedKind(kind), query);
      return { ...page, items: page.items.map((object) => toServed(kind as unknown as Kind, object)) };
    },
    create: (kind, object, write) => through(kind, object, (stored, sent) => store.create(stored, sent, write)),
    update: (kind, object, write) => through(kind, object, (stored, sent) => store.update(stored, sent, write)),
    remove: (kind, object) => through(kind, object, (stored, sent) => store.remove(stored, sent)),
    watch: (kind, query) =>
      kind.aliasOf === undefined ? store.watch(kind, query) : served(kind as unknown as Kind, store.watch(storedKind(kind), query)),
  };
}

async function through<T extends KubeObject>(kind: Kind<T>, object: T, write: (kind: Kind<T>, object: T) => Promise<T>): Promise<T> {
  const face = kind as unknown as Kind;
  return toServed(face, await write(storedKind(kind), toStored(face, object)));
}

async function* served<T extends KubeObject>(kind: Kind, changes: AsyncIterable<Change<T>>): AsyncGenerator<Change<T>> {
  for await (const change of changes) yield change.object === undefined ? change : { ...change, object: toServed(kind, change.object) };
}
