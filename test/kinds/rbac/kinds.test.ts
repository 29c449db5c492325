import { describe, expect, it } from '@jest/globals';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { clusterRole } from '../../../shared/kinds/rbac/cluster-role.ts';
import { clusterRoleBinding } from '../../../shared/kinds/rbac/cluster-role-binding.ts';
import { role } from '../../../shared/kinds/rbac/role.ts';
import { roleBinding } from '../../../shared/kinds/rbac/role-binding.ts';
import { openApi } from '../../api/harness.ts';

const faults = <T extends KubeObject>(kind: Kind<T>, fields: object): string[] =>
  kind
    .validate({ apiVersion: '', kind: '', metadata: { name: 'x' }, ...fields } as unknown as T)
    .map(({ field, message }) => `${field}: ${message}`);

describe('the rules of a role', () => {
  it.each([
    [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['a'] }, []],
    [{ verbs: [], apiGroups: [''], resources: ['secrets'] }, ['rules[0].verbs: verbs must contain at least one value']],
    [{ verbs: ['get'], resources: ['secrets'] }, ['rules[0].apiGroups: resource rules must supply at least one api group']],
    [{ verbs: ['get'], apiGroups: [''] }, ['rules[0].resources: resource rules must supply at least one resource']],
    [{ verbs: ['get'], nonResourceURLs: ['/x'] }, ['rules[0].nonResourceURLs: namespaced rules cannot apply to non-resource URLs']],
  ])('%j', (rule, expected) => {
    expect(faults(role, { rules: [rule] })).toEqual(expected);
  });

  it('of a ClusterRole may name paths, but not beside resources', () => {
    const rule = { verbs: ['get'], nonResourceURLs: ['/x'] };
    expect(faults(clusterRole, { rules: [rule] })).toEqual([]);
    expect(faults(clusterRole, { rules: [{ ...rule, resources: ['secrets'] }] })).toEqual([
      'rules[0].nonResourceURLs: rules cannot apply to both regular resources and non-resource URLs',
    ]);
  });
});

const view = { kind: 'ClusterRole', name: 'view' };

describe('a binding', () => {
  it.each([
    [{ roleRef: view, subjects: [{ kind: 'User', name: 'ada' }] }, []],
    [
      { roleRef: view, subjects: [{ kind: 'ServiceAccount', name: 'ci' }] },
      ['subjects[0].namespace: write the namespace of the ServiceAccount'],
    ],
    [{ roleRef: { kind: 'Role', name: 'x' } }, ['roleRef.kind: "Role": supported values: "ClusterRole"']],
    [{ roleRef: { ...view, name: '' } }, ['roleRef.name: write the name of a role']],
    [{ roleRef: { ...view, apiGroup: 'apps' } }, ['roleRef.apiGroup: "apps": supported values: "rbac.authorization.k8s.io"']],
    [
      { roleRef: view, subjects: [{ kind: 'Robot', name: 'x' }] },
      ['subjects[0].kind: "Robot": supported values: "User", "Group", "ServiceAccount"'],
    ],
    [{ roleRef: view, subjects: [{ kind: 'User', name: '' }] }, ['subjects[0].name: write the name of a User']],
    [{ roleRef: view, subjects: [{ kind: 'User', name: 'x', namespace: 'y' }] }, ['subjects[0].namespace: a User is in no namespace']],
    [
      { roleRef: view, subjects: [{ kind: 'Group', name: 'x', apiGroup: 'apps' }] },
      ['subjects[0].apiGroup: "apps": supported values: "rbac.authorization.k8s.io"'],
    ],
  ])('of a cluster: %j', (fields, expected) => {
    expect(faults(clusterRoleBinding, fields)).toEqual(expected);
  });

  it('of a namespace may give a Role, to a ServiceAccount beside it', () => {
    expect(faults(roleBinding, { roleRef: { kind: 'Role', name: 'x' }, subjects: [{ kind: 'ServiceAccount', name: 'ci' }] })).toEqual([]);
  });

  it('is stored with the groups of its role and its subjects', async () => {
    const { send } = await openApi();
    const { body } = await send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'b' },
      roleRef: view,
      subjects: [
        { kind: 'User', name: 'ada' },
        { kind: 'ServiceAccount', name: 'ci', namespace: 'default' },
      ],
    });
    const apiGroup = 'rbac.authorization.k8s.io';
    expect([body.roleRef.apiGroup, body.subjects.map((subject: { apiGroup?: string }) => subject.apiGroup)]).toEqual([
      apiGroup,
      [apiGroup, undefined],
    ]);
  });

  it('stays one of its role, and may get other subjects', async () => {
    const { send } = await openApi();
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings';
    await send('POST', path, { metadata: { name: 'b' }, roleRef: view });
    const merge = { 'content-type': 'application/merge-patch+json' };
    const { code, body } = await send('PATCH', `${path}/b`, { roleRef: { name: 'admin' } }, merge);
    expect([code, body.details.causes[0].field, body.message]).toEqual([422, 'roleRef', expect.stringContaining('cannot change roleRef')]);
    expect((await send('PATCH', `${path}/b`, { subjects: [{ kind: 'User', name: 'ada' }] }, merge)).code).toBe(200);
  });
});

it('names of roles are whatever can stand in a path', async () => {
  const { send } = await openApi();
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  expect((await send('POST', path, { metadata: { name: 'system:Looking.around' } })).code).toBe(201);
  expect((await send('GET', `${path}/system%3ALooking.around`)).body.metadata.name).toBe('system:Looking.around');
  for (const name of ['..', 'a/b', 'a%b', 'x'.repeat(254)]) expect((await send('POST', path, { metadata: { name } })).code).toBe(422);
});

it('kubectl gets roles with their time, and bindings with role and subjects', async () => {
  const { send } = await openApi();
  const root = '/apis/rbac.authorization.k8s.io/v1';
  const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  await send('POST', `${root}/clusterroles`, { metadata: { name: 'r' } });
  const subjects = [
    { kind: 'User', name: 'ada' },
    { kind: 'User', name: 'bob' },
    { kind: 'ServiceAccount', name: 'ci', namespace: 'default' },
  ];
  await send('POST', `${root}/clusterrolebindings`, { metadata: { name: 'b' }, roleRef: view, subjects });
  expect((await send('GET', `${root}/clusterroles`, undefined, table)).body.rows[0].cells).toEqual(['r', '2019-07-26T00:00:00Z']);
  expect((await send('GET', `${root}/clusterrolebindings`, undefined, table)).body.rows[0].cells).toEqual([
    'b',
    'ClusterRole/view',
    '0s',
    'ada, bob',
    '',
    'default/ci',
  ]);
});
