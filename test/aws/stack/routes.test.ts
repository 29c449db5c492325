import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openApiBody, streamingIntegration } from '../../../infra/aws/stack/openapi.ts';
import { routesOf } from '../../../infra/aws/stack/routes.ts';
import { apiVersionOf } from '../../../shared/kinds/define-kind.ts';
import { kinds } from '../../../shared/kinds/index.ts';
import { choose } from './choose-route.ts';
import { manyKinds } from './many-kinds.ts';

describe('routes', () => {
  const routes = routesOf(kinds);

  it.each([
    ['/', 'discovery'],
    ['/version', 'discovery'],
    ['/healthz', 'discovery'],
    ['/api', 'discovery'],
    ['/api/v1', 'discovery'],
    ['/apis', 'discovery'],
    ['/apis/cluster.k8s.io', 'discovery'],
    ['/apis/cluster.k8s.io/v1alpha1', 'discovery'],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces', 'discovery'],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/x', 'discovery'],
    ['/openapi/v2', 'discovery'],
    ['/openapi/v3', 'discovery'],
    ['/openapi/v3/apis/cluster.k8s.io/v1alpha1', 'discovery'],
    ['/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', 'discovery'],
    ['/apis/authorization.k8s.io/v1/namespaces/x/localsubjectaccessreviews', 'discovery'],
    ['/apis/authentication.k8s.io/v1/selfsubjectreviews', 'discovery'],
    ['/api/v1/namespaces', 'api-namespace'],
    ['/api/v1/namespaces/x', 'api-namespace'],
    ['/api/v1/namespaces/x/status', 'api-namespace'],
    ['/api/v1/namespaces/x/finalize', 'api-namespace'],
    ['/api/v1/secrets', 'api-secret'],
    ['/api/v1/namespaces/x/secrets', 'api-secret'],
    ['/api/v1/namespaces/x/secrets/y', 'api-secret'],
    ['/api/v1/namespaces/x/configmaps/y', 'api-config-map'],
    ['/api/v1/namespaces/x/events', 'api-event'],
    ['/apis/events.k8s.io/v1/events', 'api-event'],
    ['/apis/events.k8s.io/v1/namespaces/x/events/y', 'api-event'],
    ['/apis/events.k8s.io/v1', 'discovery'],
    ['/api/v1/namespaces/x/pods', 'discovery'],
    ['/api/v1/namespaces/x/pods/y/log', 'discovery'],
    ['/api/v1/pods', 'discovery'],
    ['/apis/cluster.k8s.io/v1alpha1/machines', 'api-machine'],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/x/machines', 'api-machine'],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/x/machines/y', 'api-machine'],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/x/machines/y/status', 'api-machine'],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/x/machinedeployments/y/scale', 'api-machine-deployment'],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/x/machinesets/y/scale', 'api-machine-set'],
    ['/apis/cluster.k8s.io/v1beta1/namespaces/x/machines', 'discovery'],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/x/potatoes/y', 'discovery'],
    ['/apis/potatoes', 'discovery'],
    ['/favicon.ico', 'discovery'],
    ['/a/b/c/d/e/f/g', 'discovery'],
  ])('%s is answered by %s', (path, entry) => {
    expect(choose(routes, path)).toBe(entry);
  });

  it('lead every path somewhere, from part to part and never back', () => {
    const word = fc.constantFrom('api', 'apis', 'v1', 'namespaces', 'secrets', 'cluster.k8s.io', 'v1alpha1', 'machines', 'x', 'status');
    fc.assert(fc.property(fc.array(word, { maxLength: 9 }), (parts) => choose(routes, `/${parts.join('/')}`) !== undefined));
  });

  it.each(manyKinds(10))('lead to $kind: listed, by name and below', (kind) => {
    const among = routesOf(manyKinds(10));
    const root = `/apis/${apiVersionOf(kind)}`;
    const collection = kind.scope === 'Cluster' ? `${root}/${kind.plural}` : `${root}/namespaces/x/${kind.plural}`;
    for (const path of [`${root}/${kind.plural}`, collection, `${collection}/y`, `${collection}/y/status`])
      expect([path, choose(among, path)]).toEqual([path, `api-${kind.kind.toLowerCase()}`]);
  });

  it('take no more resources than API Gateway gives to one API, for forty kinds', () => {
    expect(routesOf(manyKinds(10)).size).toBeLessThan(100);
    expect(routesOf([...kinds, ...manyKinds(40)]).size).toBeLessThan(300);
  });

  it('give siblings no two variables', () => {
    const paths = [...routesOf([...kinds, ...manyKinds(10)]).keys()];
    const parents = paths.filter((path) => path.endsWith('}')).map((path) => path.slice(0, path.lastIndexOf('/')));
    expect(parents.length).toBe(new Set(parents).size);
  });
});

describe('the document for API Gateway', () => {
  const body = openApiBody(kinds, 'Plastron', (entry) => streamingIntegration(`uri of ${entry}`));
  const paths = Object.entries(body.paths as Record<string, Record<string, Record<string, unknown>>>);

  it('streams every answer of every path, whatever the method', () => {
    for (const [path, item] of paths) {
      expect([path, Object.keys(item)]).toEqual([path, ['x-amazon-apigateway-any-method']]);
      expect(item['x-amazon-apigateway-any-method']!['x-amazon-apigateway-integration']).toMatchObject({
        type: 'aws_proxy',
        httpMethod: 'POST',
        responseTransferMode: 'STREAM',
        timeoutInMillis: 900_000,
        uri: `uri of ${routesOf(kinds).get(path)}`,
      });
    }
  });

  it('declares the variables of its paths', () => {
    for (const [path, item] of paths) {
      const declared = (item['x-amazon-apigateway-any-method']!.parameters ?? []) as { name: string; in: string; required: boolean }[];
      const written = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name);
      expect(declared.map(({ name }) => name)).toEqual(written);
      for (const parameter of declared) expect(parameter).toMatchObject({ in: 'path', required: true });
    }
  });

  it('takes bodies of all types as they are', () => {
    expect(body['x-amazon-apigateway-binary-media-types']).toEqual(['*/*']);
  });
});
