import type { Kind } from '../kinds/define-kind.ts';
import { type KubeObject, nameOf } from '../kinds/object.ts';
import { encodeBody } from './body.ts';
import { type Draft, endingOf, type Item, indexKeysOf, itemOf } from './item.ts';
import { labelsOf } from './lineage.ts';
import { partitionOf } from './partition.ts';
import type { Sealer } from './seal.ts';
import type { Replaced, State } from './state.ts';
import type { Woken } from './store.ts';

/** An object or tombstone in memory. Never changed, only replaced. */
export interface Shelved {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly version: number;
  readonly createdVersion: number;
  readonly labelsVersion: number;
  /** JSON without the version: parsed anew for each reader. */
  readonly json: string;
  readonly owner?: string;
  readonly cluster?: string;
  readonly dueAt?: number;
  readonly expiresAt?: number;
  readonly deletedAt?: number;
  readonly wakes?: Woken;
  readonly owned?: true;
  readonly replaced?: Replaced;
}

/** The objects of each kind and namespace by name. */
export interface Shelves {
  at(kind: Pick<Kind, 'group' | 'kind'>, namespace: string): Map<string, Shelved>;
  /** Tombstones and objects of these kinds whose time is over. */
  ended(kinds: readonly Kind[], now: number): { readonly kind: Kind; readonly namespace: string; readonly shelved: Shelved }[];
}

export function createShelves(): Shelves {
  const shelves = new Map<string, Map<string, Shelved>>();
  const prefixOf = ({ group, kind }: Pick<Kind, 'group' | 'kind'>): string => `${group}/${kind}/`;
  return {
    ended: (kinds, now) =>
      kinds.flatMap((kind) =>
        [...shelves]
          .filter(([key]) => key.startsWith(prefixOf(kind)))
          .flatMap(([, shelf]) => [...shelf.values()])
          .filter(({ expiresAt }) => expiresAt !== undefined && expiresAt <= now)
          .map((shelved) => ({ kind, namespace: shelved.namespace, shelved })),
      ),
    at(kind, namespace) {
      const key = `${prefixOf(kind)}${namespace}`;
      const shelf = shelves.get(key) ?? new Map<string, Shelved>();
      shelves.set(key, shelf);
      return shelf;
    },
  };
}

export const isThere = ({ deletedAt, expiresAt }: Shelved, now: number): boolean =>
  deletedAt === undefined && (expiresAt === undefined || now < expiresAt);

/** JSON as it is shelved, and the index keys. */
export function written(object: KubeObject): Pick<Shelved, 'json' | 'owner' | 'cluster'> {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { json: JSON.stringify({ ...object, metadata }), ...indexKeysOf(object) };
}

export const sameLabels = (a: KubeObject, b: KubeObject): boolean => labelsOf(a) === labelsOf(b);

export function read<T extends KubeObject>({ json, version }: Shelved): T {
  const object = JSON.parse(json) as T;
  object.metadata.resourceVersion = String(version);
  return object;
}

export const stateOf = (shelved: Shelved, partition: string): State => ({
  partition,
  namespace: shelved.namespace,
  name: shelved.name,
  uid: shelved.uid,
  version: shelved.version,
  createdVersion: shelved.createdVersion,
  labelsVersion: shelved.labelsVersion,
  deleted: shelved.deletedAt !== undefined,
  ...(shelved.replaced !== undefined && { replaced: shelved.replaced }),
  text: async () => shelved.json,
});

/** An object that was shelved before, in another process: with the uid and version that it had. */
export function restored(object: KubeObject): Shelved {
  const { uid = '', resourceVersion = '0', creationTimestamp = '' } = object.metadata;
  const version = Number(resourceVersion);
  // Versions begin with milliseconds; the second of its creation is near enough to tell old from new.
  const createdVersion = Math.min(version, Date.parse(creationTimestamp) * 4096 || version);
  return { ...nameOf(object), ...written(object), uid, version, createdVersion, labelsVersion: version };
}

/** The item that the other store would put. */
export async function itemFor(kind: Kind, shelved: Shelved, id: Uint8Array, sealer: Sealer): Promise<Item> {
  const place = { partition: partitionOf(kind, shelved.namespace), name: shelved.name, uid: shelved.uid };
  const object = JSON.parse(shelved.json) as KubeObject;
  const draft: Draft = {
    ...shelved,
    ...place,
    body: await encodeBody(kind, object, place, sealer),
    ...(shelved.deletedAt === undefined && endingOf(kind, object)),
  };
  const { createdVersion, labelsVersion, replaced } = shelved;
  return itemOf(
    draft,
    { version: shelved.version, id },
    { createdVersion, labelsVersion, ...(replaced && { replaced }), writes: new Uint8Array() },
  );
}
