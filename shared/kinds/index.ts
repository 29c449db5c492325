import { cluster } from './cluster/kind.ts';
import { configMap } from './core/config-map.ts';
import { event } from './core/event.ts';
import { namespace } from './core/namespace.ts';
import { secret } from './core/secret.ts';
import type { Kind } from './define-kind.ts';
import { iamIdentityMapping } from './iam/kind.ts';
import { machine } from './machine/kind.ts';
import { machineClass } from './machine-class/kind.ts';
import { machineDeployment } from './machine-deployment/kind.ts';
import { machineSet } from './machine-set/kind.ts';
import { clusterRole } from './rbac/cluster-role.ts';
import { clusterRoleBinding } from './rbac/cluster-role-binding.ts';
import { role } from './rbac/role.ts';
import { roleBinding } from './rbac/role-binding.ts';

/** The one list of kinds. A kind that is in it has storage, an API, discovery, tables and, if reconciled, a queue. */
export const kinds: readonly Kind[] = [
  cluster,
  machineDeployment,
  machineSet,
  machine,
  machineClass,
  namespace,
  secret,
  configMap,
  event,
  iamIdentityMapping,
  role,
  clusterRole,
  roleBinding,
  clusterRoleBinding,
];

/** The kind of this name in this group. */
export function kindNamed(group: string, kind: string): Kind | undefined {
  return kinds.find((k) => k.group === group && k.kind === kind);
}
