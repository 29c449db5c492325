import { describe, expect, it } from '@jest/globals';
import { firstOf } from '../../shared/api/authenticate/bearer.ts';
import { staticTokens } from '../../shared/api/authenticate/static.ts';
import type { Attributes, Authorize } from '../../shared/api/call.ts';
import { machineNamed, openApi, paths } from './harness.ts';

const authenticate = staticTokens([
  { token: 'red', user: 'ada', groups: ['admins'] },
  { token: 'blue', user: 'bob', groups: [] },
]);
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const ssar = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

describe('who asks', () => {
  it.each([
    ['nobody', {}],
    ['a wrong token', as('green')],
    ['a token of another length', as('redd')],
    ['another scheme', { authorization: 'Basic red' }],
  ])('is not known by %s: 401', async (_, headers) => {
    const { send } = await openApi({ authenticate });
    const { code, body } = await send('GET', paths.machines, undefined, headers);
    expect([code, body]).toEqual([
      401,
      { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
    ]);
  });

  it('is told by whoami', async () => {
    const { send } = await openApi({ authenticate });
    const { code, body } = await send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, as('red'));
    expect([code, body.status.userInfo]).toEqual([201, { username: 'ada', groups: ['admins', 'system:authenticated'] }]);
  });

  it('is asked of each authenticator in turn', async () => {
    const both = firstOf(authenticate, staticTokens([{ token: 'green', user: 'eve', groups: [] }]));
    const request = new Request('https://x', { headers: as('green') });
    expect((await both(request))?.name).toBe('eve');
    expect(await both(new Request('https://x'))).toBeUndefined();
  });
});

describe('what they may', () => {
  const asked: Attributes[] = [];
  const authorize: Authorize = async (attributes) => {
    asked.push(attributes);
    if ('path' in attributes) return { allowed: false };
    return { allowed: attributes.user.name === 'ada' && attributes.resource !== 'secrets', reason: 'ask ada' };
  };

  it.each([
    [
      'POST',
      paths.machines,
      'machines.cluster.k8s.io is forbidden: User "bob" cannot create resource "machines" in API group "cluster.k8s.io" in the namespace "default": ask ada',
    ],
    [
      'GET',
      `${paths.machines}/m/status`,
      'machines.cluster.k8s.io "m" is forbidden: User "bob" cannot get resource "machines/status" in API group "cluster.k8s.io" in the namespace "default": ask ada',
    ],
    [
      'GET',
      '/api/v1/secrets',
      'secrets is forbidden: User "bob" cannot list resource "secrets" in API group "" at the cluster scope: ask ada',
    ],
    [
      'DELETE',
      '/api/v1/namespaces/x',
      'namespaces "x" is forbidden: User "bob" cannot delete resource "namespaces" in API group "" in the namespace "x": ask ada',
    ],
    ['GET', '/metrics', 'forbidden: User "bob" cannot get path "/metrics"'],
  ])('%s %s is denied in words', async (method, path, message) => {
    const { send } = await openApi({ authenticate, authorize });
    const { code, body } = await send(method, path, method === 'POST' ? machineNamed('m') : undefined, as('blue'));
    expect([code, body.reason, body.message]).toEqual([403, 'Forbidden', message]);
  });

  it.each(['/api', '/apis/cluster.k8s.io/v1alpha1', '/openapi/v3', '/version', '/readyz'])(
    'includes %s for everybody who is known',
    async (path) => {
      const { send } = await openApi({ authenticate, authorize });
      expect((await send('GET', path, undefined, as('blue'))).code).toBe(200);
    },
  );

  it.each([
    ['red', 'machines', true],
    ['red', 'secrets', false],
    ['blue', 'machines', false],
  ])('is answered by can-i: %s and %s, %j', async (token, resource, allowed) => {
    const { send } = await openApi({ authenticate, authorize });
    const review = { spec: { resourceAttributes: { verb: 'get', resource, namespace: 'default' } } };
    const { code, body } = await send('POST', ssar, review, as(token));
    expect([code, body.status.allowed]).toEqual([201, allowed]);
  });

  it('is listed by can-i --list', async () => {
    const { send } = await openApi({ authenticate, authorize });
    const { body } = await send(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      { spec: { namespace: 'default' } },
      as('red'),
    );
    const resources = body.status.resourceRules.map((rule: { resources: string[] }) => rule.resources[0]);
    expect(resources).toContain('machines');
    expect(resources).not.toContain('secrets');
  });

  it('of others is asked only by those who may ask', async () => {
    const { send } = await openApi({ authenticate, authorize });
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    const review = { spec: { user: 'bob', resourceAttributes: { verb: 'get', resource: 'machines' } } };
    expect((await send('POST', path, review, as('blue'))).code).toBe(403);
    expect((await send('POST', path, review, as('red'))).body.status.allowed).toBe(false);
  });

  it('of a list of one name is asked for that name', async () => {
    const { send } = await openApi({ authenticate, authorize });
    asked.length = 0;
    await send('GET', `${paths.machines}?fieldSelector=metadata.name%3Dm&watch=0`, undefined, as('red'));
    expect(asked).toEqual([expect.objectContaining({ verb: 'list', resource: 'machines', namespace: 'default', name: 'm' })]);
  });
});
