import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { age } from '../age.ts';
import type { Column } from '../define-kind.ts';
import type { KubeObject } from '../object.ts';
import { rbacGroup } from './policy-rule.ts';

/** What the two kinds of bindings have in common: to whom they give which role. */

const subject = z
  .object({
    kind: z.string().describe('User, Group or ServiceAccount.'),
    apiGroup: z.string().optional().describe(`${rbacGroup} for a User or a Group, "" for a ServiceAccount. That is the default.`),
    name: z.string().describe('Its name, as kubectl auth whoami says it.'),
    namespace: z.string().optional().describe('Namespace of a ServiceAccount; the others have none.'),
  })
  .describe('Somebody.');
export type Subject = z.output<typeof subject>;

const roleRef = z.object({
  apiGroup: z.string().default(rbacGroup).describe(`Always ${rbacGroup}: that is also what is meant if absent.`),
  kind: z.string().describe('Role or ClusterRole.'),
  name: z.string().describe('Name of the role.'),
});
export type RoleRef = z.output<typeof roleRef>;

export const bindingFields = z.object({
  subjects: z.array(subject).nullish().describe('To whom.'),
  roleRef: roleRef.describe('Which role. It cannot be changed: delete the binding and make another.'),
});
export type BindingFields = z.output<typeof bindingFields>;

export type Binding = KubeObject & BindingFields;

/** What Kubernetes asks of a binding; `roles`: the kinds of roles that it can give. */
export const bindingCauses = ({ subjects, roleRef: ref }: BindingFields, scope: 'Namespaced' | 'Cluster'): Cause[] => [
  ...roleRefCauses(ref, scope === 'Cluster' ? ['ClusterRole'] : ['Role', 'ClusterRole']),
  ...(subjects ?? []).flatMap((each, i) => subjectCauses(each, `subjects[${i}]`, scope)),
];

function roleRefCauses({ apiGroup, kind, name }: RoleRef, roles: readonly string[]): Cause[] {
  return [
    ...(!apiGroup || apiGroup === rbacGroup ? [] : [unsupported('roleRef.apiGroup', apiGroup, [rbacGroup])]),
    ...(roles.includes(kind) ? [] : [unsupported('roleRef.kind', kind, roles)]),
    ...(name === '' ? [required('roleRef.name', 'write the name of a role')] : []),
  ];
}

const groupsOf: Readonly<Record<string, string>> = { User: rbacGroup, Group: rbacGroup, ServiceAccount: '' };

function subjectCauses({ kind, apiGroup, name, namespace }: Subject, at: string, scope: 'Namespaced' | 'Cluster'): Cause[] {
  const group = Object.hasOwn(groupsOf, kind) ? groupsOf[kind] : undefined;
  if (group === undefined) return [unsupported(`${at}.kind`, kind, Object.keys(groupsOf))];
  const lacksNamespace = kind === 'ServiceAccount' && scope === 'Cluster' && !namespace;
  return [
    ...(name === '' ? [required(`${at}.name`, `write the name of a ${kind}`)] : []),
    ...(!apiGroup || apiGroup === group ? [] : [unsupported(`${at}.apiGroup`, apiGroup, [group])]),
    ...(lacksNamespace ? [required(`${at}.namespace`, 'write the namespace of the ServiceAccount')] : []),
    ...(kind !== 'ServiceAccount' && namespace
      ? [{ field: `${at}.namespace`, reason: 'FieldValueForbidden' as const, message: `a ${kind} is in no namespace` }]
      : []),
  ];
}

const required = (field: string, message: string): Cause => ({ field, reason: 'FieldValueRequired', message });

const unsupported = (field: string, value: string, supported: readonly string[]): Cause => ({
  field,
  reason: 'FieldValueNotSupported',
  message: `"${value}": supported values: ${supported.map((each) => `"${each}"`).join(', ')}`,
});

/** A binding stays one of the role that it was made for: whoever may name its subjects has not thereby the right to give another role. */
export const roleRefChange = (before: BindingFields, after: BindingFields): Cause[] =>
  (['apiGroup', 'kind', 'name'] as const).every((field) => before.roleRef[field] === after.roleRef[field])
    ? []
    : [{ field: 'roleRef', message: 'cannot change roleRef' }];

/** With the groups of the role and of the subjects, as Kubernetes stores them. */
export function withGroups<T extends BindingFields>(binding: T): T {
  const { subjects, roleRef: ref } = binding;
  const complete = subjects?.map((each) => (groupsOf[each.kind] ? { ...each, apiGroup: groupsOf[each.kind] } : each));
  return { ...binding, ...(complete && { subjects: complete }), roleRef: { ...ref, apiGroup: rbacGroup } };
}

const named = ({ subjects }: BindingFields, kind: string): string =>
  (subjects ?? [])
    .filter((each) => each.kind === kind)
    .map(({ namespace, name }) => (namespace ? `${namespace}/${name}` : name))
    .join(', ');

export const bindingColumns: readonly Column<Binding>[] = [
  { name: 'Role', type: 'string', description: 'The role that it gives', value: ({ roleRef: { kind, name } }) => `${kind}/${name}` },
  age,
  { name: 'Users', type: 'string', description: 'Users who have it', priority: 1, value: (b) => named(b, 'User') },
  { name: 'Groups', type: 'string', description: 'Groups that have it', priority: 1, value: (b) => named(b, 'Group') },
  {
    name: 'ServiceAccounts',
    type: 'string',
    description: 'ServiceAccounts that have it',
    priority: 1,
    value: (b) => named(b, 'ServiceAccount'),
  },
];
