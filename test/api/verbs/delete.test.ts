import { beforeEach, describe, expect, it } from '@jest/globals';
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
  ])('keeps %s as a finalizer for the reconciler', async (propagationPolicy, finalizers) => {
    const { body } = await api.send('DELETE', cluster, { propagationPolicy });
    expect(body.metadata.finalizers).toEqual(finalizers);
    await api.send('DELETE', cluster, { propagationPolicy: 'Background' });
    expect((await api.send('GET', cluster)).code).toBe(404);
  });

  it('never waits for a reconciler where there is none', async () => {
    await api.send('POST', paths.configMaps, configMapNamed('x'));
    await api.send('DELETE', `${paths.configMaps}/x?propagationPolicy=Foreground`);
    expect((await api.send('GET', `${paths.configMaps}/x`)).code).toBe(404);
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

  it('takes with it what nobody reconciles', async () => {
    await api.send('POST', inside(paths.configMaps), configMapNamed('x'));
    expect((await api.send('DELETE', `${paths.namespaces}/demo`)).code).toBe(200);
    expect((await api.send('GET', `${paths.namespaces}/demo`)).code).toBe(404);
    expect((await api.send('GET', '/api/v1/configmaps')).body.items).toEqual([]);
  });

  it('is refused while it holds machines, and leaves it open', async () => {
    await api.send('POST', inside(paths.machines), machineNamed('m'));
    const { code, body } = await api.send('DELETE', `${paths.namespaces}/demo`);
    expect([code, body.message]).toEqual([
      409,
      'Operation cannot be fulfilled on namespaces "demo": it still holds 1 machines; delete them first',
    ]);
    expect((await api.send('POST', inside(paths.configMaps), configMapNamed('x'))).code).toBe(201);
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
