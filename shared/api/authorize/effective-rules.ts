import type { ClusterRoleObject } from '../../kinds/rbac/cluster-role.ts';
import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';
import { matchesLabels } from '../../kinds/selector.ts';

/**
 * What each ClusterRole allows: its own rules, and those of the ClusterRoles that its aggregationRule selects, and of those that
 * these select. Upstream a controller copies them into the role; here they are put together whenever they are looked at. By name;
 * undefined: there is none of this name.
 */
export function effectiveRules(all: readonly ClusterRoleObject[]): (name: string) => readonly PolicyRule[] | undefined {
  const byName = new Map(all.map((role) => [role.metadata.name, role]));
  const known = new Map<string, readonly PolicyRule[]>();
  return (name) => {
    const role = byName.get(name);
    if (role === undefined) return undefined;
    const rules = known.get(name) ?? gather(role, all, new Set());
    known.set(name, rules);
    return rules;
  };
}

/** `met`: roles that have been taken in already, since they may select each other. */
function gather(role: ClusterRoleObject, all: readonly ClusterRoleObject[], met: Set<ClusterRoleObject>): PolicyRule[] {
  if (met.has(role)) return [];
  met.add(role);
  const selectors = role.aggregationRule?.clusterRoleSelectors ?? [];
  const selected =
    selectors.length === 0 ? [] : all.filter(({ metadata }) => selectors.some((s) => matchesLabels(s, metadata.labels ?? {})));
  return [...(role.rules ?? []), ...selected.flatMap((each) => gather(each, all, met))];
}
