import { namespace } from '../kinds/core/namespace.ts';
import type { Interested, Kind } from '../kinds/define-kind.ts';
import { kindNamed, kinds } from '../kinds/index.ts';
import { controllerOf, type KubeObject } from '../kinds/object.ts';
import type { Wake } from '../ports.ts';
import type { Store, Woken } from '../store/store.ts';

/** A write to the store, as its stream tells of it. */
export interface Written {
  /** The stream's own id of it. */
  readonly id: string;
  readonly kind: Kind;
  /** The object as it is now, or as it last was; of a sealed kind only its metadata. */
  readonly object: KubeObject;
  readonly deleted: boolean;
  /** Whom the writer says that it wakes; absent: all whom it may concern. */
  readonly only?: Woken;
}

/** Whom a write wakes: the object, its owner, its dependents when it is deleted, and those who said that they care. */
export async function wakesOf(written: Written, store: Store): Promise<Wake[]> {
  const { kind, object, deleted, only } = written;
  if (only === 'nobody') return [];
  const wakes: Wake[] = [];
  if (kind.reconciled && !deleted && only === undefined) wakes.push(wake(kind, object.metadata));
  const owner = controllerOf(object);
  const ownerKind =
    owner === undefined ? undefined : kindNamed(owner.apiVersion.includes('/') ? (owner.apiVersion.split('/')[0] ?? '') : '', owner.kind);
  if (owner !== undefined && ownerKind?.reconciled)
    wakes.push(wake(ownerKind, { name: owner.name, namespace: object.metadata.namespace ?? '' }));
  if (only === 'owner') return wakes;
  if (deleted) wakes.push(...(await dependents(kind, object, store)));
  for (const interested of kind.wakes(object)) wakes.push(...(await resolve(interested, store)));
  return wakes;
}

const wake = (kind: Kind, { name, namespace = '' }: { name: string; namespace?: string }): Wake => ({
  group: kind.group,
  kind: kind.kind,
  namespace,
  name,
});

async function dependents(kind: Kind, { metadata }: KubeObject, store: Store): Promise<Wake[]> {
  const owned = kinds.filter((child) => child.reconciled && kind.owns.includes(child.kind));
  const children = await Promise.all(
    owned.map(async (child) => ({ child, objects: await store.ownedBy(child, metadata.namespace ?? '', metadata.uid ?? '') })),
  );
  return children.flatMap(({ child, objects }) => objects.map((object) => wake(child, object.metadata)));
}

async function resolve(interested: Interested, store: Store): Promise<Wake[]> {
  const kind = kinds.find((k) => k.kind === interested.kind);
  if (kind === undefined) return [];
  if (interested.name !== undefined) return [wake(kind, { namespace: interested.namespace, name: interested.name })];
  if (interested.waiting) {
    const namespaces = interested.namespace === '' ? await namespaceNames(store) : [interested.namespace];
    const due = await Promise.all(namespaces.map((name) => store.due(kind, name, Number.POSITIVE_INFINITY)));
    return due.flat().map((name) => wake(kind, name));
  }
  const objects =
    interested.cluster === undefined
      ? (await store.list(kind, { namespace: interested.namespace })).items
      : await store.ofCluster(kind, interested.namespace, interested.cluster);
  return objects.sort(byOrigin).map((object) => wake(kind, object.metadata));
}

const namespaceNames = async (store: Store): Promise<string[]> => (await store.list(namespace)).items.map(({ metadata }) => metadata.name);

/** What a user made comes before what was made of it: a cluster's masters before the workers that wait for them. */
const byOrigin = (a: KubeObject, b: KubeObject): number => Number(controllerOf(a) !== undefined) - Number(controllerOf(b) !== undefined);
