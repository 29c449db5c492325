import { describe, expect, it } from '@jest/globals';
import { createDiscovery } from '../../shared/api/create-discovery.ts';
import type { Schema } from '../../shared/api/objects/schema.ts';
import { rememberPrefix } from '../../shared/api/request/prefix.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { openApi } from './harness.ts';

describe('OpenAPI', () => {
  it('has a document per group and version, named by the hash of its content', async () => {
    const { send } = await openApi();
    const { paths: documents } = (await send('GET', '/openapi/v3')).body;
    expect(Object.keys(documents).sort()).toEqual([
      'api/v1',
      'apis/apiextensions.k8s.io/v1',
      'apis/authentication.k8s.io/v1',
      'apis/authorization.k8s.io/v1',
      'apis/cluster.k8s.io/v1alpha1',
      'apis/events.k8s.io/v1',
      'apis/iamauthenticator.k8s.aws/v1alpha1',
      'apis/rbac.authorization.k8s.io/v1',
    ]);
    const url = documents['apis/cluster.k8s.io/v1alpha1'].serverRelativeURL;
    const { headers, body } = await send('GET', url);
    expect(headers.get('cache-control')).toContain('immutable');
    expect((await send('GET', url.split('?')[0])).headers.get('cache-control')).toBe('no-cache, private');
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

  it('offers apply to an object and to its Scale', async () => {
    const { body } = await (await openApi()).send('GET', '/openapi/v3/apis/cluster.k8s.io/v1alpha1');
    const typesAt = (path: string): string[] => Object.keys(body.paths[path].patch.requestBody.content);
    const item = '/apis/cluster.k8s.io/v1alpha1/namespaces/{namespace}/machinesets/{name}';
    expect([typesAt(item), typesAt(`${item}/scale`)].map((types) => types.includes('application/apply-patch+yaml'))).toEqual([true, true]);
  });

  it('offers strategic merge for core kinds alone', async () => {
    const { body } = await (await openApi()).send('GET', '/openapi/v3/api/v1');
    const { content } = body.paths['/api/v1/namespaces/{namespace}/secrets/{name}'].patch.requestBody;
    expect(Object.keys(content)).toContain('application/strategic-merge-patch+json');
  });

  it('refers to nothing that is not there', async () => {
    const { send } = await openApi();
    for (const path of Object.keys((await send('GET', '/openapi/v3')).body.paths)) {
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

  it('describes every field of everything that is served, at every depth', async () => {
    const { send } = await openApi();
    const undescribed: string[] = [];
    const walk = ({ properties = {}, items, additionalProperties, anyOf = [] }: Schema, at: string): void => {
      for (const [name, field] of Object.entries(properties)) {
        const isReference = field.$ref !== undefined && field.description === undefined;
        if (!isReference && !field.description?.trim().endsWith('.')) undescribed.push(`${at}.${name}`);
        // `kubectl explain` shows no defaults.
        const hasDefault = field.default !== undefined && typeof field.default !== 'object';
        if (hasDefault && !/if absent/.test(field.description ?? '')) undescribed.push(`${at}.${name}: its default`);
        walk(field, `${at}.${name}`);
      }
      if (items?.properties !== undefined && !items.description) undescribed.push(`${at}[]`);
      for (const below of [items, additionalProperties, ...anyOf]) if (typeof below === 'object') walk(below, `${at}[]`);
    };
    for (const path of Object.keys((await send('GET', '/openapi/v3')).body.paths)) {
      const { components } = (await send('GET', `/openapi/v3/${path}`)).body as { components: { schemas: Record<string, Schema> } };
      for (const [name, schema] of Object.entries(components.schemas)) {
        if (!schema.description) undescribed.push(name);
        walk(schema, name);
      }
    }
    expect(undescribed).toEqual([]);
  });

  it.each([
    ['MachineDeployment', 'spec.strategy.type', { enum: ['RollingUpdate', 'OnDelete'], default: 'RollingUpdate' }],
    ['MachineDeployment', 'spec.replicas', { type: 'integer', default: 1, minimum: 0 }],
    ['Machine', 'spec', { required: ['providerSpec'] }],
    ['Cluster', 'spec.clusterNetwork.pods.cidrBlocks', { type: 'array', items: { type: 'string' }, minItems: 1 }],
  ])('says of %s %s what it may be, what it is when absent, and what must be there', async (kind, path, expected) => {
    const { body } = await (await openApi()).send('GET', '/openapi/v3/apis/cluster.k8s.io/v1alpha1');
    const field = path.split('.').reduce((at, name) => at.properties[name], body.components.schemas[`io.k8s.cluster.v1alpha1.${kind}`]);
    expect(field).toMatchObject(expected);
  });
});
