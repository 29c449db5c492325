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
  readonly role: RoleRef;
  /** By what and to whom, for people. */
  readonly because: string;
}

/** The bindings of a namespace and the roles in it, or those of the cluster, as they were at one time. */
export interface Policy {
  grantsOf(user: User): readonly Grant[];
  /** What a role allows. Undefined: there is no role of this name. */
  rulesOf(name: string): readonly PolicyRule[] | undefined;
}

export async function readClusterPolicy(store: Store): Promise<Policy> {
  const [roles, bindings] = await Promise.all([readAll(store, clusterRole), readAll(store, clusterRoleBinding)]);
  return { grantsOf: grantsIn(bindings), rulesOf: effectiveRules(roles) };
}

export async function readNamespacePolicy(store: Store, namespace: string): Promise<Policy> {
  const [roles, bindings] = await Promise.all([readAll(store, role, namespace), readAll(store, roleBinding, namespace)]);
  const rules = new Map(roles.map((each) => [each.metadata.name, each.rules ?? []]));
  return { grantsOf: grantsIn(bindings), rulesOf: (name) => rules.get(name) };
}

/** All objects of a kind, or those in a namespace. */
export async function readAll<T extends KubeObject>(store: Store, kind: Kind<T>, namespace?: string): Promise<T[]> {
  const objects: T[] = [];
  for (let after: ObjectName | undefined, more = true; more; ) {
    const { items, next } = await store.list(kind, { ...(namespace !== undefined && { namespace }), ...(after && { after }) });
    objects.push(...items);
    after = next;
    more = next !== undefined;
  }
  return objects;
}

/** Who is given what. A binding on its way out gives nothing any more, whoever has a finalizer on it. */
function grantsIn(bindings: readonly Binding[]): Policy['grantsOf'] {
  const grants = new Map<string, Grant[]>();
  for (const { kind, metadata, subjects, roleRef } of bindings.filter(({ metadata: { deletionTimestamp } }) => !deletionTimestamp))
    for (const subject of subjects ?? []) {
      const { namespace = '', name } = metadata;
      const by = `${kind} "${namespace === '' ? name : `${name}/${namespace}`}"`;
      const because = `RBAC: allowed by ${by} of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${subject.name}"`;
      const key = keyOfSubject(subject, namespace);
      const given = grants.get(key) ?? [];
      given.push({ role: roleRef, because });
      grants.set(key, given);
    }
  const ofSubject = (kind: string, name: string): readonly Grant[] => grants.get(keyOf(kind, name)) ?? [];
  return ({ name, groups }) => [...ofSubject('User', name), ...groups.flatMap((group) => ofSubject('Group', group))];
}

/** A ServiceAccount is the user of a longer name. */
const keyOfSubject = ({ kind, name, namespace }: Subject, bindingNamespace: string): string =>
  kind === 'ServiceAccount' ? keyOf('User', `system:serviceaccount:${namespace || bindingNamespace}:${name}`) : keyOf(kind, name);

const keyOf = (kind: string, name: string): string => `${kind} ${name}`;
