import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configMap } from '../../../shared/kinds/core/config-map.ts';
import { createMemoryStore } from '../../../shared/store/memory.ts';
import { ensureNamespaces } from '../../../shared/store/namespaces.ts';
import { seededRandom, virtualClock } from '../../clock.ts';
import { sealer } from '../../store/dynamo-host.ts';
import { clusterNamed, configMapNamed, type Harness, jsonPatchType, merge, openApi, paths, strategic } from '../harness.ts';

let api: Harness;
const cluster = `${paths.clusters}/c`;
beforeEach(async () => {
  api = await openApi();
  await api.send('POST', paths.clusters, clusterNamed('c'));
  await api.send('POST', paths.configMaps, configMapNamed('x', { a: '1' }));
});
const read = async (path: string) => (await api.send('GET', path)).body;

describe('an update', () => {
  it('tells the collector of owners that were not named before', async () => {
    const marks: unknown[] = [];
    const random = seededRandom(3);
    const store = createMemoryStore({
      clock: virtualClock(),
      random,
      sealer,
      committed: ({ dynamodb: { NewImage } }) => void marks.push(NewImage?.owned?.S),
    });
    await ensureNamespaces(store);
    marks.length = 0;
    const api = await openApi({ store });
    const path = `${paths.configMaps}/x`;
    const named = (...uids: string[]) => uids.map((uid) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: uid, uid }));
    await api.send('POST', paths.configMaps, { ...configMapNamed('x'), metadata: { name: 'x', ownerReferences: named('a') } });
    await api.send('PATCH', path, { data: { a: '1' } }, merge);
    await api.send('PATCH', path, { metadata: { ownerReferences: named('b', 'a') } }, merge);
    await api.send('PATCH', path, { metadata: { ownerReferences: named('b') } }, merge);
    expect(marks).toEqual(['new', undefined, 'new', undefined]);
  });

  it('counts no changes of what upstream does not count', async () => {
    const api = await openApi();
    const path = `${paths.configMaps}/x`;
    const finalizers = ['a/b'];
    const dry = await api.send('POST', `${paths.configMaps}?dryRun=All`, configMapNamed('x'));
    const made = await api.send('POST', paths.configMaps, { ...configMapNamed('x'), metadata: { name: 'x', finalizers, generation: 7 } });
    const changed = await api.send('PATCH', path, { data: { a: '1' } }, merge);
    const leaving = await api.send('DELETE', path);
    expect(leaving.body.metadata.deletionTimestamp).toBeDefined();
    for (const { code, body } of [dry, made, changed, leaving]) {
      expect(code).toBeLessThan(300);
      expect(body.metadata).not.toHaveProperty('generation');
    }
  });

  it('raises generation when the spec changes, and not when a label does', async () => {
    const before = await read(cluster);
    const labelled = await api.send('PUT', cluster, { ...before, metadata: { ...before.metadata, labels: { a: 'b' } } });
    expect(labelled.body.metadata).toMatchObject({ generation: 1, labels: { a: 'b' } });
    const paused = await api.send('PUT', cluster, { ...labelled.body, spec: { ...before.spec, paused: true } });
    expect(paused.body.metadata.generation).toBe(2);
  });

  it('that changes nothing writes nothing', async () => {
    const before = await read(cluster);
    const { code, body } = await api.send('PUT', cluster, { ...before, metadata: { ...before.metadata, annotations: {} } });
    expect([code, body]).toEqual([200, before]);
  });

  it('keeps what only the server writes', async () => {
    const before = await read(cluster);
    const { creationTimestamp, uid } = before.metadata;
    const { body } = await api.send('PUT', cluster, {
      ...before,
      metadata: {
        ...before.metadata,
        creationTimestamp: null,
        generation: 99,
        deletionTimestamp: '2020-01-01T00:00:00Z',
        labels: { a: 'b' },
      },
    });
    expect(body.metadata).toMatchObject({ creationTimestamp, uid, generation: 1 });
    expect(body.metadata.deletionTimestamp).toBeUndefined();
  });

  it('writes only spec, or only status', async () => {
    const before = await read(cluster);
    const both = { ...before, spec: { ...before.spec, paused: true }, status: { phase: 'Provisioned' } };
    const status = await api.send('PUT', `${cluster}/status`, both);
    expect(status.body).toMatchObject({ status: { phase: 'Provisioned' }, metadata: { generation: 1 } });
    expect(status.body.spec.paused).toBeUndefined();
    const main = await api.send('PUT', cluster, { ...both, metadata: status.body.metadata, status: {} });
    expect(main.body).toMatchObject({ status: { phase: 'Provisioned' }, spec: { paused: true } });
  });

  it('of an outdated version is a conflict that names both versions', async () => {
    const before = await read(cluster);
    const other = await api.send('PATCH', cluster, { metadata: { labels: { a: 'b' } } }, merge);
    const { code, body } = await api.send('PUT', cluster, before);
    expect([code, body.reason, body.message]).toEqual([
      409,
      'Conflict',
      'Operation cannot be fulfilled on clusters.cluster.k8s.io "c": the object has been modified; please apply your changes to the latest version and try again',
    ]);
    expect(body.details.causes[0].message).toContain(before.metadata.resourceVersion);
    expect(body.details.causes[0].message).toContain(other.body.metadata.resourceVersion);
  });

  it.each([
    [
      'without a version',
      422,
      'metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
      { resourceVersion: undefined },
    ],
    ['of another uid', 409, 'Precondition failed: UID in precondition: other', { uid: 'other' }],
    ['of another name', 400, 'does not match the name on the URL (c)', { name: 'd' }],
    ['of another namespace', 400, 'does not match the namespace', { namespace: 'other' }],
  ])('%s is refused', async (_, code, words, metadata) => {
    const before = await read(cluster);
    const answer = await api.send('PUT', cluster, { ...before, metadata: { ...before.metadata, ...metadata } });
    expect(answer.code).toBe(code);
    expect(answer.body.message).toContain(words);
    expect(await read(cluster)).toEqual(before);
  });

  it("of one of Kubernetes' own kinds needs no version", async () => {
    const { code, body } = await api.send('PUT', `${paths.configMaps}/x`, configMapNamed('x', { b: '2' }));
    expect([code, body.data]).toEqual([200, { b: '2' }]);
    const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r' }, rules: [] };
    await api.send('POST', roles, role);
    expect((await api.send('PUT', `${roles}/r`, { ...role, metadata: { name: 'r', labels: { a: 'b' } } })).code).toBe(200);
  });

  it('never creates, also when no version was named', async () => {
    expect((await api.send('PUT', `${paths.configMaps}/y`, configMapNamed('y'))).code).toBe(404);
    const { code, body } = await api.send('PUT', `${paths.clusters}/d`, clusterNamed('d'));
    expect([code, body.message]).toEqual([404, 'clusters.cluster.k8s.io "d" not found']);
  });

  it('of an immutable ConfigMap is refused', async () => {
    const fixed = { ...configMapNamed('f', { a: '1' }), immutable: true };
    await api.send('POST', paths.configMaps, fixed);
    const { code, body } = await api.send('PUT', `${paths.configMaps}/f`, { ...fixed, data: { a: '2' } });
    expect([code, body.message]).toEqual([422, 'ConfigMap "f" is invalid: data: Forbidden: field is immutable when `immutable` is set']);
    expect((await api.send('PATCH', `${paths.configMaps}/f`, { metadata: { labels: { a: 'b' } } }, merge)).code).toBe(200);
  });

  it('makes an object that is being deleted go when its last finalizer is taken', async () => {
    await api.send('PATCH', cluster, { metadata: { finalizers: ['a/b'] } }, merge);
    await api.send('DELETE', cluster);
    const more = await api.send('PATCH', cluster, { metadata: { finalizers: ['a/b', 'c/d'] } }, merge);
    expect([more.code, more.body.message]).toEqual([422, expect.stringContaining('no new finalizers can be added')]);
    expect((await api.send('PATCH', cluster, { metadata: { finalizers: null } }, merge)).code).toBe(200);
    expect((await api.send('GET', cluster)).code).toBe(404);
  });
});

