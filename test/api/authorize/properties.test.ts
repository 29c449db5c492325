import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actionsOf, allows } from '../../../shared/api/authorize/rules.ts';
import type { Action } from '../../../shared/api/call.ts';
import type { PolicyRule } from '../../../shared/kinds/rbac/policy-rule.ts';
import { aClusterRole, aClusterRoleBinding, aRole, aRoleBinding, policyOf, type Stored } from './policies.ts';

const some = (...texts: string[]) => fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 2 });

const rule: fc.Arbitrary<PolicyRule> = fc.record({
  verbs: some('get', 'list', '*'),
  apiGroups: some('', 'g', '*'),
  resources: some('a', 'a/status', '*/status', 'b', '*'),
  resourceNames: fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 1 }),
});

const action: fc.Arbitrary<Action> = fc.record(
  {
    verb: fc.constantFrom('get', 'list'),
    group: fc.constantFrom('', 'g'),
    resource: fc.constantFrom('a', 'b'),
    subresource: fc.constant('status'),
    namespace: fc.constantFrom('one', 'two'),
    name: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['verb', 'group', 'resource'] },
);

const namespace = fc.constantFrom('one', 'two');
const subject = fc.constantFrom('User bob' as const, 'Group devs' as const, 'User eve' as const);
const roles = fc.tuple(rule, rule, rule).map(([a, b, c]) => [aClusterRole('c', [a]), aRole('one', 'r', b), aRole('two', 'r', c)]);
const binding = (name: string): fc.Arbitrary<Stored> =>
  fc.oneof(
    subject.map((to) => aClusterRoleBinding(name, to, 'c')),
    fc.tuple(namespace, subject).map(([where, to]) => aRoleBinding(where, name, to, 'ClusterRole', 'c')),
    fc.tuple(namespace, subject).map(([where, to]) => aRoleBinding(where, name, to, 'Role', 'r')),
  );
const bindings = fc.integer({ min: 0, max: 4 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => binding(`b${i}`))));

describe('for any roles, bindings and action', () => {
  it('one more binding takes no right away', async () => {
    const property = fc.asyncProperty(roles, bindings, binding('more'), action, async (given, bound, more, asked) => {
      const before = await (await policyOf(...given, ...bound)).bobMay(asked);
      const after = await (await policyOf(...given, ...bound, more)).bobMay(asked);
      expect(before && !after).toBe(false);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('the names of the bindings, and so their order, change nothing', async () => {
    const property = fc.asyncProperty(roles, bindings, action, async (given, bound, asked) => {
      const renamed = bound.map(({ kind, object }, i) => ({
        kind,
        object: { ...object, metadata: { ...object.metadata, name: `b${bound.length - i}` } },
      }));
      const [one, other] = [await policyOf(...given, ...bound), await policyOf(...given, ...renamed)];
      expect(await one.bobMay(asked)).toBe(await other.bobMay(asked));
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('what the listed rules allow is what is allowed', async () => {
    const property = fc.asyncProperty(roles, bindings, action, namespace, async (given, bound, asked, where) => {
      const policy = await policyOf(...given, ...bound);
      const { rules } = await policy.rulesOf({ name: 'bob', groups: ['devs', 'system:authenticated'] }, where);
      const there = { ...asked, namespace: where };
      expect(rules.some((each) => allows(each, there))).toBe(await policy.bobMay(there));
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

it('whoever may do all actions of a rule may do whatever the rule allows', () => {
  const property = fc.property(fc.array(rule, { maxLength: 3 }), rule, action, (held, given, asked) => {
    const covered = [...actionsOf(given)].every((each) => held.some((one) => allows(one, each)));
    fc.pre(covered && allows(given, asked));
    expect(held.some((one) => allows(one, asked))).toBe(true);
  });
  fc.assert(property, { numRuns: 300, maxSkipsPerRun: 1000 });
});
