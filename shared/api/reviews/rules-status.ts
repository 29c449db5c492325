import type { Kind } from '../../kinds/define-kind.ts';
import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';
import { everybody } from '../authorize/everybody.ts';
import type { Authorize, RulesOf, User } from '../call.ts';
import { subresourcesOf, verbsOf } from '../discovery/verbs.ts';

/** Who knows what somebody may do. */
export interface Rights {
  readonly kinds: readonly Kind[];
  readonly authorize: Authorize;
  readonly rulesOf: RulesOf | undefined;
}

/** Everything that the user may do in a namespace, as the rules say it that allow it. */
export async function rulesStatus({ kinds, authorize, rulesOf }: Rights, user: User, namespace: string): Promise<unknown> {
  const { rules, errors } = (await rulesOf?.(user, namespace)) ?? (await rulesByAsking(kinds, authorize, user, namespace));
  return {
    resourceRules: rules
      .filter(({ resources }) => resources !== undefined)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames && { resourceNames }) })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: errors.length > 0,
    ...(errors.length > 0 && { evaluationError: errors.join(', ') }),
  };
}

/** For those who decide without rules: each thing is asked for, so that rights which hold for single names only are not in it. */
async function rulesByAsking(
  kinds: readonly Kind[],
  authorize: Authorize,
  user: User,
  namespace: string,
): Promise<Awaited<ReturnType<RulesOf>>> {
  const rules: PolicyRule[] = [...everybody];
  for (const kind of kinds) {
    const parts = [{ verbs: verbsOf(kind) }, ...subresourcesOf(kind, []).map(({ name, verbs }) => ({ subresource: name, verbs }))];
    for (const { verbs, ...part } of parts) {
      const action = { group: kind.group, resource: kind.plural, ...part, namespace };
      const decisions = await Promise.all(verbs.map((verb) => authorize({ user, verb, ...action })));
      const allowed = verbs.filter((_, i) => decisions[i]?.allowed);
      const resource = 'subresource' in part ? `${kind.plural}/${part.subresource}` : kind.plural;
      if (allowed.length > 0) rules.push({ verbs: allowed, apiGroups: [kind.group], resources: [resource] });
    }
  }
  return { rules, errors: [] };
}
