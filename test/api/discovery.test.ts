import { describe, expect, it } from '@jest/globals';
import { createDiscovery } from '../../shared/api/api.ts';
import type { Subresource } from '../../shared/api/call.ts';
import { rememberPrefix } from '../../shared/api/request/prefix.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { openApi, paths } from './harness.ts';

const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' };

describe('discovery', () => {
  it.each(['/healthz', '/livez', '/readyz'])('%s is ok', async (path) => {
    const { code, body } = await (await openApi()).send('GET', path);
    expect([code, body]).toEqual([200, 'ok']);
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

  it('has no short name twice', () => {
    const names = kinds.flatMap((kind) => [kind.plural, kind.singular, ...kind.shortNames]);
    expect(names.length).toBe(new Set(names).size);
  });

  it.each(['/apis/other.io', '/apis/cluster.k8s.io/v2', '/api/v2', '/nothing', '/', '/apis/cluster.k8s.io/v1alpha1/things'])(
    'has no %s',
    async (path) => {
      const { code, body } = await (await openApi()).send('GET', path);
      expect([code, body.reason]).toEqual([404, 'NotFound']);
    },
  );

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
    ]);
    expect([(await send('GET', paths.configMaps)).code, (await send('GET', paths.machines)).code]).toEqual([200, 404]);
  });
});

describe('OpenAPI', () => {
  it('has a document per group and version, named by the hash of its content', async () => {
    const { send } = await openApi();
    const { paths: documents } = (await send('GET', '/openapi/v3')).body;
    expect(Object.keys(documents).sort()).toEqual([
      'api/v1',
      'apis/apiextensions.k8s.io/v1',
      'apis/cluster.k8s.io/v1alpha1',
      'apis/events.k8s.io/v1',
      'apis/iamauthenticator.k8s.aws/v1alpha1',
      'apis/rbac.authorization.k8s.io/v1',
    ]);
    const url = documents['apis/cluster.k8s.io/v1alpha1'].serverRelativeURL;
    const { headers, body } = await send('GET', url);
    expect(headers.get('cache-control')).toContain('immutable');
    expect((await send('GET', url.split('?')[0])).headers.get('cache-control')).toBeNull();
    const item = body.paths['/apis/cluster.k8s.io/v1alpha1/namespaces/{namespace}/machines/{name}'];
    expect(item.patch['x-kubernetes-action']).toBe('patch');
    expect(item.patch['x-kubernetes-group-version-kind']).toEqual({ group: 'cluster.k8s.io', version: 'v1alpha1', kind: 'Machine' });
    expect(item.patch.parameters.map((p: { name: string }) => p.name)).toContain('fieldValidation');
    expect(Object.keys(item.patch.requestBody.content)).toEqual([
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ]);
    expect(body.components.schemas['io.k8s.cluster.v1alpha1.Machine']['x-kubernetes-group-version-kind']).toEqual([
      { group: 'cluster.k8s.io', version: 'v1alpha1', kind: 'Machine' },
    ]);
  });

  it('sends clients where the host is: below the stage of an API Gateway', async () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const discovery = createDiscovery({ kinds, log, authenticate: async () => ({ name: 'x', groups: [] }) });
    const request = new Request('https://plane/openapi/v3');
    rememberPrefix(request, '/v1');
    const { paths: documents } = (await (await discovery(request)).json()) as { paths: Record<string, { serverRelativeURL: string }> };
    expect(documents['api/v1']?.serverRelativeURL).toMatch(/^\/v1\/openapi\/v3\/api\/v1\?hash=[0-9A-Fa-f]+$/);
  });

  it('offers no apply to a Scale, which has no fields that anybody could own', async () => {
    const { body } = await (await openApi()).send('GET', '/openapi/v3/apis/cluster.k8s.io/v1alpha1');
    const typesAt = (path: string): string[] => Object.keys(body.paths[path].patch.requestBody.content);
    const item = '/apis/cluster.k8s.io/v1alpha1/namespaces/{namespace}/machinesets/{name}';
    expect([typesAt(item), typesAt(`${item}/scale`)].map((types) => types.includes('application/apply-patch+yaml'))).toEqual([true, false]);
  });

  it('offers strategic merge for core kinds alone', async () => {
    const { body } = await (await openApi()).send('GET', '/openapi/v3/api/v1');
    const { content } = body.paths['/api/v1/namespaces/{namespace}/secrets/{name}'].patch.requestBody;
    expect(Object.keys(content)).toContain('application/strategic-merge-patch+json');
  });

  it('refers to nothing that is not there', async () => {
    const { send } = await openApi();
    for (const path of ['api/v1', 'apis/cluster.k8s.io/v1alpha1']) {
      const { body } = await send('GET', `/openapi/v3/${path}`);
      const refs = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]!);
      expect(refs.filter((ref) => body.components.schemas[ref] === undefined)).toEqual([]);
    }
  });

  it('v2 is empty in protobuf, and never JSON', async () => {
    const { send } = await openApi();
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const { code, body } = await send('GET', '/openapi/v2', undefined, { accept });
    expect([code, body]).toEqual([200, '']);
    expect((await send('GET', '/openapi/v2')).code).toBe(404);
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
