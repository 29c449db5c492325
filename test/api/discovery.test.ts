import { describe, expect, it } from '@jest/globals';
import type { Subresource } from '../../shared/api/call.ts';
import { createDiscovery } from '../../shared/api/create-discovery.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { openGuarded } from './authorize/guarded.ts';
import { openApi, paths } from './harness.ts';

const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' };

describe('discovery', () => {
  it.each([
    ['/healthz', 'ok'],
    ['/livez', 'ok'],
    ['/readyz', 'ok'],
    ['/readyz/', 'ok'],
    ['/readyz/ping', 'ok'],
    ['/livez?verbose', '[+]ping ok\nlivez check passed\n'],
    ['/readyz?verbose=1', '[+]ping ok\nreadyz check passed\n'],
    ['/readyz?verbose&exclude=ping', '[+]ping excluded: ok\nreadyz check passed\n'],
  ])('%s says %j', async (path, says) => {
    const { code, headers, body } = await (await openApi()).send('GET', path);
    expect([code, headers.get('content-type'), body]).toEqual([200, 'text/plain; charset=utf-8', says]);
  });

  it('says its version', async () => {
    expect((await (await openApi()).send('GET', '/version')).body).toMatchObject({ major: '1', minor: expect.stringMatching(/^\d+$/) });
  });

  it('is aggregated for those who ask for it', async () => {
    const { send } = await openApi();
    const { headers, body } = await send('GET', '/apis', undefined, aggregated);
    expect(headers.get('content-type')).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    const [group] = body.items;
    expect([group.metadata.name, group.versions[0].version, group.versions[0].freshness]).toEqual([
      'cluster.k8s.io',
      'v1alpha1',
      'Current',
    ]);
    const deployments = group.versions[0].resources.find((r: { resource: string }) => r.resource === 'machinedeployments');
    expect(deployments).toMatchObject({
      responseKind: { group: 'cluster.k8s.io', version: 'v1alpha1', kind: 'MachineDeployment' },
      scope: 'Namespaced',
      singularResource: 'machinedeployment',
      categories: ['cluster-api'],
    });
    expect(deployments.subresources.map((s: { subresource: string }) => s.subresource)).toEqual(['status', 'scale']);
    expect((await send('GET', '/api', undefined, aggregated)).body.items[0].metadata.name).toBeUndefined();
  });

  it('is aggregated in v2beta1 too, for clients of before 1.30', async () => {
    const { send } = await openApi();
    const type = (version: string) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    const older = await send('GET', '/apis', undefined, { accept: `${type('v2beta1')},application/json` });
    const newer = await send('GET', '/apis', undefined, { accept: `${type('v2')},${type('v2beta1')},application/json` });
    expect([older.headers.get('content-type'), older.body.apiVersion]).toEqual([type('v2beta1'), 'apidiscovery.k8s.io/v2beta1']);
    expect([newer.headers.get('content-type'), newer.body.items]).toEqual([type('v2'), older.body.items]);
  });

  it.each(['/apis', '/openapi/v3'])('%s is not sent again to those who have it', async (path) => {
    const { send } = await openApi();
    const first = await send('GET', path, undefined, aggregated);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('vary')).toBe('Accept');
    const again = await send('GET', path, undefined, { ...aggregated, 'if-none-match': etag });
    expect([again.code, again.body, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await send('GET', path, undefined, { ...aggregated, 'if-none-match': '"another"' })).code).toBe(200);
  });

  it('is plain for everybody else', async () => {
    const { send } = await openApi();
    expect((await send('GET', '/api')).body.versions).toEqual(['v1']);
    expect((await send('GET', '/apis')).body.groups[0].preferredVersion).toEqual({
      groupVersion: 'cluster.k8s.io/v1alpha1',
      version: 'v1alpha1',
    });
    expect((await send('GET', '/apis/cluster.k8s.io')).body.kind).toBe('APIGroup');
    const { resources } = (await send('GET', '/apis/cluster.k8s.io/v1alpha1')).body;
    expect(resources.find((r: { name: string }) => r.name === 'machinesets/scale')).toEqual({
      name: 'machinesets/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
  });

  it('gives a name to one resource alone, or to the same objects in two groups', async () => {
    const { send } = await openApi();
    const named = new Map<string, string>();
    for (const path of ['/api', '/apis'])
      for (const group of (await send('GET', path, undefined, aggregated)).body.items)
        for (const { resource, singularResource, shortNames = [], responseKind } of group.versions[0].resources)
          for (const name of new Set([resource, singularResource, ...shortNames])) {
            expect([name, named.get(name) ?? responseKind.kind]).toEqual([name, responseKind.kind]);
            named.set(name, responseKind.kind);
          }
    expect(named.get('ev')).toBe('Event');
  });

  it.each(['/apis/other.io', '/apis/cluster.k8s.io/v2', '/api/v2', '/nothing', '/readyz/nothing', '/apis/cluster.k8s.io/v1alpha1/things'])(
    'has no %s',
    async (path) => {
      const { code, body } = await (await openApi()).send('GET', path);
      expect([code, body.reason]).toEqual([404, 'NotFound']);
    },
  );

  it.each([
    ['/api/', 'APIVersions'],
    ['//apis', 'APIGroupList'],
    ['/apis/cluster.k8s.io/', 'APIGroup'],
    ['/api/v1/', 'APIResourceList'],
    ['/apis//cluster.k8s.io/v1alpha1', 'APIResourceList'],
    ['/api/v1//namespaces/', 'NamespaceList'],
  ])('takes %s, slashes and all, for what it means', async (path, kind) => {
    expect((await (await openApi()).send('GET', path)).body.kind).toBe(kind);
  });

  it('lists its paths for those who may get them', async () => {
    const { paths: listed } = (await (await openApi()).send('GET', '/')).body;
    expect(listed).toEqual(
      expect.arrayContaining(['/api/v1', '/apis/cluster.k8s.io', '/apis/cluster.k8s.io/v1alpha1', '/openapi/v3', '/readyz']),
    );
    const { as, give } = await openGuarded();
    await give('bob', 'view');
    expect((await as('bob')('GET', '/')).body.message).toBe('forbidden: User "bob" cannot get path "/"');
  });

  it.each([
    ['/readyz', 200],
    ['/version', 200],
    ['/apis', 200],
    [paths.machines, 405],
    ['/nothing', 404],
  ])('HEAD %s is %d, without a body', async (path, code) => {
    const answer = await (await openApi()).send('HEAD', path);
    expect([answer.code, answer.headers.get('content-type')]).toEqual([code, expect.any(String)]);
  });

  it('is only read', async () => {
    expect((await (await openApi()).send('POST', '/apis', {})).body.reason).toBe('MethodNotAllowed');
  });

  it('is served alone, without objects', async () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const discovery = createDiscovery({ kinds, log, authenticate: async () => ({ name: 'x', groups: [] }) });
    expect((await discovery(new Request('https://plane/apis'))).status).toBe(200);
    expect((await discovery(new Request(`https://plane${paths.machines}`))).status).toBe(404);
  });

  it('shows all kinds where only one is served', async () => {
    const { send } = await openApi({ kinds: [configMap as unknown as Kind], allKinds: kinds });
    expect((await send('GET', '/apis')).body.groups.map((group: { name: string }) => group.name)).toEqual([
      'cluster.k8s.io',
      'events.k8s.io',
      'iamauthenticator.k8s.aws',
      'rbac.authorization.k8s.io',
      'apiextensions.k8s.io',
      'authentication.k8s.io',
      'authorization.k8s.io',
    ]);
    expect([(await send('GET', paths.configMaps)).code, (await send('GET', paths.machines)).code]).toEqual([200, 404]);
  });
});

it('a subresource of a host is found, and called with who asks', async () => {
  const freeze: Subresource = {
    kind: configMap as unknown as Kind,
    name: 'freeze',
    body: { group: 'demo.io', version: 'v1', kind: 'Freeze' },
    create: async ({ namespace, name, user }, body) => ({
      apiVersion: 'v1',
      kind: 'Status',
      metadata: { name },
      namespace,
      user: user.name,
      body,
    }),
  };
  const { send } = await openApi({ subresources: [freeze] });
  const { resources } = (await send('GET', '/api/v1')).body;
  expect(resources.find((r: { name: string }) => r.name === 'configmaps/freeze')).toMatchObject({ kind: 'Freeze', verbs: ['create'] });
  const { code, body } = await send('POST', `${paths.configMaps}/x/freeze`, { deep: true });
  expect([code, body]).toEqual([201, expect.objectContaining({ namespace: 'default', user: 'tester', body: { deep: true } })]);
  expect((await send('GET', `${paths.configMaps}/x/freeze`)).code).toBe(405);
});
