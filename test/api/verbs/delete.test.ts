import { beforeEach, describe, expect, it } from '@jest/globals';
import { namespace } from '../../../shared/kinds/core/namespace.ts';
import { clusterNamed, configMapNamed, type Harness, machineNamed, merge, openApi, paths } from '../harness.ts';

let api: Harness;
const cluster = `${paths.clusters}/c`;
beforeEach(async () => {
  api = await openApi();
  await api.send('POST', paths.clusters, clusterNamed('c'));
});

describe('delete', () => {
  it('removes an object without finalizers, and tells its uid', async () => {
    const { metadata } = (await api.send('GET', cluster)).body;
    const { code, body } = await api.send('DELETE', cluster);
    expect([code, body.status, body.details]).toEqual([
      200,
      'Success',
      { name: 'c', group: 'cluster.k8s.io', kind: 'clusters', uid: metadata.uid },
    ]);
    expect((await api.send('GET', cluster)).code).toBe(404);
  });

  it('marks an object with finalizers, once', async () => {
    await api.send('PATCH', cluster, { metadata: { finalizers: ['a/b'] } }, merge);
    const first = await api.send('DELETE', cluster);
    expect(first.body.metadata).toMatchObject({ deletionTimestamp: '2019-07-26T00:00:00Z', deletionGracePeriodSeconds: 0, generation: 2 });
    await api.clock.advance(5000);
    expect((await api.send('DELETE', cluster)).body).toEqual(first.body);
  });

  it.each([
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ])('keeps %s as a finalizer for the collector', async (propagationPolicy, finalizers) => {
    const { body } = await api.send('DELETE', cluster, { propagationPolicy });
    expect(body.metadata.finalizers).toEqual(finalizers);
    await api.send('DELETE', cluster, { propagationPolicy: 'Background' });
    expect((await api.send('GET', cluster)).code).toBe(404);
  });

  it('keeps it on objects of every kind, but for those that end by themselves', async () => {
    await api.send('POST', paths.configMaps, configMapNamed('x'));
    const { body } = await api.send('DELETE', `${paths.configMaps}/x?propagationPolicy=Foreground`);
    expect(body.metadata.finalizers).toEqual(['foregroundDeletion']);
    const involvedObject = { kind: 'Cluster', name: 'c', namespace: 'default' };
    await api.send('POST', paths.events, { metadata: { name: 'e' }, involvedObject });
    expect((await api.send('DELETE', `${paths.events}/e?propagationPolicy=Orphan`)).body.status).toBe('Success');
  });

  it.each([
    ['a uid', { uid: 'other' }, 'the UID in the precondition (other) does not match the UID in record'],
    ['a version', { resourceVersion: '1' }, 'the ResourceVersion in the precondition (1) does not match'],
  ])('refuses when %s is another', async (_, preconditions, words) => {
    const { code, body } = await api.send('DELETE', cluster, { preconditions });
    expect([code, body.reason]).toEqual([409, 'Conflict']);
    expect(body.message).toContain(words);
    expect((await api.send('GET', cluster)).code).toBe(200);
  });

  it.each([
    ['an unknown policy', 422, { propagationPolicy: 'Sideways' }],
    ['two policies', 422, { propagationPolicy: 'Orphan', orphanDependents: true }],
    ['an unknown dry run', 422, { dryRun: ['Some'] }],
    ['no options', 400, { propagationPolicy: 7 }],
  ])('refuses %s', async (_, code, options) => {
    expect((await api.send('DELETE', cluster, options)).code).toBe(code);
    expect((await api.send('GET', cluster)).code).toBe(200);
  });

  it('writes nothing in a dry run', async () => {
    expect((await api.send('DELETE', `${cluster}?dryRun=All`)).code).toBe(200);
    expect((await api.send('GET', cluster)).body.metadata.deletionTimestamp).toBeUndefined();
  });

  it('of a collection deletes what is selected', async () => {
    await api.send('POST', paths.machines, machineNamed('a', { set: 'worker' }));
    await api.send('POST', paths.machines, machineNamed('b', { set: 'master' }));
    const { body } = await api.send('DELETE', `${paths.machines}?labelSelector=set%3Dworker`);
    expect(body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['a']);
    expect((await api.send('GET', paths.machines)).body.items).toHaveLength(1);
  });
});

