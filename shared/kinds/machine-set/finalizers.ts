import { orphan } from '../deletion.ts';
import { keys } from '../fields.ts';
import type { Operation, Target } from '../operation.ts';
import { isEmpty, missingFrom } from './in-place.ts';

interface Owner extends Target {
  readonly finalizers: readonly string[];
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly template: { readonly labels: Readonly<Record<string, string>> };
}

interface Child {
  readonly name: string;
  readonly uid: string;
  readonly deleting: boolean;
}

/**
 * Gives an object that somebody else made what it lacks: the finalizer, without which its children would outlive it, and
 * the label of the cluster that its template names, by which the cluster's teardown finds it.
 */
export function holdBack(owner: Owner & Labelled, finalizer: string, because: string): Operation[] {
  const { kind, name, uid, finalizers, template } = owner;
  const cluster = template.labels[keys.clusterName];
  const labels = missingFrom(owner.labels, cluster === undefined ? {} : { [keys.clusterName]: cluster });
  const held = finalizers.includes(finalizer);
  if (held && isEmpty(labels)) return [];
  const change = { ...(!held && { finalizers: [...finalizers, finalizer] }), ...(!isEmpty(labels) && { labels }) };
  return [{ op: 'update', target: { kind, name, uid }, change, because: held ? `its Machines belong to cluster ${cluster}` : because }];
}

/**
 * Deletes the children of an owner that is being deleted, and lets the owner go when the last is gone, be they to go before it or
 * not. Children that are to be orphaned are set free first: the owner has none then. What else the owner owns is the collector's.
 */
export function tearDown(owner: Owner, finalizer: string, childKind: string, children: readonly Child[]): Operation[] {
  const { kind, name, uid, finalizers } = owner;
  if (children.length > 0)
    return children.flatMap((child): Operation[] => {
      const target = { kind: childKind, name: child.name, uid: child.uid };
      if (finalizers.includes(orphan))
        return [{ op: 'update', target, change: { ownerReferences: [] }, because: `its ${kind} ${name} is deleted with --cascade=orphan` }];
      return child.deleting ? [] : [{ op: 'delete', target, because: `its ${kind} ${name} is being deleted` }];
    });
  const remaining = finalizers.filter((each) => each !== finalizer);
  if (remaining.length === finalizers.length) return [];
  return [{ op: 'update', target: { kind, name, uid }, change: { finalizers: remaining }, because: `no ${childKind} of it is left` }];
}
