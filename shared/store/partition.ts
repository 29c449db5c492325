import { Invalid } from '../errors.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { ObjectName } from '../kinds/object.ts';

/** The objects of one kind in one namespace share a partition of the table: `machines.cluster.k8s.io/default`, `namespaces./`. */
export function partitionOf(kind: Pick<Kind, 'plural' | 'group' | 'scope'>, namespace: string): string {
  if (kind.scope === 'Namespaced' && namespace === '')
    throw new Invalid(`${kind.plural} live in namespaces: say in which`, {
      causes: [{ field: 'metadata.namespace', message: 'write one' }],
    });
  return `${resourceOf(kind)}/${kind.scope === 'Cluster' ? '' : namespace}`;
}

/** A kind's part of the partition key: `machines.cluster.k8s.io`. */
export const resourceOf = (kind: Pick<Kind, 'plural' | 'group'>): string => `${kind.plural}.${kind.group}`;

export interface PartitionParts {
  readonly plural: string;
  readonly group: string;
  readonly namespace: string;
}

/** What a partition key says; no plural has a dot, no group and no namespace a slash. */
export function partsOf(partition: string): PartitionParts {
  const dot = partition.indexOf('.');
  const slash = partition.indexOf('/');
  return { plural: partition.slice(0, dot), group: partition.slice(dot + 1, slash), namespace: partition.slice(slash + 1) };
}

/** How an object is called in messages: `machines default/m-1`. */
export const spoken = (kind: Pick<Kind, 'plural'>, { namespace, name }: ObjectName): string =>
  `${kind.plural} "${namespace === '' ? name : `${namespace}/${name}`}"`;
