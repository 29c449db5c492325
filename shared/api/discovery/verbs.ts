import type { Kind } from '../../kinds/define-kind.ts';
import type { Subresource, Verb } from '../call.ts';
import { scaleType } from '../verbs/scale.ts';

/** What discovery says of kinds: one description, from which both of its forms are made. */

export interface DescribedSubresource {
  readonly name: string;
  readonly type: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly Verb[];
}

const everyVerb: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What can be done to the objects of a kind. */
export const verbsOf = ({ verbs = everyVerb }: Kind): readonly Verb[] => verbs;

const readAndWrite: readonly Verb[] = ['get', 'patch', 'update'];

export function subresourcesOf(kind: Kind, extra: readonly Subresource[]): DescribedSubresource[] {
  const { group, version } = kind;
  return [
    ...(kind.subresources.status ? [{ name: 'status', type: { group, version, kind: kind.kind }, verbs: readAndWrite }] : []),
    ...(kind.subresources.scale ? [{ name: 'scale', type: scaleType, verbs: readAndWrite }] : []),
    ...extra.filter((e) => e.kind === kind).map((e) => ({ name: e.name, type: e.body, verbs: ['create'] as const })),
  ];
}

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly kinds: readonly Kind[];
}

/** The kinds by group and version, in the order in which the groups first appear. */
export function groupVersions(kinds: readonly Kind[]): GroupVersion[] {
  const byKey = Map.groupBy(kinds, (kind) => `${kind.group}/${kind.version}`);
  return [...byKey.values()].map((members) => ({ group: members[0]!.group, version: members[0]!.version, kinds: members }));
}
