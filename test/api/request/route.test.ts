import { describe, expect, it } from '@jest/globals';
import { parsePath, verbOf } from '../../../shared/api/request/route.ts';

describe('a path', () => {
  const ours = { group: 'cluster.k8s.io', version: 'v1alpha1' };
  const core = { group: '', version: 'v1' };
  it.each([
    ['/apis/cluster.k8s.io/v1alpha1/machines', { ...ours, resource: 'machines' }],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/ns/machines', { ...ours, namespace: 'ns', resource: 'machines' }],
    ['/apis/cluster.k8s.io/v1alpha1/namespaces/ns/machines/m/', { ...ours, namespace: 'ns', resource: 'machines', name: 'm' }],
    [
      '/apis/cluster.k8s.io/v1alpha1/namespaces/ns/machines/m/status',
      { ...ours, namespace: 'ns', resource: 'machines', name: 'm', subresource: 'status' },
    ],
    ['/api/v1/namespaces', { ...core, resource: 'namespaces' }],
    ['/api/v1/namespaces/ns', { ...core, resource: 'namespaces', name: 'ns' }],
    ['/api/v1/namespaces/ns/status', { ...core, resource: 'namespaces', name: 'ns', subresource: 'status' }],
    ['/api/v1/namespaces/ns/finalize', { ...core, resource: 'namespaces', name: 'ns', subresource: 'finalize' }],
    ['/api/v1/namespaces/ns/secrets', { ...core, namespace: 'ns', resource: 'secrets' }],
    ['/api/v1/namespaces/ns/secrets/status', { ...core, namespace: 'ns', resource: 'secrets', name: 'status' }],
    ['/api/v1/nodes/ip-172-31-36-224', { ...core, resource: 'nodes', name: 'ip-172-31-36-224' }],
    ['/api/v1/namespaces/ns/events/m.17%2f', { ...core, namespace: 'ns', resource: 'events', name: 'm.17/' }],
    ['/api', undefined],
    ['/api/v1', undefined],
    ['/apis/cluster.k8s.io/v1alpha1', undefined],
    ['/healthz', undefined],
    ['/', undefined],
  ])('%s names %j', (path, expected) => {
    expect(parsePath(path)).toEqual(expected);
  });

  it('that is wrongly encoded is refused', () => {
    expect(() => parsePath('/api/v1/namespaces/%zz')).toThrow('percent sign');
  });
});

describe('a method', () => {
  const list = { group: '', version: 'v1', resource: 'secrets' };
  const item = { ...list, name: 's' };
  it.each([
    ['GET', list, false, 'list'],
    ['GET', list, true, 'watch'],
    ['GET', item, false, 'get'],
    ['GET', item, true, 'watch'],
    ['POST', list, false, 'create'],
    ['POST', item, false, undefined],
    ['POST', { ...item, subresource: 'eviction' }, false, 'create'],
    ['PUT', item, false, 'update'],
    ['PUT', list, false, undefined],
    ['PATCH', item, false, 'patch'],
    ['DELETE', item, false, 'delete'],
    ['DELETE', list, false, 'deletecollection'],
    ['OPTIONS', list, false, undefined],
  ])('%s of %j, watch %j, is %s', (method, path, watch, verb) => {
    expect(verbOf(method, path, watch)).toBe(verb);
  });
});
