import { describe, expect, it } from '@jest/globals';
import { ensureDefaultRoles } from '../../../shared/api/authorize/ensure-default-roles.ts';
import { clusterRole } from '../../../shared/kinds/rbac/cluster-role.ts';
import { openGuarded, rbacPaths } from './guarded.ts';
import { aClusterRoleBinding, act, aRoleBinding, policyOf } from './policies.ts';

/** Whether bob may, to whom the role is given in `one`, or everywhere. */
async function may(role: string, action: string, where: 'one' | 'everywhere'): Promise<boolean> {
  const binding = where === 'one' ? aRoleBinding('one', 'b', 'User bob', 'ClusterRole', role) : aClusterRoleBinding('b', 'User bob', role);
  const { store, bobMay } = await policyOf(binding);
  await ensureDefaultRoles(store);
  return bobMay(act(action));
}

describe('the default roles', () => {
  const [view, edit, admin, clusterAdmin] = [1, 2, 4, 8];
  it.each([
    ['get machines.cluster.k8s.io in one', view | edit | admin | clusterAdmin],
    ['list machinedeployments.cluster.k8s.io/status in one', view | edit | admin | clusterAdmin],
    ['list machineclasses.cluster.k8s.io in one', view | edit | admin | clusterAdmin],
    ['create machineclasses.cluster.k8s.io in one', edit | admin | clusterAdmin],
    ['watch configmaps in one', view | edit | admin | clusterAdmin],
    ['list events in one', view | edit | admin | clusterAdmin],
    ['watch events.events.k8s.io in one', view | edit | admin | clusterAdmin],
    ['patch events.events.k8s.io in one', edit | admin | clusterAdmin],
    ['get customresourcedefinitions.apiextensions.k8s.io in one', clusterAdmin],
    ['get namespaces one in one', view | edit | admin | clusterAdmin],
    ['get secrets in one', edit | admin | clusterAdmin],
    ['list secrets in one', edit | admin | clusterAdmin],
    ['create clusters.cluster.k8s.io in one', edit | admin | clusterAdmin],
    ['patch machinedeployments.cluster.k8s.io/scale in one', edit | admin | clusterAdmin],
    ['deletecollection configmaps in one', edit | admin | clusterAdmin],
    ['get roles.rbac.authorization.k8s.io in one', admin | clusterAdmin],
    ['create rolebindings.rbac.authorization.k8s.io in one', admin | clusterAdmin],
    ['bind clusterroles.rbac.authorization.k8s.io in one', clusterAdmin],
    ['create namespaces in one', clusterAdmin],
    ['delete namespaces one in one', clusterAdmin],
    ['get iamidentitymappings.iamauthenticator.k8s.aws in one', clusterAdmin],
    ['impersonate users in one', clusterAdmin],
    ['create machines.cluster.k8s.io in two', 0],
  ])('in one namespace, %s: %s', async (action, expected) => {
    const roles = ['view', 'edit', 'admin', 'cluster-admin'];
    const allowed = await Promise.all(roles.map((role) => may(role, action, 'one')));
    expect(roles.filter((_, i) => allowed[i])).toEqual(roles.filter((_, i) => (expected >> i) & 1));
  });

  it.each([
    ['cluster-admin', true],
    ['admin', false],
  ])('%s may read every path: %j', async (role, allowed) => {
    expect(await may(role, 'get /metrics', 'everywhere')).toBe(allowed);
  });

  it('take in what is labelled for them, up to admin', async () => {
    const { as, give } = await openGuarded();
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    const rules = [{ verbs: ['get'], apiGroups: ['iamauthenticator.k8s.aws'], resources: ['iamidentitymappings'] }];
    await as('root')('POST', rbacPaths.clusterRoles, { metadata: { name: 'see-mappings', labels }, rules });
    await give('bob', 'admin');
    const path = '/apis/iamauthenticator.k8s.aws/v1alpha1/iamidentitymappings/x';
    expect((await as('bob')('GET', path)).code).toBe(404);
    expect((await as('bob')('DELETE', path)).code).toBe(403);
  });
});

describe('at a start', () => {
  const read = async (store: Awaited<ReturnType<typeof policyOf>>['store'], name: string) =>
    (await store.get(clusterRole, { namespace: '', name }))!;

  it('they are made', async () => {
    const { store } = await policyOf();
    await ensureDefaultRoles(store);
    const { metadata } = await read(store, 'view');
    expect(metadata.labels?.['kubernetes.io/bootstrapping']).toBe('rbac-defaults');
  });

  it('nothing is written when they are as they should be', async () => {
    const { store, clock } = await policyOf();
    await ensureDefaultRoles(store);
    const { resourceVersion } = (await read(store, 'view')).metadata;
    await clock.advance(1_000);
    await ensureDefaultRoles(store);
    expect((await read(store, 'view')).metadata.resourceVersion).toBe(resourceVersion);
  });

  it('what was taken from them is put back, and what was added stays', async () => {
    const { store } = await policyOf();
    await ensureDefaultRoles(store);
    const { aggregationRule, ...view } = await read(store, 'view');
    const added = { verbs: ['frobnicate'], apiGroups: [''], resources: ['things'] };
    await store.update(clusterRole, { ...view, metadata: { ...view.metadata, labels: { mine: 'too' } }, rules: [added] });
    await ensureDefaultRoles(store);
    const mended = await read(store, 'view');
    expect(mended.rules).toEqual([added, ...(view.rules ?? [])]);
    expect([mended.aggregationRule, mended.metadata.labels]).toEqual([aggregationRule, { ...view.metadata.labels, mine: 'too' }]);
  });

  it('one that somebody keeps for themselves stays as it is', async () => {
    const { store } = await policyOf();
    await ensureDefaultRoles(store);
    const view = await read(store, 'view');
    const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' };
    await store.update(clusterRole, { ...view, metadata: { ...view.metadata, annotations }, rules: [] });
    await ensureDefaultRoles(store);
    expect((await read(store, 'view')).rules).toEqual([]);
  });

  it('two that start at once do not stumble over each other', async () => {
    const { store } = await policyOf();
    await Promise.all([ensureDefaultRoles(store), ensureDefaultRoles(store)]);
    expect((await store.list(clusterRole)).items.map(({ metadata }) => metadata.name)).toEqual(['admin', 'cluster-admin', 'edit', 'view']);
  });
});
