import { describe, expect, it } from '@jest/globals';
import { merge } from '../harness.ts';
import { type Guarded, openGuarded, rbacPaths } from './guarded.ts';

const rbacGroup = 'rbac.authorization.k8s.io';
const all = (...resources: string[]) => ({ verbs: ['get', 'create', 'update', 'patch'], apiGroups: [rbacGroup], resources });
const secrets = (...verbs: string[]) => ({ verbs, apiGroups: [''], resources: ['secrets'] });
const may = (verb: string, ...resources: string[]) => ({ verbs: [verb], apiGroups: [rbacGroup], resources });

/** bob may write roles and bindings, read Secrets, and what else he is given. */
async function open(...rules: object[]): Promise<Guarded> {
  const guarded = await openGuarded();
  await guarded.grant('bob', all('roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'), secrets('get', 'list'), ...rules);
  return guarded;
}

const aggregating = { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } };

describe('a role', () => {
  const created = 201;
  it.each<[string, object, object[], number]>([
    ['of what its writer has', { rules: [secrets('get')] }, [], created],
    ['of no rules', {}, [], created],
    ['of one name of what its writer has', { rules: [{ ...secrets('get'), resourceNames: ['x'] }] }, [], created],
    ['of a verb more', { rules: [secrets('get', 'delete')] }, [], 403],
    ['of all verbs', { rules: [secrets('*')] }, [], 403],
    ['of all groups', { rules: [{ ...secrets('get'), apiGroups: ['*'] }] }, [], 403],
    ['of all resources', { rules: [{ ...secrets('get'), resources: ['*'] }] }, [], 403],
    ['of a subresource of what its writer has', { rules: [{ ...secrets('get'), resources: ['secrets/status'] }] }, [], 403],
    ['of a path', { rules: [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }] }, [], 403],
    ['of a path that everybody has', { rules: [{ verbs: ['get'], nonResourceURLs: ['/apis/*'] }] }, [], created],
    ['of all verbs, by who may escalate', { rules: [secrets('*')] }, [may('escalate', 'clusterroles')], created],
    ['of all verbs, by who may escalate Roles only', { rules: [secrets('*')] }, [may('escalate', 'roles')], 403],
    ['that aggregates', aggregating, [], 403],
    [
      'that aggregates, by who may everything',
      aggregating,
      [
        { verbs: ['*'], nonResourceURLs: ['*'] },
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      ],
      created,
    ],
    [
      'of more combinations than anybody would check',
      { rules: [{ verbs: Array(200).fill('get'), apiGroups: Array(200).fill(''), resources: Array(200).fill('secrets') }] },
      [],
      403,
    ],
  ])('%s', async (_, fields, rules, code) => {
    const { as } = await open(...rules);
    expect((await as('bob')('POST', rbacPaths.clusterRoles, { metadata: { name: 'x' }, ...fields })).code).toBe(code);
    expect((await as('bob')('POST', `${rbacPaths.clusterRoles}?dryRun=All`, { metadata: { name: 'y' }, ...fields })).code).toBe(code);
  });

  it('is refused in words', async () => {
    const { as } = await open();
    const { body } = await as('bob')('POST', rbacPaths.roles, { metadata: { name: 'x' }, rules: [secrets('get', 'delete')] });
    expect(body.message).toBe(
      'roles.rbac.authorization.k8s.io "x" is forbidden: user "bob" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get", "delete"]}',
    );
  });

  it('of a namespace may give what its writer has there, and not elsewhere', async () => {
    const { as, give } = await openGuarded();
    await give('bob', 'admin', 'default');
    const editing = { metadata: { name: 'x' }, rules: [secrets('get', 'delete')] };
    expect((await as('bob')('POST', rbacPaths.roles, editing)).code).toBe(201);
    const cluster = { verbs: ['create'], apiGroups: [''], resources: ['namespaces'] };
    expect((await as('bob')('POST', rbacPaths.roles, { ...editing, metadata: { name: 'y' }, rules: [cluster] })).code).toBe(403);
    expect((await as('bob')('POST', rbacPaths.clusterRoles, editing)).code).toBe(403);
  });

  it('that has more than its writer is not theirs to label, since labels aggregate; who clears away needs no more', async () => {
    const { as } = await open();
    const bob = as('bob');
    await as('root')('POST', rbacPaths.clusterRoles, { metadata: { name: 'strong' }, rules: [secrets('*')] });
    const path = `${rbacPaths.clusterRoles}/strong`;
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    expect((await bob('PATCH', path, { metadata: { labels } }, merge)).code).toBe(403);
    expect((await bob('PATCH', path, { rules: [secrets('get')], aggregationRule: null }, merge)).code).toBe(200);
    expect((await bob('PATCH', `${rbacPaths.clusterRoles}/cluster-admin`, { metadata: { finalizers: ['x.example/y'] } }, merge)).code).toBe(
      200,
    );
  });
});

