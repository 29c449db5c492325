import type { Kind } from './define-kind.ts';
import { type KubeObject, timestamp } from './object.ts';

/** How what an object owns goes: before it, after it, or not at all (`kubectl delete --cascade`). */
export type Propagation = 'Foreground' | 'Background' | 'Orphan';

/** Finalizer by which an owner waits until those are gone that block its deletion. */
export const foreground = 'foregroundDeletion';
/** Finalizer by which an owner waits until it is nobody's owner any more. */
export const orphan = 'orphan';

const namesPropagation = (finalizer: string): boolean => finalizer === foreground || finalizer === orphan;

/** In `spec.finalizers` of a Namespace: what is in it must be gone first. */
const content = 'kubernetes';

const isNamespace = ({ apiVersion, kind }: KubeObject): boolean => apiVersion === 'v1' && kind === 'Namespace';

interface NamespaceFields {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: object;
}

const specFinalizers = (object: KubeObject): readonly string[] =>
  (isNamespace(object) && (object as NamespaceFields).spec?.finalizers) || [];

/** Somebody must still take a finalizer away before the object may go. */
export const isHeld = (object: KubeObject): boolean => (object.metadata.finalizers ?? []).length > 0 || specFinalizers(object).length > 0;

export const isBeingDeleted = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;

/** The finalizers of an object whose deletion is asked for. `propagation` absent: as they say already. */
export function finalizersFor(kind: Kind, { metadata }: KubeObject, propagation: Propagation | undefined): string[] {
  const present = metadata.finalizers ?? [];
  if (propagation === undefined) return present;
  const others = present.filter((finalizer) => !namesPropagation(finalizer));
  // What ends by itself owns nothing.
  if (propagation === 'Background' || kind.expiresAfter !== undefined) return others;
  return [...others, propagation === 'Foreground' ? foreground : orphan];
}

/** The object marked as being deleted since `now` (ms since 1970). A repeated deletion keeps the time of the first. */
export function terminating<T extends KubeObject>(live: T, finalizers: readonly string[], now: number): T {
  const { finalizers: _, ...metadata } = live.metadata;
  const marked = isBeingDeleted(live);
  return {
    ...live,
    ...(isNamespace(live) && !marked && closed(live)),
    metadata: {
      ...metadata,
      ...(finalizers.length > 0 && { finalizers: [...finalizers] }),
      deletionTimestamp: metadata.deletionTimestamp ?? timestamp(now),
      deletionGracePeriodSeconds: 0,
      ...(metadata.generation !== undefined && { generation: metadata.generation + (marked ? 0 : 1) }),
    },
  };
}

/** A Namespace takes nothing new from now on, and stays until it is empty: also one that was made without its finalizer. */
function closed(live: KubeObject): Required<NamespaceFields> {
  const { spec, status } = live as NamespaceFields;
  return { spec: { ...spec, finalizers: withContent(specFinalizers(live)) }, status: { ...status, phase: 'Terminating' } };
}

/** With the finalizer that every Namespace has until it is empty. */
export const withContent = (finalizers: readonly string[] = []): string[] => [...new Set([...finalizers, content])];

/** The Namespace when nothing is left in it. */
export function emptied<T extends KubeObject>(namespace: T): T {
  const { spec } = namespace as NamespaceFields;
  return { ...namespace, spec: { ...spec, finalizers: specFinalizers(namespace).filter((finalizer) => finalizer !== content) } };
}

/** The Namespace is being deleted, and what is in it must be, first. One that nothing holds has no finalizer from an older plane. */
export const isEnding = (namespace: KubeObject): boolean =>
  isBeingDeleted(namespace) && (specFinalizers(namespace).includes(content) || !isHeld(namespace));

/**
 * The object waits for its dependents: it is being deleted with the finalizer `foregroundDeletion` or `orphan`. While the finalizer of
 * its own kind is there it does not yet: a Cluster needs its Secrets until nothing of it is left in the world.
 */
export function waitsFor(kind: Kind, { metadata }: KubeObject): typeof foreground | typeof orphan | undefined {
  const finalizers = metadata.finalizers ?? [];
  if (metadata.deletionTimestamp === undefined || (kind.finalizer !== undefined && finalizers.includes(kind.finalizer))) return undefined;
  return [orphan, foreground].find((finalizer) => finalizers.includes(finalizer)) as ReturnType<typeof waitsFor>;
}
