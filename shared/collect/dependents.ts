import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { refersTo } from '../kinds/garbage.ts';
import { kinds } from '../kinds/index.ts';
import type { KubeObject, ObjectName } from '../kinds/object.ts';
import type { Store } from '../store/store.ts';
import { forEach } from './ports.ts';

/** An object and what it is. */
export interface Known {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Kinds whose objects may have owners. What ends by itself is nobody's: Events come and go in masses. */
export const ownable: readonly Kind[] = kinds.filter(({ expiresAfter }) => expiresAfter === undefined);

/** What names an object as its owner, as far as the index shows it: as its controller, or before all others. */
export async function shownDependents(store: Store, { kind, object }: Known): Promise<Known[]> {
  const uid = object.metadata.uid ?? '';
  const places = await placesOfDependents(store, kind, object);
  const found = await forEach(places, async ({ kind: each, namespace }) =>
    (await store.dependentsOf(each, namespace, uid)).map((dependent): Known => ({ kind: each, object: dependent })),
  );
  return found.flat();
}

/** Whatever names an object among its owners: reads all that is where it could be. */
export async function allDependents(store: Store, { kind, object }: Known): Promise<Known[]> {
  const uid = object.metadata.uid ?? '';
  const found: Known[] = [];
  for (const { kind: each, namespace } of await placesOfDependents(store, kind, object))
    for await (const page of pages(store, each, namespace))
      found.push(...page.filter((one) => refersTo(one, uid)).map((dependent): Known => ({ kind: each, object: dependent })));
  return found;
}

interface Place {
  readonly kind: Kind;
  readonly namespace: string;
}

/** What is in a namespace owns only what is in the same. */
async function placesOfDependents(store: Store, owner: Kind, { metadata }: KubeObject): Promise<Place[]> {
  const inside = ownable.filter(({ scope }) => scope === 'Namespaced');
  if (owner.scope === 'Namespaced') return inside.map((kind) => ({ kind, namespace: metadata.namespace ?? '' }));
  const { items: namespaces } = await store.list(namespaceKind);
  return [
    ...ownable.filter(({ scope }) => scope === 'Cluster').map((kind) => ({ kind, namespace: '' })),
    ...namespaces.flatMap(({ metadata: { name } }) => inside.map((kind) => ({ kind, namespace: name }))),
  ];
}

/** The objects of one kind in one namespace, 500 at a time. */
export async function* pages(store: Store, kind: Kind, namespace: string): AsyncGenerator<KubeObject[], void> {
  let after: ObjectName | undefined;
  do {
    const page = await store.list(kind, { namespace, limit: 500, ...(after !== undefined && { after }) });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}
