import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject, ObjectName } from '../../kinds/object.ts';
import { clusterRole } from '../../kinds/rbac/cluster-role.ts';
import { clusterRoleBinding } from '../../kinds/rbac/cluster-role-binding.ts';
import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';
import { role } from '../../kinds/rbac/role.ts';
import { roleBinding } from '../../kinds/rbac/role-binding.ts';
import type { Binding, RoleRef, Subject } from '../../kinds/rbac/subjects.ts';
import type { Store } from '../../store/store.ts';
import type { User } from '../call.ts';
import { effectiveRules } from './effective-rules.ts';

/** A role that somebody has. */
export interface Grant {
  /** Where it holds; '' is everywhere. */
  readonly namespace: string;
  readonly role: RoleRef;
  /** By what and to whom, for people. */
  readonly because: string;
}

/** All roles and bindings, as they were at one time. */
export interface Policy {
  /** What a user has everywhere, then what in single namespaces. */
  grantsOf(user: User): readonly Grant[];
  /** What a role in this namespace, or a ClusterRole, allows. Undefined: there is no such role. */
  rulesOf(role: RoleRef, namespace: string): readonly PolicyRule[] | undefined;
}

export async function readPolicy(store: Store): Promise<Policy> {
  const [roles, clusterRoles, roleBindings, clusterRoleBindings] = await Promise.all([
    readAll(store, role),
    readAll(store, clusterRole),
    readAll(store, roleBinding),
    readAll(store, clusterRoleBinding),
  ]);
  const grants = grantsBySubject([...clusterRoleBindings, ...roleBindings]);
  const rulesOfRoles = new Map(roles.map(({ metadata, rules }) => [`${metadata.namespace}/${metadata.name}`, rules ?? []]));
  const rulesOfClusterRoles = effectiveRules(clusterRoles);
  return {
    grantsOf: ({ name, groups }) => [
      ...(grants.get(keyOf('User', name)) ?? []),
      ...groups.flatMap((group) => grants.get(keyOf('Group', group)) ?? []),
    ],
    rulesOf: ({ kind, name }, namespace) => (kind === 'Role' ? rulesOfRoles.get(`${namespace}/${name}`) : rulesOfClusterRoles(name)),
  };
}

/** All objects of a kind. */
export async function readAll<T extends KubeObject>(store: Store, kind: Kind<T>): Promise<T[]> {
  const objects: T[] = [];
  for (let after: ObjectName | undefined, more = true; more; ) {
    const { items, next } = await store.list(kind, after && { after });
    objects.push(...items);
    after = next;
    more = next !== undefined;
  }
  return objects;
}

/** A binding on its way out gives nothing any more, whoever has a finalizer on it. */
function grantsBySubject(bindings: readonly Binding[]): ReadonlyMap<string, Grant[]> {
  const grants = new Map<string, Grant[]>();
  for (const { kind, metadata, subjects, roleRef } of bindings.filter(({ metadata: { deletionTimestamp } }) => !deletionTimestamp))
    for (const subject of subjects ?? []) {
      const { namespace = '', name } = metadata;
      const by = `${kind} "${namespace === '' ? name : `${name}/${namespace}`}"`;
      const because = `RBAC: allowed by ${by} of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${subject.name}"`;
      const key = keyOfSubject(subject, namespace);
      grants.set(key, [...(grants.get(key) ?? []), { namespace, role: roleRef, because }]);
    }
  return grants;
}

/** A ServiceAccount is the user of a longer name. */
const keyOfSubject = ({ kind, name, namespace }: Subject, bindingNamespace: string): string =>
  kind === 'ServiceAccount' ? keyOf('User', `system:serviceaccount:${namespace || bindingNamespace}:${name}`) : keyOf(kind, name);

const keyOf = (kind: string, name: string): string => `${kind} ${name}`;