describe('a patch', () => {
  it('is applied again when somebody else was faster', async () => {
    const count = 5;
    await Promise.all(
      Array.from({ length: count }, (_, i) => api.send('PATCH', `${paths.configMaps}/x`, { data: { [`k${i}`]: 'v' } }, merge)),
    );
    expect(Object.keys((await read(`${paths.configMaps}/x`)).data)).toHaveLength(count + 1);
  });

  it('that names a version is a conflict when that is outdated', async () => {
    const { metadata } = await read(cluster);
    await api.send('PATCH', cluster, { metadata: { labels: { a: 'b' } } }, merge);
    const late = { metadata: { resourceVersion: metadata.resourceVersion, labels: { a: 'c' } } };
    expect((await api.send('PATCH', cluster, late, merge)).code).toBe(409);
  });

  it('of status leaves the rest alone', async () => {
    const patch = { status: { phase: 'Failed' }, spec: { paused: true }, metadata: { labels: { a: 'b' } } };
    const { body } = await api.send('PATCH', `${cluster}/status`, patch, merge);
    expect(body.status).toEqual({ phase: 'Failed' });
    expect(body.spec.paused).toBeUndefined();
    expect(body.metadata.labels).toBeUndefined();
  });

  it.each([
    [
      'an unknown type',
      415,
      { 'content-type': 'application/apply-patch+cbor' },
      {},
      'application/json-patch+json, application/merge-patch+json',
    ],
    ['a strategic merge of our own kinds', 415, strategic, {}, 'accepted media types include'],
    ['no patch', 400, merge, [], 'error decoding patch'],
    ['another name', 400, merge, { metadata: { name: 'd' } }, 'does not match the name on the URL'],
    ['another kind', 400, merge, { kind: 'Machine' }, 'may not change apiVersion or kind'],
    ['a test that fails', 422, jsonPatchType, [{ op: 'test', path: '/kind', value: 'x' }], 'operation 0 of the JSON patch (test /kind)'],
    ['no metadata left', 400, jsonPatchType, [{ op: 'replace', path: '/metadata', value: 1 }], 'leaves no object'],
    ['a removed spec', 422, merge, { spec: null }, 'spec: Required value'],
  ])('with %s is refused', async (_, code, headers, patch, words) => {
    const before = await read(cluster);
    const answer = await api.send('PATCH', cluster, patch, headers);
    expect([answer.code, api.failures]).toEqual([code, []]);
    expect(answer.body.message).toContain(words);
    expect(await read(cluster)).toEqual(before);
  });

  it('with unknown fields is Invalid when it is strict', async () => {
    const { code, body } = await api.send('PATCH', `${cluster}?fieldValidation=Strict`, { spec: { y: 1 } }, merge);
    expect([code, body.details.causes[0]]).toMatchObject([
      422,
      { field: 'patch', message: 'Invalid value: strict decoding error: unknown field "spec.y"' },
    ]);
  });

  it('merges lists of core objects strategically', async () => {
    const path = `${paths.configMaps}/x`;
    await api.send('PATCH', path, { metadata: { finalizers: ['a/b'] } }, strategic);
    const { body } = await api.send('PATCH', path, { metadata: { finalizers: ['c/d'] } }, strategic);
    expect(body.metadata.finalizers).toEqual(['a/b', 'c/d']);
  });

  it('of nothing changes no version, whatever the object', async () => {
    const data = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}([.-][a-z]{1,2})?$/), fc.string({ maxLength: 5 }), { maxKeys: 3 });
    let made = 0;
    await fc.assert(
      fc.asyncProperty(data, data, fc.boolean(), async (content, annotations, asPut) => {
        const name = `p${made++}`;
        await api.store.create(configMap, {
          ...configMapNamed(name, content),
          metadata: { name, namespace: 'default', annotations, labels: {} },
        } as never);
        const path = `${paths.configMaps}/${name}`;
        const before = await read(path);
        const { body } = asPut ? await api.send('PUT', path, before) : await api.send('PATCH', path, {}, merge);
        expect(body).toEqual(before);
        expect(await read(path)).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });
});
