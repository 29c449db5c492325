import { type Alias, apiVersionOf, type Kind } from './define-kind.ts';
import type { KubeObject } from './object.ts';

/** Objects of one kind in the group and version in which they are stored, and in those in which they are served as well. */

const known = new WeakMap<Kind, readonly Kind[]>();

/** The kind, and its aliases as kinds. */
export function servedAs(kind: Kind): readonly Kind[] {
  let served = known.get(kind);
  if (served === undefined) {
    served = [kind, ...(kind.aliases ?? []).map((alias) => aliasKind(kind, alias))];
    known.set(kind, served);
  }
  return served;
}

function aliasKind(kind: Kind, { renamed: _, ...alias }: Alias): Kind {
  const { aliases: __, ...face } = kind;
  const made: Kind = {
    ...face,
    ...alias,
    // Of two resources with one short name kubectl takes the first, with a warning each time.
    shortNames: [],
    aliasOf: kind,
    columns: kind.columns.map((column) => ({ ...column, value: (object) => column.value(toStored(made, object)) })),
  };
  return Object.freeze(made);
}

/** The kind as which objects of this one are stored: itself, unless it is an alias. */
export const storedKind = <T extends KubeObject>(kind: Kind<T>): Kind<T> => (kind.aliasOf as Kind<T> | undefined) ?? kind;

/** An object of this kind as it is stored. */
export const toStored = <T extends KubeObject>(kind: Kind, object: T): T =>
  kind.aliasOf === undefined ? object : rename(object, kind.aliasOf, renamer(kind, kind.aliasOf));

/** A stored object as one of this kind. */
export const toServed = <T extends KubeObject>(kind: Kind, object: T): T =>
  kind.aliasOf === undefined ? object : rename(object, kind, renamer(kind.aliasOf, kind));

/** The kind that has the same objects as this one in another group and version. Undefined: there is none. */
export const sameObjectsIn = (kind: Kind, apiVersion: string): Kind | undefined =>
  servedAs(storedKind(kind)).find((served) => apiVersionOf(served) === apiVersion);

/** From the name of a field at the top of an object of one kind to the one that it has in another with the same objects. */
export function renamer(from: Kind, to: Kind): (field: string) => string {
  const stored = new Map(Object.entries(renamedIn(from)).map(([here, there]) => [there, here]));
  const served = new Map(Object.entries(renamedIn(to)));
  return (field) => {
    const name = stored.get(field) ?? field;
    return served.get(name) ?? name;
  };
}

const renamedIn = ({ group, version, aliasOf }: Kind): Alias['renamed'] =>
  aliasOf?.aliases?.find((alias) => alias.group === group && alias.version === version)?.renamed ?? {};

function rename<T extends KubeObject>({ apiVersion: _, kind, metadata, ...fields }: T, to: Kind, name: (field: string) => string): T {
  const renamed = Object.fromEntries(Object.entries(fields).map(([field, value]) => [name(field), value]));
  return { apiVersion: apiVersionOf(to), kind, metadata, ...renamed } as unknown as T;
}
