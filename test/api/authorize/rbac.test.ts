import { describe, expect, it } from '@jest/globals';
import { rbac } from '../../../shared/api/authorize/rbac.ts';
import { roleBinding } from '../../../shared/kinds/rbac/role-binding.ts';
import type { Store } from '../../../shared/store/store.ts';
import { aClusterRole, aClusterRoleBinding, act, aRole, aRoleBinding, bob, policyOf } from './policies.ts';

const secrets = (...verbs: string[]) => ({ verbs, apiGroups: [''], resources: ['secrets'] });

describe('a rule', () => {
  it.each([
    // verbs
    [{ verbs: ['get'] }, 'get things', true],
    [{ verbs: ['get'] }, 'list things', false],
    [{ verbs: ['*'] }, 'frobnicate things', true],
    // groups
    [{ apiGroups: [''] }, 'get things.example.com', false],
    [{ apiGroups: ['*'] }, 'get things.example.com', true],
    [{ apiGroups: ['example.com'] }, 'get things', false],
    // resources and subresources
    [{ resources: ['others'] }, 'get things', false],
    [{ resources: ['*'] }, 'get things', true],
    [{ resources: ['*'] }, 'get things/status', true],
    [{ resources: ['things'] }, 'get things/status', false],
    [{ resources: ['things/status'] }, 'get things/status', true],
    [{ resources: ['things/status'] }, 'get things', false],
    [{ resources: ['*/status'] }, 'get things/status', true],
    [{ resources: ['*/status'] }, 'get things/scale', false],
    [{ resources: ['*/status'] }, 'get things', false],
    [{ resources: ['things/*'] }, 'get things/status', false],
    // names
    [{ resourceNames: ['x'] }, 'get things x', true],
    [{ resourceNames: ['x'] }, 'get things y', false],
    [{ resourceNames: ['x'] }, 'get things', false],
    [{ resourceNames: [] }, 'get things y', true],
    // a path is no resource
    [{ resources: ['*'], apiGroups: ['*'] }, 'get /metrics', false],
  ])('%j for "%s": %j', async (part, action, allowed) => {
    const rule = { verbs: ['get'], apiGroups: [''], resources: ['things'], ...part };
    const { bobMay } = await policyOf(aClusterRole('r', [rule]), aClusterRoleBinding('b', 'User bob', 'r'));
    expect(await bobMay(act(action))).toBe(allowed);
  });

  it.each([
    [['/metrics'], 'get /metrics', true],
    [['/metrics'], 'get /metrics/x', false],
    [['/metrics/*'], 'get /metrics/x', true],
    [['/metrics/*'], 'get /metrics', false],
    [['/*/x'], 'get /a/x', false],
    [['*'], 'get /anything', true],
    [['*'], 'post /anything', false],
  ])('about paths %j for "%s": %j', async (nonResourceURLs, action, allowed) => {
    const { bobMay } = await policyOf(
      aClusterRole('r', [{ verbs: ['get'], nonResourceURLs }]),
      aClusterRoleBinding('b', 'Group devs', 'r'),
    );
    expect(await bobMay(act(action))).toBe(allowed);
  });
});

describe('a binding', () => {
  const readers = aClusterRole('r', [secrets('get')]);
  const local = aRole('one', 'r', secrets('get'));

  it.each([
    ['a ClusterRole everywhere', [readers, aClusterRoleBinding('b', 'User bob', 'r')], [true, true, true]],
    ['a ClusterRole in one namespace', [readers, aRoleBinding('one', 'b', 'User bob', 'ClusterRole', 'r')], [true, false, false]],
    ['a Role beside it', [local, aRoleBinding('one', 'b', 'User bob', 'Role', 'r')], [true, false, false]],
    ['no Role of another namespace', [local, aRoleBinding('two', 'b', 'User bob', 'Role', 'r')], [false, false, false]],
    ['nothing to another user', [readers, aClusterRoleBinding('b', 'User eve', 'r')], [false, false, false]],
    ['to the members of a group', [readers, aClusterRoleBinding('b', 'Group devs', 'r')], [true, true, true]],
    ['nothing to a group of the name of a user', [readers, aClusterRoleBinding('b', 'Group bob', 'r')], [false, false, false]],
    ['nothing to a user of the name of a group', [readers, aClusterRoleBinding('b', 'User devs', 'r')], [false, false, false]],
  ])('gives %s', async (_, objects, expected) => {
    const { bobMay } = await policyOf(...objects);
    const got = [];
    for (const where of [' in one', ' in two', '']) got.push(await bobMay(act(`get secrets${where}`)));
    expect(got).toEqual(expected);
  });

  it.each([
    ['ServiceAccount one/ci', 'two'],
    ['ServiceAccount ci', 'one'],
  ] as const)('to %s in %s reaches that ServiceAccount', async (subject, namespace) => {
    const { authorize } = await policyOf(readers, aRoleBinding(namespace, 'b', subject, 'ClusterRole', 'r'));
    const user = { name: 'system:serviceaccount:one:ci', groups: [] };
    expect((await authorize({ user, ...act(`get secrets in ${namespace}`) })).allowed).toBe(true);
  });

  it('says why', async () => {
    const { authorize } = await policyOf(readers, aRoleBinding('one', 'b', 'Group devs', 'ClusterRole', 'r'));
    expect(await authorize({ user: bob, ...act('get secrets in one') })).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "b/one" of ClusterRole "r" to Group "devs"',
    });
  });

  it('of a role that is missing is told of, and takes nothing from the others', async () => {
    const gone = aClusterRoleBinding('a', 'User bob', 'gone');
    const { authorize, rulesOf } = await policyOf(gone, readers, aClusterRoleBinding('b', 'User bob', 'r'));
    expect((await authorize({ user: bob, ...act('get secrets') })).allowed).toBe(true);
    const reason = 'clusterrole.rbac.authorization.k8s.io "gone" not found';
    expect(await authorize({ user: bob, ...act('delete secrets') })).toEqual({ allowed: false, reason: `RBAC: ${reason}` });
    expect((await rulesOf(bob, 'one')).errors).toEqual([reason]);
  });
});

