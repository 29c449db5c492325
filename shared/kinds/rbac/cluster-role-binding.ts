import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { rbacGroup } from './policy-rule.ts';
import { bindingCauses, bindingColumns, bindingFields, roleRefChange, withGroups } from './subjects.ts';

export const clusterRoleBinding = defineKind({
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  scope: 'Cluster',
  names: 'PathSegment',
  description: 'Who may do everywhere what a ClusterRole says.',
  schema: bindingFields,
  columns: bindingColumns,
  validate: (binding) => bindingCauses(binding, 'Cluster'),
  validateChange: roleRefChange,
  toStored: withGroups,
});
export type ClusterRoleBindingObject = ObjectOfKind<typeof clusterRoleBinding>;
