import type { Kind } from '../kinds/define-kind.ts';
import { type KubeObject, timestamp } from '../kinds/object.ts';
import type { Store } from '../store/store.ts';

/**
 * Deletes as Kubernetes does: while finalizers are left the object is only marked, and the last who takes its
 * finalizer away removes it. Marking twice changes nothing. Returns the marked object, or undefined when it is gone.
 */
export async function beginDeletion<T extends KubeObject>(store: Store, kind: Kind<T>, object: T, now: number): Promise<T | undefined> {
  if ((object.metadata.finalizers ?? []).length === 0) {
    await store.remove(kind, object);
    return undefined;
  }
  if (object.metadata.deletionTimestamp !== undefined) return object;
  const metadata = {
    ...object.metadata,
    deletionTimestamp: timestamp(now),
    deletionGracePeriodSeconds: 0,
    generation: (object.metadata.generation ?? 1) + 1,
  };
  return store.update(kind, { ...object, metadata }, kind.reconciled ? { dueAt: now } : {});
}

/** Stores a changed object, or removes it when it was being deleted and its last finalizer is gone. */
export async function storeOrRemove<T extends KubeObject>(store: Store, kind: Kind<T>, object: T, now: number): Promise<T | undefined> {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp !== undefined && finalizers.length === 0) {
    await store.remove(kind, object);
    return undefined;
  }
  return store.update(kind, object, kind.reconciled ? { dueAt: now } : {});
}