describe('a binding', () => {
  const toBob = (kind: string, name: string) => ({
    metadata: { name: 'x' },
    subjects: [{ kind: 'User', name: 'bob' }],
    roleRef: { kind, name },
  });

  it.each<[string, string, object, object[], number]>([
    ['of a role with more than its writer has', rbacPaths.clusterRoleBindings, toBob('ClusterRole', 'cluster-admin'), [], 403],
    ['of it in one namespace', rbacPaths.roleBindings, toBob('ClusterRole', 'edit'), [], 403],
    ['of what its writer has', rbacPaths.clusterRoleBindings, toBob('ClusterRole', 'readers'), [], 201],
    ['of a Role that has more', rbacPaths.roleBindings, toBob('Role', 'strong'), [], 403],
    ['of a ClusterRole that aggregates more', rbacPaths.clusterRoleBindings, toBob('ClusterRole', 'aggregate'), [], 403],
    ['of a role that is not there', rbacPaths.roleBindings, toBob('Role', 'gone'), [], 404],
    ['of any role, by who may bind it', rbacPaths.roleBindings, toBob('ClusterRole', 'edit'), [may('bind', 'clusterroles')], 201],
    ['of a Role, by who may bind ClusterRoles', rbacPaths.roleBindings, toBob('Role', 'strong'), [may('bind', 'clusterroles')], 403],
    [
      'of another, by who may bind one',
      rbacPaths.roleBindings,
      toBob('ClusterRole', 'edit'),
      [{ ...may('bind', 'clusterroles'), resourceNames: ['view'] }],
      403,
    ],
    [
      'of the one, by who may bind one',
      rbacPaths.roleBindings,
      toBob('ClusterRole', 'view'),
      [{ ...may('bind', 'clusterroles'), resourceNames: ['view'] }],
      201,
    ],
  ])('%s', async (_, path, binding, rules, code) => {
    const { as } = await open(...rules);
    const root = as('root');
    await root('POST', rbacPaths.clusterRoles, { metadata: { name: 'readers' }, rules: [secrets('get')] });
    await root('POST', rbacPaths.roles, { metadata: { name: 'strong' }, rules: [secrets('*')] });
    await root('POST', rbacPaths.clusterRoles, { metadata: { name: 'part', labels: { a: 'b' } }, rules: [secrets('*')] });
    await root('POST', rbacPaths.clusterRoles, { metadata: { name: 'aggregate' }, ...aggregating });
    expect((await as('bob')('POST', path, binding)).code).toBe(code);
  });

  it('of more than its writer has gets no new subjects from them', async () => {
    const { as } = await open();
    await as('root')('POST', rbacPaths.clusterRoleBindings, { ...toBob('ClusterRole', 'cluster-admin'), subjects: [] });
    const { subjects } = toBob('ClusterRole', 'cluster-admin');
    expect((await as('bob')('PATCH', `${rbacPaths.clusterRoleBindings}/x`, { subjects }, merge)).code).toBe(403);
  });
});

describe('an IAMIdentityMapping', () => {
  const path = '/apis/iamauthenticator.k8s.aws/v1alpha1/iamidentitymappings';
  const mapping = {
    metadata: { name: 'dev' },
    spec: { arn: 'arn:aws:iam::123456789012:role/Dev', username: 'dev', groups: ['system:masters'] },
  };
  const onMappings = (...verbs: string[]) => ({ verbs, apiGroups: ['iamauthenticator.k8s.aws'], resources: ['iamidentitymappings'] });

  it.each([
    [onMappings('get', 'create', 'patch', 'update', 'delete'), 403],
    [onMappings('create', 'bind'), 201],
    [onMappings('*'), 201],
  ])('takes verb bind: %j answers %j', async (rule, code) => {
    const { as, grant } = await openGuarded();
    await grant('bob', rule);
    const answer = await as('bob')('POST', path, mapping);
    expect(answer.code).toBe(code);
    if (code === 403)
      expect(answer.body.message).toBe(
        'iamidentitymappings.iamauthenticator.k8s.aws "dev" is forbidden: user "bob" (groups=["devs" "system:authenticated"]) is attempting to say who somebody is, which takes verb "bind" on resource "iamidentitymappings"',
      );
  });

  it('that is there cannot be turned into another', async () => {
    const { as, grant } = await openGuarded();
    await grant('bob', onMappings('get', 'patch'));
    await as('root')('POST', path, { ...mapping, spec: { ...mapping.spec, groups: [] } });
    expect((await as('bob')('PATCH', `${path}/dev`, { spec: { groups: ['system:masters'] } }, merge)).code).toBe(403);
  });
});
