import { Conflict, NotFound } from '../../errors.ts';
import { type ClusterRoleObject, clusterRole } from '../../kinds/rbac/cluster-role.ts';
import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';
import type { Store } from '../../store/store.ts';
import { sameJson } from '../objects/same-json.ts';
import { autoUpdate, defaultRoles } from './default-roles.ts';
import { actionsOf, allows } from './rules.ts';

/**
 * Makes the ClusterRoles that every plane has, and puts back what somebody has taken from them: rules, and the labels and the rule
 * by which they are aggregated. What somebody has added stays. Annotated `autoupdate: "false"`, a role stays as it is.
 */
export async function ensureDefaultRoles(store: Store): Promise<void> {
  await Promise.all(defaultRoles.map((role) => ensureRole(store, role)));
}

async function ensureRole(store: Store, wanted: ClusterRoleObject): Promise<void> {
  try {
    const found = await store.get(clusterRole, { namespace: '', name: wanted.metadata.name });
    if (found === undefined) {
      await store.create(clusterRole, wanted);
      return;
    }
    if (found.metadata.annotations?.[autoUpdate] === 'false') return;
    const mended = mend(found, wanted);
    if (!sameJson(mended, found)) await store.update(clusterRole, mended);
  } catch (error) {
    // Somebody else writes it at this moment: another process of the plane, or a person. The next start looks again.
    if (!(error instanceof Conflict) && !(error instanceof NotFound)) throw error;
  }
}

function mend(found: ClusterRoleObject, wanted: ClusterRoleObject): ClusterRoleObject {
  const { rules, aggregationRule = null } = found;
  const present = rules ?? [];
  const lacking = (wanted.rules ?? []).filter((rule) => !covers(present, rule));
  return {
    ...found,
    metadata: { ...found.metadata, labels: { ...found.metadata.labels, ...wanted.metadata.labels } },
    ...(lacking.length > 0 && { rules: [...present, ...lacking] }),
    ...(aggregationRule === null && wanted.aggregationRule && { aggregationRule: wanted.aggregationRule }),
  };
}

/** Whether these rules together allow all that the rule does. */
function covers(rules: readonly PolicyRule[], rule: PolicyRule): boolean {
  for (const action of actionsOf(rule)) if (!rules.some((each) => allows(each, action))) return false;
  return true;
}
