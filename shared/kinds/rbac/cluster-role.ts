import * as z from 'zod';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { labelSelector } from '../fields.ts';
import { policyRule, rbacGroup, ruleCauses } from './policy-rule.ts';

const aggregationRule = z
  .object({
    clusterRoleSelectors: z.array(labelSelector).min(1, 'write at least one selector').describe('ClusterRoles that any of these selects.'),
  })
  .describe('The rules of these ClusterRoles, as they are now, are part of this one.');

export const clusterRole = defineKind({
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  scope: 'Cluster',
  names: 'PathSegment',
  description: 'What may be done: everywhere, if a ClusterRoleBinding gives it, or in one namespace, if a RoleBinding does.',
  schema: z.object({
    rules: z.array(policyRule).nullish().describe('What may be done. Nothing takes a right away: what no rule allows is forbidden.'),
    aggregationRule: aggregationRule.nullish(),
  }),
  columns: [{ name: 'Created At', type: 'string', description: 'When it was created', value: (r) => r.metadata.creationTimestamp }],
  validate: ({ rules }) => ruleCauses(rules ?? [], 'Cluster'),
});
export type ClusterRoleObject = ObjectOfKind<typeof clusterRole>;
