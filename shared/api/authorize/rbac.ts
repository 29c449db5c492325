import { masters } from '../../kinds/iam/reserved.ts';
import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';
import type { Clock } from '../../ports.ts';
import type { Store } from '../../store/store.ts';
import { authenticated } from '../authenticate/bearer.ts';
import type { Attributes, Authorize, Decision, RulesOf, User } from '../call.ts';
import { everybody, everything } from './everybody.ts';
import { type Grant, type Policy, readPolicy } from './policy.ts';
import { remembered } from './remembered.ts';
import { allows } from './rules.ts';

/** ms for which roles and bindings are believed: so long may what was taken from somebody still be theirs. */
const believedFor = 5_000;
/** ms. Before somebody is told no, roles and bindings are looked at once more: what was given holds at once. */
const freshFor = 1_000;

export interface Rbac {
  readonly authorize: Authorize;
  readonly rulesOf: RulesOf;
}

/**
 * Decides by the Roles and ClusterRoles that bindings give. What none of them allows is forbidden; no rule forbids. Members of
 * system:masters may do everything, whatever is stored: so nobody can lock out who mends it.
 */
export function rbac(store: Store, { clock }: { readonly clock: Clock }): Rbac {
  const policy = remembered(clock, () => readPolicy(store));
  return {
    async authorize(attributes) {
      if (isMaster(attributes.user)) return { allowed: true, reason: `RBAC: members of Group "${masters}" may do everything` };
      const decision = decide(await policy(believedFor), attributes);
      return decision.allowed ? decision : decide(await policy(freshFor), attributes);
    },
    async rulesOf(user, namespace) {
      if (isMaster(user)) return { rules: [...everything, ...everybody], errors: [] };
      return rulesIn(await policy(believedFor), user, namespace);
    },
  };
}

const isMaster = ({ groups }: User): boolean => groups.includes(masters);

const ofEverybody = ({ groups }: User): readonly PolicyRule[] => (groups.includes(authenticated) ? everybody : []);

/** A role that is missing gives nothing, and takes nothing from what the others give: it is only told of. */
function decide(policy: Policy, attributes: Attributes): Decision {
  const { user } = attributes;
  if (ofEverybody(user).some((rule) => allows(rule, attributes))) return { allowed: true, reason: 'RBAC: everybody who is known may' };
  const namespace = 'path' in attributes ? undefined : attributes.namespace;
  const missing: string[] = [];
  for (const grant of grantsIn(policy, user, namespace)) {
    const rules = policy.rulesOf(grant.role, grant.namespace);
    if (rules === undefined) missing.push(noSuchRole(grant));
    else if (rules.some((rule) => allows(rule, attributes))) return { allowed: true, reason: grant.because };
  }
  return { allowed: false, ...(missing.length > 0 && { reason: `RBAC: ${wordsOf(missing)}` }) };
}

function rulesIn(policy: Policy, user: User, namespace: string): { rules: PolicyRule[]; errors: string[] } {
  const rules = [...ofEverybody(user)];
  const missing: string[] = [];
  for (const grant of grantsIn(policy, user, namespace)) {
    const given = policy.rulesOf(grant.role, grant.namespace);
    if (given === undefined) missing.push(noSuchRole(grant));
    else rules.push(...given);
  }
  return { rules, errors: [...new Set(missing)] };
}

/** What a user has everywhere, and what in this namespace. */
const grantsIn = (policy: Policy, user: User, namespace: string | undefined): Grant[] =>
  policy.grantsOf(user).filter((grant) => grant.namespace === '' || grant.namespace === namespace);

const noSuchRole = ({ role: { kind, name } }: Grant): string => `${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found`;

const wordsOf = (errors: readonly string[]): string => (errors.length === 1 ? errors[0]! : `[${[...new Set(errors)].sort().join(', ')}]`);
