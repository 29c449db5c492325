import { foreground, isBeingDeleted, type Propagation } from './deletion.ts';
import type { KubeObject, OwnerReference } from './object.ts';

/**
 * What is known of an owner.
 * - there: it exists, with the uid of the reference.
 * - absent: nothing has its name, or something with another uid.
 * - waiting: it is being deleted in the foreground, and goes when those are gone that block it.
 * - unknown: nobody here can say. Its kind is not served, or it lives in a namespace while its dependent lives in none.
 */
export type OwnerState = 'there' | 'absent' | 'waiting' | 'unknown';

/** What an object owns itself. 'circular': among it something that waits for the object, if only in a roundabout way. */
export type Dependents = 'none' | 'some' | 'circular';

/** What becomes of an object. Of references only those that are left are named. */
export type Verdict =
  | { readonly becomes: 'kept' }
  | { readonly becomes: 'changed'; readonly ownerReferences: readonly OwnerReference[] }
  | { readonly becomes: 'deleted'; readonly propagation: Propagation | undefined };

export interface Owned {
  readonly owner: OwnerReference;
  readonly state: OwnerState;
}

const kept: Verdict = { becomes: 'kept' };

/**
 * As Kubernetes: an object goes when all of its owners are absent, or are so but for those that wait for it. While one is there it
 * stays, and forgets the others. What is being deleted already needs no verdict, but for one that waits for itself.
 */
export function judge(object: KubeObject, owners: readonly Owned[], dependents: Dependents): Verdict {
  if (isBeingDeleted(object)) return dependents === 'circular' ? unblocked(object, owners) : kept;
  const solid = owners.filter(({ state }) => state === 'there' || state === 'unknown');
  if (solid.length === owners.length) return kept;
  if (solid.length > 0) return { becomes: 'changed', ownerReferences: solid.map(({ owner }) => owner) };
  const waiting = owners.some(({ state }) => state === 'waiting');
  // One that waits for the object would make it wait for itself.
  const inForeground = waiting && dependents === 'some';
  return { becomes: 'deleted', propagation: inForeground ? 'Foreground' : undefined };
}

/** An object that waits for its own owner lets that one go first. */
function unblocked({ metadata }: KubeObject, owners: readonly Owned[]): Verdict {
  const lets = ({ owner, state }: Owned): boolean => state === 'waiting' && owner.blockOwnerDeletion === true;
  if (!metadata.finalizers?.includes(foreground) || !owners.some(lets)) return kept;
  const ownerReferences = owners.map((owned) => (lets(owned) ? { ...owned.owner, blockOwnerDeletion: false } : owned.owner));
  return { becomes: 'changed', ownerReferences };
}

export const refersTo = ({ metadata }: KubeObject, uid: string): boolean =>
  metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;

/** The owner may not go before the object, when it is deleted in the foreground. */
export const blocks = ({ metadata }: KubeObject, uid: string): boolean =>
  metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true) === true;
