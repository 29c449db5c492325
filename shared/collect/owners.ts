import type { Kind } from '../kinds/define-kind.ts';
import { waitsFor } from '../kinds/deletion.ts';
import type { Dependents, Owned, OwnerState } from '../kinds/garbage.ts';
import { kindNamed } from '../kinds/index.ts';
import type { KubeObject, ObjectName, OwnerReference } from '../kinds/object.ts';
import type { Store } from '../store/store.ts';
import { type Known, shownDependents } from './dependents.ts';

type Reads = Pick<Store, 'get'>;

interface Named extends ObjectName {
  readonly kind: Kind;
}

/** Where the owner is, if it is; undefined: its kind is not served, or it would be in a namespace and its dependent is in none. */
function placeOf({ apiVersion, kind, name }: OwnerReference, dependent: KubeObject): Named | undefined {
  const slash = apiVersion.indexOf('/');
  const found = kindNamed(slash < 0 ? '' : apiVersion.slice(0, slash), kind);
  const namespace = found?.scope === 'Namespaced' ? (dependent.metadata.namespace ?? '') : '';
  return found === undefined || (found.scope === 'Namespaced' && namespace === '') ? undefined : { kind: found, namespace, name };
}

/** The owner itself, if it is there with this uid. */
async function ownerOf(store: Reads, reference: OwnerReference, place: Named): Promise<Known | undefined> {
  // DynamoDB takes no longer key: nothing has such a name.
  if (Buffer.byteLength(place.name) > 1024) return undefined;
  const found = await store.get(place.kind, place);
  return found?.metadata.uid === reference.uid ? { kind: place.kind, object: found } : undefined;
}

/** What each owner of an object is now. */
export function ownersOf(store: Reads, object: KubeObject): Promise<Owned[]> {
  return Promise.all((object.metadata.ownerReferences ?? []).map(async (owner) => ({ owner, state: await stateOf(store, owner, object) })));
}

async function stateOf(store: Reads, owner: OwnerReference, dependent: KubeObject): Promise<OwnerState> {
  const place = placeOf(owner, dependent);
  if (place === undefined) return 'unknown';
  const found = await ownerOf(store, owner, place);
  if (found === undefined) return 'absent';
  return waitsFor(found.kind, found.object) === 'foregroundDeletion' ? 'waiting' : 'there';
}

/** The owners of an object that wait until their dependents are gone. */
export async function waitingOwners(store: Store, object: KubeObject): Promise<Known[]> {
  const found = await Promise.all(
    (object.metadata.ownerReferences ?? []).map((reference) => {
      const place = placeOf(reference, object);
      return place && ownerOf(store, reference, place);
    }),
  );
  return found.filter((owner) => owner !== undefined).filter(({ kind, object: owner }) => waitsFor(kind, owner) !== undefined);
}

/** What an object owns itself, for an object that somebody waits for. */
export async function dependentsInShort(store: Store, known: Known): Promise<Dependents> {
  const dependents = await shownDependents(store, known);
  if (dependents.length === 0) return 'none';
  const above = await waitingAbove(store, known.object);
  return dependents.some(({ object }) => above.has(object.metadata.uid ?? '')) ? 'circular' : 'some';
}

/** The uids of all that waits for an object: its owners, their owners, and so on. */
async function waitingAbove(store: Store, object: KubeObject): Promise<ReadonlySet<string>> {
  const above = new Set<string>();
  let next = [object];
  while (next.length > 0) {
    const owners = (await Promise.all(next.map((one) => waitingOwners(store, one)))).flat().map((owner) => owner.object);
    next = owners.filter(({ metadata }) => !above.has(metadata.uid ?? ''));
    for (const { metadata } of next) above.add(metadata.uid ?? '');
  }
  return above;
}
