import { describe, expect, it } from '@jest/globals';
import type { Store } from '../../../shared/store/store.ts';
import { configMapNamed, machineNamed, merge, paths } from '../harness.ts';
import { type Guarded, openGuarded } from './guarded.ts';
import { canary, openWithSecrets } from './secrets.ts';

type Sent = readonly [user: string, method: string, path: string, body?: unknown, headers?: Record<string, string>];

/** What the log says of one request, on a plane with ConfigMaps `a` and `b`, in which bob has `view`. */
async function logged([user, method, path, body, headers]: Sent, prepared?: Guarded): Promise<string[]> {
  const { as, log, give } = prepared ?? (await openGuarded());
  if (prepared === undefined) {
    for (const name of ['a', 'b']) await as('root')('POST', paths.configMaps, configMapNamed(name, { key: canary }));
    await give('bob', 'view');
  }
  log.length = 0;
  await as(user)(method, path, body, headers);
  expect(log.join()).not.toContain(canary);
  return [...log];
}

const { configMaps, machines, secrets } = paths;
const secret = { metadata: { name: 's' }, stringData: { key: canary } };
const generated = { metadata: { generateName: 'g-' }, stringData: { key: canary } };
const ofSecrets = '"verb":"create","resource":"secrets","group":"","namespace":"default"';
const ofMaps = (verb: string) => `"verb":"${verb}","resource":"configmaps","group":"","namespace":"default"`;

