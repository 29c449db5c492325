import * as z from 'zod';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { policyRule, rbacGroup, ruleCauses } from './policy-rule.ts';

export const role = defineKind({
  group: rbacGroup,
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  names: 'PathSegment',
  description: 'What may be done in its namespace, by whom a RoleBinding says.',
  schema: z.object({
    rules: z.array(policyRule).nullish().describe('What may be done. Nothing takes a right away: what no rule allows is forbidden.'),
  }),
  columns: [{ name: 'Created At', type: 'string', description: 'When it was created', value: (r) => r.metadata.creationTimestamp }],
  validate: ({ rules }) => ruleCauses(rules ?? [], 'Namespaced'),
});
export type RoleObject = ObjectOfKind<typeof role>;
