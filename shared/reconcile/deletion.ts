import type { Kind } from '../kinds/define-kind.ts';
import { finalizersFor, isBeingDeleted, isHeld, type Propagation, terminating } from '../kinds/deletion.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { Store } from '../store/store.ts';

/**
 * Deletes as Kubernetes does: while finalizers are left the object is only marked, and the last who takes its
 * finalizer away removes it. Marking twice changes nothing. Returns the marked object, or undefined when it is gone.
 */
export async function beginDeletion<T extends KubeObject>(
  store: Store,
  kind: Kind<T>,
  object: T,
  now: number,
  propagation?: Propagation,
): Promise<T | undefined> {
  if (isBeingDeleted(object) && isHeld(object)) return object;
  const marked = terminating(object, finalizersFor(kind as Kind, object, propagation), now);
  if (isHeld(marked)) return store.update(kind, marked, kind.reconciled ? { dueAt: now } : {});
  await store.remove(kind, object);
  return undefined;
}

/** Stores a changed object, or removes it when it was being deleted and its last finalizer is gone. */
export async function storeOrRemove<T extends KubeObject>(store: Store, kind: Kind<T>, object: T, now: number): Promise<T | undefined> {
  if (isBeingDeleted(object) && !isHeld(object)) {
    await store.remove(kind, object);
    return undefined;
  }
  return store.update(kind, object, kind.reconciled ? { dueAt: now } : {});
}
