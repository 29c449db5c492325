import { type Rbac, rbac } from '../../../shared/api/authorize/rbac.ts';
import type { Action } from '../../../shared/api/call.ts';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { clusterRole } from '../../../shared/kinds/rbac/cluster-role.ts';
import { clusterRoleBinding } from '../../../shared/kinds/rbac/cluster-role-binding.ts';
import type { PolicyRule } from '../../../shared/kinds/rbac/policy-rule.ts';
import { role } from '../../../shared/kinds/rbac/role.ts';
import { roleBinding } from '../../../shared/kinds/rbac/role-binding.ts';
import { createMemoryStore } from '../../../shared/store/memory.ts';
import type { Store } from '../../../shared/store/store.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';

/** Roles and bindings as tests write them: `a Role "r" in ns`, short. */

export interface Stored {
  readonly kind: Kind;
  readonly object: KubeObject;
}

const apiVersion = 'rbac.authorization.k8s.io/v1';
const stored = (kind: Kind, object: object): Stored => ({
  kind,
  object: { apiVersion, kind: kind.kind, ...object } as unknown as KubeObject,
});
const any = (kind: unknown): Kind => kind as Kind;

export const aRole = (namespace: string, name: string, ...rules: PolicyRule[]): Stored =>
  stored(any(role), { metadata: { name, namespace }, rules });

export const aClusterRole = (name: string, rules: readonly PolicyRule[], more: object = {}, labels = {}): Stored =>
  stored(any(clusterRole), { metadata: { name, labels }, rules, ...more });

type SubjectText = `${'User' | 'Group'} ${string}` | `ServiceAccount ${string}/${string}` | `ServiceAccount ${string}`;

const subjectOf = (text: SubjectText) => {
  const [kind = '', rest = ''] = text.split(' ');
  const [name, namespace] = rest.split('/').reverse();
  return { kind, name, ...(namespace && { namespace }) };
};

export const aRoleBinding = (
  namespace: string,
  name: string,
  to: SubjectText,
  roleKind: 'Role' | 'ClusterRole',
  roleName: string,
): Stored =>
  stored(any(roleBinding), { metadata: { name, namespace }, subjects: [subjectOf(to)], roleRef: { kind: roleKind, name: roleName } });

export const aClusterRoleBinding = (name: string, to: SubjectText, roleName: string): Stored =>
  stored(any(clusterRoleBinding), { metadata: { name }, subjects: [subjectOf(to)], roleRef: { kind: 'ClusterRole', name: roleName } });

export interface TestPolicy extends Rbac {
  readonly clock: VirtualClock;
  readonly store: Store;
  /** Whether bob, of the devs, may. */
  bobMay(action: Action): Promise<boolean>;
}

export const bob = { name: 'bob', groups: ['devs', 'system:authenticated'] };

export async function policyOf(...objects: readonly Stored[]): Promise<TestPolicy> {
  const clock = virtualClock();
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  for (const { kind, object } of objects) await store.create(kind, object);
  const decides = rbac(store, { clock });
  return { ...decides, clock, store, bobMay: async (action) => (await decides.authorize({ user: bob, ...action })).allowed };
}

/** `get secrets`, `list machines/status in ns`, `get secrets x in ns`, all of the core group unless `secrets.group`. */
export function act(text: string): Action {
  const [words = '', namespace] = text.split(' in ');
  const [verb = '', what = '', name] = words.split(' ');
  if (what.startsWith('/')) return { verb, path: what };
  const [plural = '', subresource] = what.split('/');
  const [resource = '', ...group] = plural.split('.');
  return {
    verb,
    group: group.join('.'),
    resource,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
  };
}
