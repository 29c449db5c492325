import { describe, expect, it } from '@jest/globals';
import { openGuarded } from './authorize/guarded.ts';
import { openApi } from './harness.ts';

const root = '/apis/authorization.k8s.io/v1';
const paths = {
  SelfSubjectReview: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
  SelfSubjectAccessReview: `${root}/selfsubjectaccessreviews`,
  SelfSubjectRulesReview: `${root}/selfsubjectrulesreviews`,
  SubjectAccessReview: `${root}/subjectaccessreviews`,
  LocalSubjectAccessReview: `${root}/namespaces/default/localsubjectaccessreviews`,
};
type Review = keyof typeof paths;

const toGet = { verb: 'get', resource: 'configmaps', namespace: 'default' };

describe('a question about rights', () => {
  it.each<[Review, object, string]>([
    ['SelfSubjectAccessReview', {}, 'spec.resourceAttributes: Invalid value: exactly one of nonResourceAttributes or'],
    ['SelfSubjectAccessReview', { spec: {} }, 'spec.resourceAttributes: Invalid value: exactly one of nonResourceAttributes or'],
    [
      'SelfSubjectAccessReview',
      { spec: { resourceAttributes: {}, nonResourceAttributes: {} } },
      'spec.nonResourceAttributes: Invalid value: cannot be specified in combination with resourceAttributes',
    ],
    ['SelfSubjectAccessReview', { metadata: { name: 'x' }, spec: { resourceAttributes: toGet } }, 'metadata: Invalid value: must be empty'],
    ['SelfSubjectAccessReview', { spec: { resourceAttributes: { verb: 1 } } }, 'spec.resourceAttributes.verb: Invalid value: '],
    ['SubjectAccessReview', { spec: { resourceAttributes: toGet } }, 'spec.user: Invalid value: "": at least one of user or group must be'],
    [
      'LocalSubjectAccessReview',
      { spec: { user: 'u', resourceAttributes: { ...toGet, namespace: 'other' } } },
      'spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
    ],
    [
      'LocalSubjectAccessReview',
      { spec: { user: 'u', nonResourceAttributes: { path: '/x', verb: 'get' } } },
      'spec.nonResourceAttributes: Invalid value: disallowed on this kind of request',
    ],
  ])('%s is refused for %j', async (kind, review, message) => {
    const { send, failures } = await openApi();
    const { code, body } = await send('POST', paths[kind], review);
    expect([code, body.reason, body.message]).toEqual([
      422,
      'Invalid',
      expect.stringContaining(`${kind}.authorization.k8s.io "" is invalid: ${message}`),
    ]);
    expect(failures).toEqual([]);
  });

  it.each<[Review, unknown, string]>([
    ['SelfSubjectAccessReview', { kind: 'Secret' }, 'this path takes kind SelfSubjectAccessReview'],
    ['SelfSubjectAccessReview', [], 'the body is not an object'],
    ['SelfSubjectAccessReview', undefined, 'the request has no body'],
    ['SelfSubjectRulesReview', { spec: {} }, 'no namespace on request'],
    [
      'LocalSubjectAccessReview',
      { metadata: { namespace: 'other' }, spec: { user: 'u', resourceAttributes: toGet } },
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
  ])('%s is not understood for %j', async (kind, review, message) => {
    const { send } = await openApi();
    const { code, body } = await send('POST', paths[kind], review);
    expect([code, body.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it('is decoded as strictly as the request says', async () => {
    const { send } = await openApi();
    const review = { spec: { resourceAttributes: toGet, user: 'u' } };
    const refused = await send('POST', `${paths.SelfSubjectAccessReview}?fieldValidation=Strict`, review);
    expect([refused.code, refused.body.message]).toEqual([400, expect.stringContaining('unknown field "spec.user"')]);
    const warned = await send('POST', paths.SelfSubjectAccessReview, review);
    expect([warned.code, warned.headers.get('warning')]).toEqual([201, '299 - "unknown field \\"spec.user\\""']);
  });

  it('is answered with itself and its status, whatever status it came with', async () => {
    const { send } = await openApi();
    const spec = { user: 'u', resourceAttributes: toGet };
    const { code, body } = await send('POST', paths.LocalSubjectAccessReview, { spec, status: { allowed: false } });
    expect([code, body]).toEqual([
      201,
      {
        kind: 'LocalSubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        metadata: { namespace: 'default', creationTimestamp: null },
        spec,
        status: { allowed: true },
      },
    ]);
  });

  it.each<[string, Review]>([
    ['GET', 'SelfSubjectReview'],
    ['DELETE', 'SubjectAccessReview'],
    ['PATCH', 'LocalSubjectAccessReview'],
  ])('is never stored: %s of a %s is no method of it', async (method, kind) => {
    const { send } = await openApi();
    const path = method === 'PATCH' ? `${paths[kind]}/x` : paths[kind];
    expect((await send(method, path, method === 'GET' ? undefined : {})).code).toBe(405);
  });

  it.each([`${root}/localsubjectaccessreviews`, `${root}/namespaces/default/subjectaccessreviews`])('is not asked at %s', async (path) => {
    expect((await (await openApi()).send('POST', path, { spec: {} })).code).toBe(404);
  });

  it('about others is for those who may ask it: in one namespace, or about everything', async () => {
    const { as, give } = await openGuarded();
    await as('root')('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      metadata: { name: 'asks' },
      rules: [{ verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews', 'subjectaccessreviews'] }],
    });
    await give('bob', 'view', 'default');
    await give('ada', 'asks', 'default');
    const ask = async (kind: Review, resource: string) => {
      const spec = { user: 'bob', resourceAttributes: { ...toGet, resource } };
      const { code, body } = await as('ada')('POST', paths[kind], { spec });
      return [code, body.status.allowed];
    };
    expect(await ask('LocalSubjectAccessReview', 'configmaps')).toEqual([201, true]);
    expect(await ask('LocalSubjectAccessReview', 'secrets')).toEqual([201, false]);
    expect(await ask('SubjectAccessReview', 'configmaps')).toEqual([403, undefined]);
    await give('ada', 'asks');
    expect(await ask('SubjectAccessReview', 'configmaps')).toEqual([201, true]);
  });
});
