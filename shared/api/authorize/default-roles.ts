import type { ClusterRoleObject } from '../../kinds/rbac/cluster-role.ts';
import { type PolicyRule, rbacGroup } from '../../kinds/rbac/policy-rule.ts';
import { everything } from './everybody.ts';

const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

/** Machines and what makes them: nothing in this group holds a secret. */
const clusterApi = 'cluster.k8s.io';
const plain = ['configmaps', 'events'];

/** Who can read Secrets can read the credentials of clouds and the keys of clusters: that is no part of looking around. */
const view: readonly PolicyRule[] = [
  { verbs: read, apiGroups: [''], resources: [...plain, 'namespaces'] },
  { verbs: read, apiGroups: ['events.k8s.io'], resources: ['events'] },
  { verbs: read, apiGroups: [clusterApi], resources: ['*'] },
];

const edit: readonly PolicyRule[] = [
  ...view,
  { verbs: [...read, ...write], apiGroups: [''], resources: ['secrets'] },
  { verbs: write, apiGroups: [''], resources: plain },
  { verbs: write, apiGroups: ['events.k8s.io'], resources: ['events'] },
  { verbs: write, apiGroups: [clusterApi], resources: ['*'] },
];

const admin: readonly PolicyRule[] = [
  ...edit,
  { verbs: [...read, ...write], apiGroups: [rbacGroup], resources: ['roles', 'rolebindings'] },
];

/** Names the roles that the plane makes. Whoever sets the annotation to "false" keeps a role as they have it. */
export const bootstrapped = { 'kubernetes.io/bootstrapping': 'rbac-defaults' } as const;
export const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate';

const aggregateTo = (name: string): Record<string, string> => ({ [`${rbacGroup}/aggregate-to-${name}`]: 'true' });

interface Aggregation {
  /** Takes in the ClusterRoles that are labelled for this role. */
  readonly of?: string;
  /** Is itself taken in by this role. */
  readonly to?: string;
}

const clusterRoleOf = (name: string, rules: readonly PolicyRule[], { of, to }: Aggregation = {}): ClusterRoleObject => ({
  apiVersion: `${rbacGroup}/v1`,
  kind: 'ClusterRole',
  metadata: {
    name,
    labels: { ...bootstrapped, ...(to !== undefined && aggregateTo(to)) },
    annotations: { [autoUpdate]: 'true' },
  },
  rules: [...rules],
  ...(of !== undefined && { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(of) }] } }),
});

/** The ClusterRoles that every plane has, as Kubernetes names them. A ClusterRole of somebody's own with label `rbac.authorization.k8s.io/aggregate-to-view: "true"` adds to `view`, and so to `edit` and `admin`. */
export const defaultRoles: readonly ClusterRoleObject[] = [
  clusterRoleOf('cluster-admin', everything),
  clusterRoleOf('admin', admin, { of: 'admin' }),
  clusterRoleOf('edit', edit, { of: 'edit', to: 'admin' }),
  clusterRoleOf('view', view, { of: 'view', to: 'edit' }),
];