describe('a write has one line in the log, never with its body', () => {
  it.each<[string, Sent, string]>([
    ['a create', ['root', 'POST', secrets, secret], `answered {"user":"root",${ofSecrets},"name":"s","code":201}`],
    ['a create by generateName', ['root', 'POST', secrets, generated], `answered {"user":"root",${ofSecrets},"name":"g-#####","code":201}`],
    [
      'a dry run',
      ['root', 'POST', `${secrets}?dryRun=All`, secret],
      `answered {"user":"root",${ofSecrets},"name":"s","dryRun":true,"code":201}`,
    ],
    ['what is no dry run', ['root', 'POST', `${secrets}?dryRun=`, secret], `answered {"user":"root",${ofSecrets},"name":"s","code":201}`],
    [
      'a create of what is there',
      ['root', 'POST', configMaps, configMapNamed('a', { key: canary })],
      `refused {"user":"root",${ofMaps('create')},"name":"a","code":409}`,
    ],
    [
      'a create of what is wrong',
      ['root', 'POST', secrets, { ...secret, data: canary }],
      `refused {"user":"root",${ofSecrets},"name":"s","code":422}`,
    ],
    [
      'a create of what nobody knows',
      ['root', 'POST', `${secrets}?fieldValidation=Strict`, { ...secret, [canary]: canary }],
      `refused {"user":"root",${ofSecrets},"name":"s","code":400}`,
    ],
    ['a create without a name', ['root', 'POST', secrets, {}], `refused {"user":"root",${ofSecrets},"code":422}`],
    [
      'a create with no name at all',
      ['root', 'POST', secrets, { metadata: { name: [canary] } }],
      `refused {"user":"root",${ofSecrets},"code":422}`,
    ],
    [
      'a create with too long a name',
      ['root', 'POST', secrets, { metadata: { name: 'x'.repeat(300) } }],
      `refused {"user":"root",${ofSecrets},"name":"${'x'.repeat(253)}","code":422}`,
    ],
    ['a create without a body', ['root', 'POST', secrets], `refused {"user":"root",${ofSecrets},"code":400}`],
    [
      'a patch',
      ['root', 'PATCH', `${configMaps}/a`, { data: { key: canary } }, merge],
      `answered {"user":"root",${ofMaps('patch')},"name":"a","code":200}`,
    ],
    [
      'a patch of what is not there',
      ['root', 'PATCH', `${machines}/m/status`, {}, merge],
      'refused {"user":"root","verb":"patch","resource":"machines","subresource":"status","group":"cluster.k8s.io","namespace":"default","name":"m","code":404}',
    ],
    ['a delete', ['root', 'DELETE', `${configMaps}/a`], `answered {"user":"root",${ofMaps('delete')},"name":"a","code":200}`],
    [
      'a delete that is a dry run by its body, as kubectl writes it',
      ['root', 'DELETE', `${configMaps}/a`, { dryRun: ['All'] }],
      `answered {"user":"root",${ofMaps('delete')},"name":"a","dryRun":true,"code":200}`,
    ],
    [
      'a delete of a collection',
      ['root', 'DELETE', configMaps],
      `answered {"user":"root",${ofMaps('deletecollection')},"objects":2,"code":200}`,
    ],
    [
      'a delete of nothing',
      ['root', 'DELETE', `${configMaps}?labelSelector=x`],
      `answered {"user":"root",${ofMaps('deletecollection')},"objects":0,"code":200}`,
    ],
    [
      'in the name of somebody else',
      ['root', 'DELETE', `${configMaps}/a`, undefined, { 'impersonate-user': 'eve', 'impersonate-group': 'system:masters' }],
      `answered {"user":"eve","impersonator":"root",${ofMaps('delete')},"name":"a","code":200}`,
    ],
  ])('%s', async (_, sent, line) => {
    const told = await logged(sent);
    expect(told.map((text) => text.replace(/g-\w{5}/, 'g-#####'))).toEqual([`a write was ${line}`]);
  });

  it('and tells how many objects a collection has lost before its deletion failed', async () => {
    let removed = 0;
    const remove: Store['remove'] = () => Promise.reject(new Error('no answer'));
    const guarded = await openGuarded((store) => ({ ...store, remove: (...args) => (removed++ === 1 ? remove : store.remove)(...args) }));
    for (const name of ['a', 'b', 'c']) await guarded.as('root')('POST', configMaps, configMapNamed(name));
    const [line, failed] = await logged(['root', 'DELETE', configMaps], guarded);
    expect(line).toBe(`a write was refused {"user":"root",${ofMaps('deletecollection')},"objects":1,"code":500}`);
    expect(failed).toMatch(/^a request failed/);
  });

  it.each<[string, Sent]>([
    ['a read', ['bob', 'GET', configMaps]],
    ['a review', ['bob', 'POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}]],
  ])('and %s has none', async (_, sent) => {
    expect(await logged(sent)).toEqual([]);
  });
});

describe('a denial says who may not do what, and where, in its answer and in one line of the log', () => {
  const core = (verb: string, resource: string) => `"verb":"${verb}","group":"","resource":"${resource}"`;
  const asAda = { 'impersonate-user': 'ada' };

  it.each<[string, Sent, string, string]>([
    [
      'a name',
      ['bob', 'GET', `${secrets}/s`],
      'secrets "s" is forbidden: User "bob" cannot get resource "secrets" in API group "" in the namespace "default"',
      `"user":"bob",${core('get', 'secrets')},"namespace":"default","name":"s"`,
    ],
    [
      'a collection in a namespace',
      ['bob', 'POST', secrets, secret],
      'secrets is forbidden: User "bob" cannot create resource "secrets" in API group "" in the namespace "default"',
      `"user":"bob",${core('create', 'secrets')},"namespace":"default"`,
    ],
    [
      'a collection everywhere',
      ['bob', 'GET', '/api/v1/secrets?watch=true'],
      'secrets is forbidden: User "bob" cannot watch resource "secrets" in API group "" at the cluster scope',
      `"user":"bob",${core('watch', 'secrets')}`,
    ],
    [
      'a collection of one name',
      ['bob', 'DELETE', `${secrets}?fieldSelector=metadata.name%3Ds`],
      'secrets "s" is forbidden: User "bob" cannot deletecollection resource "secrets" in API group "" in the namespace "default"',
      `"user":"bob",${core('deletecollection', 'secrets')},"namespace":"default","name":"s"`,
    ],
    [
      'a subresource',
      ['bob', 'PATCH', `${machines}/m/status`, machineNamed('m')],
      'machines.cluster.k8s.io "m" is forbidden: User "bob" cannot patch resource "machines/status" in API group "cluster.k8s.io" in the namespace "default"',
      '"user":"bob","verb":"patch","group":"cluster.k8s.io","resource":"machines","subresource":"status","namespace":"default","name":"m"',
    ],
    [
      'what is in no namespace',
      ['bob', 'DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterroles/view'],
      'clusterroles.rbac.authorization.k8s.io "view" is forbidden: User "bob" cannot delete resource "clusterroles" in API group "rbac.authorization.k8s.io" at the cluster scope',
      '"user":"bob","verb":"delete","group":"rbac.authorization.k8s.io","resource":"clusterroles","name":"view"',
    ],
    [
      'a namespace',
      ['bob', 'DELETE', '/api/v1/namespaces/default'],
      'namespaces "default" is forbidden: User "bob" cannot delete resource "namespaces" in API group "" in the namespace "default"',
      `"user":"bob",${core('delete', 'namespaces')},"namespace":"default","name":"default"`,
    ],
    [
      'a resource that there is not',
      ['bob', 'GET', '/apis/apps/v1/namespaces/default/deployments'],
      'deployments.apps is forbidden: User "bob" cannot list resource "deployments" in API group "apps" in the namespace "default"',
      '"user":"bob","verb":"list","group":"apps","resource":"deployments","namespace":"default"',
    ],
    [
      'a path',
      ['bob', 'GET', '/metrics'],
      'forbidden: User "bob" cannot get path "/metrics"',
      '"user":"bob","verb":"get","path":"/metrics"',
    ],
    [
      'a review of somebody else',
      ['bob', 'POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec: { user: 'ada' } }],
      'subjectaccessreviews.authorization.k8s.io is forbidden: User "bob" cannot create resource "subjectaccessreviews" in API group "authorization.k8s.io" at the cluster scope',
      '"user":"bob","verb":"create","group":"authorization.k8s.io","resource":"subjectaccessreviews"',
    ],
    [
      "somebody else's name",
      ['bob', 'GET', configMaps, undefined, asAda],
      'users "ada" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
      `"user":"bob",${core('impersonate', 'users')},"name":"ada"`,
    ],
    [
      "what is done in somebody else's name",
      ['root', 'DELETE', `${configMaps}/a`, undefined, asAda],
      'configmaps "a" is forbidden: User "ada" cannot delete resource "configmaps" in API group "" in the namespace "default"',
      `"user":"ada","impersonator":"root",${core('delete', 'configmaps')},"namespace":"default","name":"a"`,
    ],
  ])('of %s', async (_, sent, message, line) => {
    const guarded = await openGuarded();
    await guarded.give('bob', 'view');
    const [user, ...request] = sent;
    expect((await guarded.as(user)(...request)).body).toMatchObject({ code: 403, reason: 'Forbidden', message });
    expect(await logged(sent, guarded)).toEqual([`a request was denied {${line},"code":403}`]);
  });

  it.each<[string, Sent, string]>([
    [
      'get',
      ['bob', 'GET', `${configMaps}/keys`],
      `a request was denied {"user":"bob",${core('get', 'configmaps')},"namespace":"default","name":"keys","code":403}`,
    ],
    ['delete', ['bob', 'DELETE', `${configMaps}/keys`], `a write was refused {"user":"bob",${ofMaps('delete')},"name":"keys","code":403}`],
  ])('of a %s of what is labelled sensitive, to who may not get secrets', async (_, sent, line) => {
    const guarded = await openWithSecrets({ verbs: ['delete'], apiGroups: [''], resources: ['configmaps'] });
    expect(await logged(sent, guarded)).toEqual([line]);
  });
});
