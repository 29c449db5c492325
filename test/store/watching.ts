import type { Kind } from '../../shared/kinds/define-kind.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { Change, Store } from '../../shared/store/store.ts';

/** What a watcher knows: by namespace and name, uid and version. */
export type Knowledge = ReadonlyMap<string, string>;

export const placeOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
const stateOf = ({ metadata }: KubeObject): string => `${metadata.uid}@${metadata.resourceVersion}`;

/** What a watcher knows after a change; like an informer, it goes by names. */
export function learn(known: Knowledge, change: Change<KubeObject>): Knowledge {
  if (change.object === undefined) return known;
  const next = new Map(known);
  if (change.type === 'DELETED') next.delete(placeOf(change.object));
  else next.set(placeOf(change.object), stateOf(change.object));
  return next;
}

/** What there is to know. */
export async function truth(store: Store, kind: Kind, namespace?: string): Promise<Knowledge> {
  const { items } = await store.list(kind, namespace === undefined ? {} : { namespace });
  return new Map(items.map((object) => [placeOf(object), stateOf(object)]));
}

/** Changes of a watch up to the first SYNCED at or after a version; that of the first one at all if none is given. */
export async function changesUntil<T extends KubeObject>(
  store: Store,
  kind: Kind<T>,
  query: { readonly namespace?: string; readonly from?: string },
  version = '0',
): Promise<Change<T>[]> {
  const end = new AbortController();
  const changes: Change<T>[] = [];
  for await (const change of store.watch(kind, { ...query, signal: end.signal })) {
    if (change.type !== 'SYNCED') changes.push(change);
    else if (Number(change.resourceVersion) >= Number(version)) end.abort();
  }
  return changes;
}

/** Told short: `ADDED a 3`. */
export const told = (change: Change<KubeObject>): string =>
  `${change.type} ${change.object?.metadata.name} ${(change.object as { spec?: { count?: number } } | undefined)?.spec?.count ?? '-'}`;
