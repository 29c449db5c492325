import type { Kind } from './define-kind.ts';

/** Groups of Kubernetes itself. */
const groups = new Set([
  ...['', 'apiextensions.k8s.io', 'apps', 'authentication.k8s.io', 'authorization.k8s.io'],
  ...['events.k8s.io', 'policy', 'rbac.authorization.k8s.io'],
]);

/** Those of them whose objects have no `metadata.generation`: upstream counts changes only where somebody carries them out. */
const uncounted = new Set(['', 'events.k8s.io', 'rbac.authorization.k8s.io']);

/** Where the count of changes of an object begins. Undefined: changes of this kind are not counted. */
export const firstGeneration = ({ group }: Pick<Kind, 'group'>): 1 | undefined => (uncounted.has(group) ? undefined : 1);

/** Whether clients have the kind compiled in, and upstream's rules for it count. All others are custom resources to them. */
export const isBuiltIn = ({ group }: Pick<Kind, 'group'>): boolean => groups.has(group);
