import * as z from 'zod';
import type { Cause } from '../../errors.ts';

/** The API group of roles and bindings. */
export const rbacGroup = 'rbac.authorization.k8s.io';

export const policyRule = z
  .object({
    verbs: z
      .array(z.string())
      .describe('What may be done: get, list, watch, create, update, patch, delete, deletecollection, or * for all.'),
    apiGroups: z.array(z.string()).optional().describe('Groups of the resources; "" is the core group, * all of them.'),
    resources: z.array(z.string()).optional().describe('Resources such as machines, subresources such as machines/status, or * for all.'),
    resourceNames: z
      .array(z.string())
      .optional()
      .describe('Only objects of these names; empty: of any name. A request that names no object, such as a list, is then not allowed.'),
    nonResourceURLs: z
      .array(z.string())
      .optional()
      .describe('Paths that are no resources, such as /metrics; * at the end stands for whatever follows. In ClusterRoles only.'),
  })
  .describe('Something that may be done.');
export type PolicyRule = z.output<typeof policyRule>;

/** What Kubernetes asks of the rules of a role. Those of a Role hold in a namespace, where there are no paths. */
export const ruleCauses = (rules: readonly PolicyRule[], scope: 'Namespaced' | 'Cluster'): Cause[] =>
  rules.flatMap((rule, i) => causesOf(rule, `rules[${i}]`, scope));

function causesOf(rule: PolicyRule, at: string, scope: 'Namespaced' | 'Cluster'): Cause[] {
  const causes: Cause[] = [];
  const require = (field: string, message: string): void =>
    void causes.push({ field: `${at}.${field}`, reason: 'FieldValueRequired', message });
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (verbs.length === 0) require('verbs', 'verbs must contain at least one value');
  if (nonResourceURLs.length > 0) {
    const field = `${at}.nonResourceURLs`;
    if (scope === 'Namespaced') causes.push({ field, message: 'namespaced rules cannot apply to non-resource URLs' });
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      causes.push({ field, message: 'rules cannot apply to both regular resources and non-resource URLs' });
    return causes;
  }
  if (apiGroups.length === 0) require('apiGroups', 'resource rules must supply at least one api group');
  if (resources.length === 0) require('resources', 'resource rules must supply at least one resource');
  return causes;
}
