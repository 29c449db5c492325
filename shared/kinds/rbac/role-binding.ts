import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { rbacGroup } from './policy-rule.ts';
import { bindingCauses, bindingColumns, bindingFields, roleRefChange, withGroups } from './subjects.ts';

export const roleBinding = defineKind({
  group: rbacGroup,
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  names: 'PathSegment',
  description: 'Who may do in its namespace what a role says.',
  schema: bindingFields,
  columns: bindingColumns,
  validate: (binding) => bindingCauses(binding, 'Namespaced'),
  validateChange: roleRefChange,
  toStored: withGroups,
});
export type RoleBindingObject = ObjectOfKind<typeof roleBinding>;