describe('deleting a namespace', () => {
  const inside = (path: string) => path.replace('/default/', '/demo/');
  beforeEach(async () => {
    await api.send('POST', paths.namespaces, { metadata: { name: 'demo' } });
  });

  const demo = `${paths.namespaces}/demo`;

  it('marks it, and leaves the rest to the collector', async () => {
    await api.send('POST', inside(paths.machines), machineNamed('m'));
    const { code, body } = await api.send('DELETE', demo);
    expect([code, body.kind, body.metadata.deletionTimestamp, body.spec, body.status]).toEqual([
      200,
      'Namespace',
      '2019-07-26T00:00:00Z',
      { finalizers: ['kubernetes'] },
      { phase: 'Terminating' },
    ]);
    await api.clock.advance(5000);
    expect((await api.send('DELETE', demo)).body).toEqual(body);
    expect((await api.send('GET', inside(`${paths.machines}/m`))).code).toBe(200);
  });

  it('in a dry run does nothing', async () => {
    expect((await api.send('DELETE', `${demo}?dryRun=All`)).code).toBe(200);
    expect((await api.send('GET', demo)).body.status.phase).toBe('Active');
  });

  it('also marks one that was made before there were finalizers in its spec', async () => {
    await api.store.create(namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'old' } });
    expect((await api.send('DELETE', `${paths.namespaces}/old`)).body.spec).toEqual({ finalizers: ['kubernetes'] });
  });

  it('is over when the last of its finalizers is taken away, by finalize alone', async () => {
    const { body } = await api.send('DELETE', demo);
    const without = { ...body, spec: { finalizers: [] } };
    const kept = await api.send('PUT', demo, without);
    expect([kept.code, kept.body.spec]).toEqual([200, { finalizers: ['kubernetes'] }]);
    await api.send('PATCH', demo, { spec: { finalizers: null }, metadata: { labels: { a: 'b' } } }, merge);
    expect((await api.send('GET', demo)).body).toMatchObject({ metadata: { labels: { a: 'b' } }, spec: { finalizers: ['kubernetes'] } });
    expect((await api.send('PUT', `${demo}/finalize`, without)).code).toBe(409);
    const { resourceVersion: _, ...metadata } = body.metadata;
    expect((await api.send('PUT', `${demo}/finalize?dryRun=All`, { ...without, metadata })).code).toBe(200);
    expect((await api.send('GET', demo)).code).toBe(200);
    const { code, body: last } = await api.send('PUT', `${demo}/finalize`, { ...without, metadata });
    expect([code, last.spec]).toEqual([200, { finalizers: [] }]);
    expect((await api.send('GET', demo)).code).toBe(404);
  });

  it.each(['GET', 'PATCH', 'POST'])('has a finalize that takes no %s', async (method) => {
    expect((await api.send(method, `${demo}/finalize`, method === 'GET' ? undefined : {}, merge)).code).toBe(405);
  });

  it.each(['default', 'cluster-api-provider-talos-system'])('is refused for %s', async (name) => {
    expect((await api.send('DELETE', `${paths.namespaces}/${name}`)).code).toBe(403);
  });

  it('closes it for new content', async () => {
    await api.send('PATCH', `${paths.namespaces}/demo`, { metadata: { finalizers: ['a/b'] } }, merge);
    await api.send('DELETE', `${paths.namespaces}/demo`);
    expect((await api.send('GET', `${paths.namespaces}/demo`)).body.status.phase).toBe('Terminating');
    const { code, body } = await api.send('POST', inside(paths.configMaps), configMapNamed('x'));
    expect([code, body.message]).toEqual([
      403,
      expect.stringContaining('unable to create new content in namespace demo because it is being terminated'),
    ]);
  });
});
