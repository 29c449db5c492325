import { masters } from '../../kinds/iam/reserved.ts';
import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';
import { role } from '../../kinds/rbac/role.ts';
import type { Clock } from '../../ports.ts';
import type { Store } from '../../store/store.ts';
import { authenticated } from '../authenticate/bearer.ts';
import type { Attributes, Authorize, Decision, RulesOf, User } from '../call.ts';
import { everybody, everything } from './everybody.ts';
import { type Grant, type Policy, readClusterPolicy, readNamespacePolicy } from './policy.ts';
import { remembered } from './remembered.ts';
import { allows } from './rules.ts';

/** ms for which roles and bindings are believed: so long may what was taken from somebody still be theirs. */
const believedFor = 5_000;
/** ms. Before somebody is told no, roles and bindings are looked at once more: what was given holds at once. */
const freshFor = 1_000;
/** Namespaces whose roles are remembered. */
const mostNamespaces = 500;

export interface Rbac {
  readonly authorize: Authorize;
  readonly rulesOf: RulesOf;
}

/**
 * Decides by the Roles and ClusterRoles that bindings give. What none of them allows is forbidden; no rule forbids. Members of
 * system:masters may do everything, whatever is stored: so nobody can lock out who mends it.
 */
export function rbac(store: Store, { clock }: { readonly clock: Clock }): Rbac {
  const inCluster = remembered(clock, 1, () => readClusterPolicy(store));
  const inNamespace = remembered(clock, mostNamespaces, (namespace) => readNamespacePolicy(store, namespace));

  /** What a user was given everywhere and in the namespace, when that was last looked at. */
  async function givenTo(user: User, namespace: string | undefined, maxAge: number): Promise<Given[]> {
    const [cluster, local] = await Promise.all([inCluster('', maxAge), namespace ? inNamespace(namespace, maxAge) : nothing]);
    const rulesOfRole = ({ kind, name }: Grant['role']) => (kind === role.kind ? local : cluster).rulesOf(name);
    return [...cluster.grantsOf(user), ...local.grantsOf(user)].map((grant) => ({ ...grant, rules: rulesOfRole(grant.role) }));
  }

  async function decide(attributes: Attributes, maxAge: number): Promise<Decision> {
    const given = await givenTo(attributes.user, 'path' in attributes ? undefined : attributes.namespace, maxAge);
    const grant = given.find(({ rules }) => rules?.some((rule) => allows(rule, attributes)));
    if (grant !== undefined) return { allowed: true, reason: grant.because };
    const errors = missingIn(given);
    return { allowed: false, ...(errors.length > 0 && { reason: `RBAC: ${errors.join(', ')}` }) };
  }

  return {
    async authorize(attributes) {
      const { user } = attributes;
      if (isMaster(user)) return { allowed: true, reason: `RBAC: members of Group "${masters}" may do everything` };
      if (ofEverybody(user).some((rule) => allows(rule, attributes))) return { allowed: true, reason: 'RBAC: everybody who is known may' };
      const decision = await decide(attributes, believedFor);
      return decision.allowed ? decision : decide(attributes, freshFor);
    },
    async rulesOf(user, namespace) {
      if (isMaster(user)) return { rules: [...everything, ...ofEverybody(user)], errors: [] };
      const given = await givenTo(user, namespace, freshFor);
      return { rules: [...ofEverybody(user), ...given.flatMap(({ rules }) => rules ?? [])], errors: missingIn(given) };
    },
  };
}

/** `rules` undefined: the role is missing. It gives nothing, and takes nothing from what the others give: it is only told of. */
interface Given extends Grant {
  readonly rules: readonly PolicyRule[] | undefined;
}

const nothing: Policy = { grantsOf: () => [], rulesOf: () => undefined };

const isMaster = ({ groups }: User): boolean => groups.includes(masters);

const ofEverybody = ({ groups }: User): readonly PolicyRule[] => (groups.includes(authenticated) ? everybody : []);

const missingIn = (given: readonly Given[]): string[] => {
  const missing = given.filter(({ rules }) => rules === undefined);
  return [
    ...new Set(missing.map(({ role: { kind, name } }) => `${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found`)),
  ].sort();
};
