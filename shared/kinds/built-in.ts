import type { Kind } from './define-kind.ts';

/** Groups of Kubernetes itself. */
const groups = new Set([
  ...['', 'apiextensions.k8s.io', 'apps', 'authentication.k8s.io', 'authorization.k8s.io'],
  ...['events.k8s.io', 'policy', 'rbac.authorization.k8s.io'],
]);

/** Whether clients have the kind compiled in, and upstream's rules for it count. All others are custom resources to them. */
export const isBuiltIn = ({ group }: Pick<Kind, 'group'>): boolean => groups.has(group);
