import { describe, expect, it } from '@jest/globals';
import { configMapNamed, paths } from '../harness.ts';
import { openGuarded } from './guarded.ts';

const configMaps = (verbs: string[], ...resourceNames: string[]) => ({ verbs, apiGroups: [''], resources: ['configmaps'], resourceNames });

describe('the right to one name', () => {
  it.each([
    ['GET', '/a', 404],
    ['GET', '/b', 403],
    ['GET', '', 403],
    ['GET', '?fieldSelector=metadata.name%3Da', 200],
    ['GET', '?fieldSelector=metadata.name%3Db', 403],
    ['GET', '?fieldSelector=metadata.name!%3Db', 403],
    ['POST', '', 403],
    ['POST', '?fieldSelector=metadata.name%3Da', 403],
    ['DELETE', '?fieldSelector=metadata.name%3Da', 200],
    ['DELETE', '', 403],
  ])('%s %s: %j', async (method, rest, code) => {
    const { as, grant } = await openGuarded();
    await grant('bob', configMaps(['*'], 'a'));
    const body = method === 'POST' ? configMapNamed('z') : undefined;
    expect((await as('bob')(method, paths.configMaps + rest, body)).code).toBe(code);
  });
});

describe('a Role in a namespace', () => {
  it.each([
    ['GET', '/api/v1/namespaces/default', 200],
    ['GET', '/api/v1/namespaces/cluster-api-provider-talos-system', 403],
    ['GET', '/api/v1/namespaces', 403],
    ['GET', '/api/v1/configmaps', 403],
    ['GET', paths.configMaps, 200],
    ['GET', '/apis/rbac.authorization.k8s.io/v1/namespaces/default/clusterroles', 403],
  ])('%s %s: %j', async (method, path, code) => {
    const { as, give } = await openGuarded();
    await give('bob', 'view', 'default');
    expect((await as('bob')(method, path)).code).toBe(code);
  });
});

describe('can-i --list', () => {
  const review = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';

  it('tells the rules as they are, single names too', async () => {
    const { as, give, grant } = await openGuarded();
    await grant('bob', configMaps(['update'], 'a'), { verbs: ['get'], nonResourceURLs: ['/metrics'] });
    await give('bob', 'view', 'default');
    const { body } = await as('bob')('POST', review, { spec: { namespace: 'default' } });
    expect(body.status.incomplete).toBe(false);
    expect(body.status.resourceRules).toContainEqual({
      verbs: ['update'],
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['a'],
    });
    expect(body.status.resourceRules).toContainEqual({ verbs: ['get', 'list', 'watch'], apiGroups: ['cluster.k8s.io'], resources: ['*'] });
    expect(body.status.nonResourceRules).toContainEqual({ verbs: ['get'], nonResourceURLs: ['/metrics'] });
    const elsewhere = await as('bob')('POST', review, { spec: { namespace: 'other' } });
    expect(JSON.stringify(elsewhere.body.status.resourceRules)).not.toContain('cluster.k8s.io');
  });

  it('says when a role is missing', async () => {
    const { as, give } = await openGuarded();
    await give('bob', 'gone');
    const { body } = await as('bob')('POST', review, { spec: { namespace: 'default' } });
    expect(body.status).toMatchObject({
      incomplete: true,
      evaluationError: 'clusterrole.rbac.authorization.k8s.io "gone" not found',
    });
  });
});

it('who may ask what others may is told it', async () => {
  const { as, give, grant } = await openGuarded();
  await grant('bob', { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] });
  await give('ada', 'view', 'default');
  const ask = async (verb: string) =>
    (
      await as('bob')('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: { user: 'ada', resourceAttributes: { verb, resource: 'configmaps', namespace: 'default' } },
      })
    ).body.status.allowed;
  expect([await ask('get'), await ask('delete')]).toEqual([true, false]);
});
