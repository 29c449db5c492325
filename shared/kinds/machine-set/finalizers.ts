import type { Operation, Target } from '../operation.ts';

/** Holds a MachineSet until its Machines are gone. */
export const machineSetFinalizer = 'machineset.cluster.k8s.io';

interface Owner extends Target {
  readonly finalizers: readonly string[];
}

interface Child {
  readonly name: string;
  readonly uid: string;
  readonly deleting: boolean;
}

/** Asks that the children be set free instead of deleted (`kubectl delete --cascade=orphan`). */
const orphan = 'orphan';
/** Asks that the owner stay until its children are gone (`--cascade=foreground`): ours always do. */
const foreground = 'foregroundDeletion';

/** An update that adds the finalizer, if it is not there: without it the children would outlive their owner. */
export function holdBack(owner: Owner, finalizer: string, because: string): Operation[] {
  if (owner.finalizers.includes(finalizer)) return [];
  const { kind, name, uid } = owner;
  return [{ op: 'update', target: { kind, name, uid }, change: { finalizers: [...owner.finalizers, finalizer] }, because }];
}

/**
 * Deletes the children of an owner that is being deleted, and lets the owner go when the last is gone. Children that
 * are to be orphaned are set free first: the owner has none then.
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
  const remaining = finalizers.filter((each) => ![finalizer, foreground, orphan].includes(each));
  if (remaining.length === finalizers.length) return [];
  return [{ op: 'update', target: { kind, name, uid }, change: { finalizers: remaining }, because: `no ${childKind} of it is left` }];
}