describe('without any role', () => {
  it.each([
    ['system:masters', 'delete anything in one', true],
    ['system:masters', 'post /anything', true],
    ['system:authenticated', 'get /apis/cluster.k8s.io', true],
    ['system:authenticated', 'create selfsubjectaccessreviews.authorization.k8s.io', true],
    ['system:authenticated', 'create subjectaccessreviews.authorization.k8s.io', false],
    ['system:authenticated', 'get /metrics', false],
    ['system:authenticated', 'get machines.cluster.k8s.io in one', false],
    ['nobody', 'get /apis', false],
  ])('a member of %s and "%s": %j', async (group, action, allowed) => {
    const { authorize } = await policyOf();
    expect((await authorize({ user: { name: 'x', groups: [group] }, ...act(action) })).allowed).toBe(allowed);
  });
});

describe('an aggregated ClusterRole', () => {
  const selecting = (name: string) => ({ aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: name } }] } });

  it('has its own rules and those of all that are selected, and of what they select', async () => {
    const { bobMay } = await policyOf(
      aClusterRole('top', [secrets('get')], selecting('top')),
      aClusterRole('middle', [secrets('list')], selecting('middle'), { to: 'top' }),
      aClusterRole('low', [secrets('watch')], {}, { to: 'middle' }),
      aClusterRole('other', [secrets('delete')], {}, { to: 'nobody' }),
      aClusterRoleBinding('b', 'User bob', 'top'),
    );
    const verbs = ['get', 'list', 'watch', 'delete'];
    expect(await Promise.all(verbs.map((verb) => bobMay(act(`${verb} secrets`))))).toEqual([true, true, true, false]);
  });

  it('may select one that selects it', async () => {
    const { bobMay } = await policyOf(
      aClusterRole('a', [secrets('get')], selecting('a'), { to: 'b' }),
      aClusterRole('b', [secrets('list')], selecting('b'), { to: 'a' }),
      aClusterRoleBinding('of-b', 'User bob', 'b'),
    );
    expect([await bobMay(act('get secrets')), await bobMay(act('list secrets'))]).toEqual([true, true]);
  });
});

describe('what is changed', () => {
  const readers = aClusterRole('r', [secrets('get')]);
  const binding = aRoleBinding('one', 'b', 'User bob', 'ClusterRole', 'r');

  it('is taken away within ten seconds', async () => {
    const { bobMay, clock, store } = await policyOf(readers, binding);
    expect(await bobMay(act('get secrets in one'))).toBe(true);
    await store.remove(roleBinding, (await store.get(roleBinding, { namespace: 'one', name: 'b' }))!);
    await clock.advance(10_000);
    expect(await bobMay(act('get secrets in one'))).toBe(false);
  });

  it('is given within a second', async () => {
    const { bobMay, clock, store } = await policyOf(readers);
    expect(await bobMay(act('get secrets in one'))).toBe(false);
    await store.create(binding.kind, binding.object);
    await clock.advance(1_000);
    expect(await bobMay(act('get secrets in one'))).toBe(true);
  });

  it('is given no more by a binding that only a finalizer holds', async () => {
    const { bobMay, clock, store } = await policyOf(readers, binding);
    const found = (await store.get(roleBinding, { namespace: 'one', name: 'b' }))!;
    const metadata = { ...found.metadata, finalizers: ['x.example/y'], deletionTimestamp: '2019-07-26T00:00:00Z' };
    await store.update(roleBinding, { ...found, metadata });
    await clock.advance(10_000);
    expect(await bobMay(act('get secrets in one'))).toBe(false);
  });

  it('is unknown while the store does not answer: nobody is let in, and the next may be', async () => {
    const { clock, store } = await policyOf(readers, binding);
    let asked = 0;
    const list: Store['list'] = (kind, query) => (asked++ === 0 ? Promise.reject(new Error('throttled')) : store.list(kind, query));
    const { authorize } = rbac({ ...store, list }, { clock });
    const reading = { user: bob, ...act('get secrets in one') };
    await expect(authorize(reading)).rejects.toThrow('throttled');
    expect((await authorize(reading)).allowed).toBe(true);
  });
});
