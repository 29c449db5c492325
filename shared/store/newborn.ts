import { Invalid } from '../errors.ts';
import { firstGeneration } from '../kinds/built-in.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { type KubeObject, type ObjectName, timestamp } from '../kinds/object.ts';

/** The object as it begins its life, but for its version. */
export function newborn<T extends KubeObject>(kind: Kind<T>, object: T, uid: string, now: number): T {
  const { resourceVersion: _, deletionTimestamp: __, deletionGracePeriodSeconds: ___, generation: ____, ...metadata } = object.metadata;
  const generation = firstGeneration(kind);
  return { ...object, metadata: { ...metadata, uid, ...(generation && { generation }), creationTimestamp: timestamp(now) } };
}

/** The object as it goes on with a life that began elsewhere, but for its version. */
export function reborn<T extends KubeObject>(kind: Kind<T>, object: T): T & { readonly metadata: { readonly uid: string } } {
  const { resourceVersion: _, ...metadata } = object.metadata;
  const { uid } = metadata;
  if (uid === undefined || uid === '')
    throw new Invalid(`${kind.kind} "${metadata.name}" has no uid to be restored with: create it instead`);
  return { ...object, metadata: { ...metadata, uid } };
}

export const withVersion = <T extends KubeObject>(object: T, version: number): T => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(version) },
});

/** Uid and version that an update or removal was decided on. */
export function readAs(kind: Kind, object: KubeObject): { readonly uid: string; readonly version: number } {
  const { uid, resourceVersion, name } = object.metadata;
  if (uid === undefined || resourceVersion === undefined)
    throw new Invalid(`${kind.kind} "${name}" has no uid or no resourceVersion: read it before you change it`);
  return { uid, version: versionOf(resourceVersion) };
}

/** A version from its text. */
export function versionOf(resourceVersion: string): number {
  const version = /^[0-9]{1,16}$/.test(resourceVersion) ? Number(resourceVersion) : Number.NaN;
  if (!Number.isSafeInteger(version))
    throw new Invalid(`"${resourceVersion.slice(0, 40)}" is no resourceVersion: take one from an object or a list`);
  return version;
}

/** When an object of this kind ends by itself (whole seconds, as ms since 1970), if it does. */
export const endOf = (kind: Pick<Kind, 'expiresAfter'>, now: number): number | undefined =>
  kind.expiresAfter === undefined ? undefined : Math.ceil(now / 1000 + kind.expiresAfter) * 1000;

/** By name, as DynamoDB orders them. */
export const byName = (a: ObjectName, b: ObjectName): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
