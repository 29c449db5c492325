import { beforeEach, describe, expect, it } from '@jest/globals';
import { machine as machineKind } from '../../../shared/kinds/machine/kind.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import {
  type Answer,
  clusterNamed,
  configMapNamed,
  deploymentNamed,
  type Harness,
  jsonPatchType,
  machineNamed,
  merge,
  openApi,
  paths,
} from '../harness.ts';

const type = { 'content-type': 'application/apply-patch+yaml' };
const cluster = `${paths.clusters}/c`;
const configMap = `${paths.configMaps}/x`;

let api: Harness;
beforeEach(async () => {
  api = await openApi();
});

const apply = (path: string, object: unknown, manager = 'anna', query = ''): Promise<Answer> =>
  api.send('PATCH', `${path}?fieldManager=${manager}${query}`, object, type);
const read = async (path: string) => (await api.send('GET', path)).body;
const labelled = (labels: Record<string, string>) => ({ ...clusterNamed('c'), metadata: { name: 'c', labels } });
const bare = (name: string, more: object = {}): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more });

/** Manager, operation, subresource and fields of each entry. */
const owners = async (path: string): Promise<unknown[]> =>
  ((await read(path)).metadata.managedFields ?? []).map(({ manager, operation, subresource, fieldsV1 }: Record<string, unknown>) => [
    `${operation} ${manager} ${subresource ?? ''}`.trim(),
    fieldsV1,
  ]);

describe('server-side apply', () => {
  it('creates what is not there, and answers 201', async () => {
    const { code, body } = await apply(cluster, labelled({ a: '1' }));
    expect([code, body.metadata.generation, body.metadata.labels]).toEqual([201, 1, { a: '1' }]);
    expect(body.metadata.managedFields).toEqual([
      {
        manager: 'anna',
        operation: 'Apply',
        apiVersion: 'cluster.k8s.io/v1alpha1',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        fieldsType: 'FieldsV1',
        fieldsV1: expect.objectContaining({ 'f:metadata': { 'f:labels': { 'f:a': {} } } }),
      },
    ]);
  });

  it('again changes neither the object nor its version, however late', async () => {
    const first = (await apply(cluster, labelled({ a: '1' }))).body;
    await api.clock.advance(60_000);
    const { code, body } = await apply(cluster, labelled({ a: '1' }));
    expect([code, body]).toEqual([200, first]);
    expect(await read(cluster)).toEqual(first);
  });

  it('merges with what others own, and takes away what its manager leaves out', async () => {
    await apply(configMap, bare('x', { data: { a: '1', b: '1' } }));
    await apply(configMap, bare('x', { data: { c: '1' } }), 'ben');
    await apply(configMap, bare('x', { data: { b: '2' } }));
    expect((await read(configMap)).data).toEqual({ b: '2', c: '1' });
  });

  it('is a fixed point: to apply what a get gives, without managedFields, changes only who owns it', async () => {
    await apply(cluster, labelled({ a: '1' }));
    const { managedFields: _, ...metadata } = (await read(cluster)).metadata;
    const { code, body } = await apply(cluster, { ...(await read(cluster)), metadata });
    expect([code, body.spec, body.metadata.generation]).toEqual([200, (await read(cluster)).spec, 1]);
  });

  it('refuses to change what another applied, and says in which field', async () => {
    await apply(configMap, bare('x', { data: { a: '1' } }));
    const { code, body } = await apply(configMap, bare('x', { data: { a: '2' } }), 'ben');
    expect(code).toBe(409);
    expect(body).toMatchObject({
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "anna": .data.a',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "anna"', field: '.data.a' }] },
    });
  });

  it('names who updated, with its API version, and every field', async () => {
    await api.send('POST', `${paths.configMaps}?fieldManager=ui`, configMapNamed('x', { a: '1', b: '1' }));
    const { body } = await apply(configMap, bare('x', { data: { a: '2', b: '2' } }));
    expect(body.message).toBe('Apply failed with 2 conflicts: conflicts with "ui" using v1:\n- .data.a\n- .data.b');
  });

  it('takes the field over when it is forced', async () => {
    await apply(configMap, bare('x', { data: { a: '1' } }));
    expect((await apply(configMap, bare('x', { data: { a: '2' } }), 'ben', '&force=true')).code).toBe(200);
    expect(await owners(configMap)).toEqual([['Apply ben', { 'f:data': { 'f:a': {} } }]]);
  });

  it('writes nothing in a dry run', async () => {
    expect((await apply(configMap, bare('x', { data: { a: '1' } }), 'anna', '&dryRun=All')).code).toBe(201);
    expect((await api.send('GET', configMap)).code).toBe(404);
    await apply(configMap, bare('x', { data: { a: '1' } }));
    const before = await read(configMap);
    expect((await apply(configMap, bare('x', { data: { a: '2' } }), 'anna', '&dryRun=All')).body.data).toEqual({ a: '2' });
    expect(await read(configMap)).toEqual(before);
  });

  it('gives an object without managers to before-first-apply', async () => {
    await api.send('POST', paths.configMaps, configMapNamed('x', { a: '1' }));
    await api.send('PATCH', configMap, { metadata: { managedFields: [] } }, merge);
    expect(await owners(configMap)).toEqual([]);
    expect((await apply(configMap, bare('x', { data: { a: '2' } }))).body.message).toContain('conflict with "before-first-apply" using v1');
  });

  it('of status owns status only, and needs the object', async () => {
    expect((await apply(`${cluster}/status`, clusterNamed('c'))).code).toBe(404);
    await apply(cluster, clusterNamed('c'));
    const { body } = await apply(`${cluster}/status`, { ...labelled({ b: '1' }), status: { phase: 'Failed' } }, 'ben');
    expect([body.status, body.metadata.labels, body.metadata.generation]).toEqual([{ phase: 'Failed' }, undefined, 1]);
    expect(await owners(cluster)).toContainEqual(['Apply ben status', { 'f:status': { 'f:phase': {} } }]);
    const { body: conflict } = await apply(`${cluster}/status`, { ...clusterNamed('c'), status: { phase: 'x' } }, 'cleo');
    expect(conflict.message).toContain('conflict with "ben" with subresource "status": .status.phase');
  });

  it('keeps taints of several managers by key and effect', async () => {
    const tainted = (effect: string): KubeObject => {
      const machine = machineNamed('m');
      return { ...machine, spec: { ...(machine.spec as object), taints: [{ key: 'k', effect }] } };
    };
    const path = `${paths.machines}/m`;
    await apply(path, tainted('NoSchedule'));
    await apply(path, tainted('NoExecute'), 'ben');
    expect((await read(path)).spec.taints).toEqual([
      { key: 'k', effect: 'NoSchedule' },
      { key: 'k', effect: 'NoExecute' },
    ]);
  });

  it('leaves replicas to who scales', async () => {
    const path = `${paths.deployments}/d`;
    await apply(path, deploymentNamed('d', 1));
    await api.send('PATCH', `${path}/scale?fieldManager=hpa`, { spec: { replicas: 4 } }, merge);
    expect(await owners(path)).toContainEqual(['Update hpa scale', { 'f:spec': { 'f:replicas': {} } }]);
    expect((await apply(path, deploymentNamed('d', 1))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using cluster.k8s.io/v1alpha1: .spec.replicas',
    );
    const { replicas: _, ...spec } = deploymentNamed('d', 1).spec as { replicas: number };
    expect((await apply(path, { ...deploymentNamed('d', 1), spec })).body.spec.replicas).toBe(4);
  });

  it('takes YAML as well as JSON', async () => {
    expect((await apply(configMap, 'apiVersion: v1\nkind: ConfigMap\ndata: {a: "1"}\n')).body.data).toEqual({ a: '1' });
  });

  it('keeps both of two that come at once', async () => {
    const both = await Promise.all(['anna', 'ben', 'cleo'].map((who) => apply(configMap, bare('x', { data: { [who]: '1' } }), who)));
    expect(both.map(({ code }) => code).sort()).toEqual([200, 200, 201]);
    expect((await read(configMap)).data).toEqual({ anna: '1', ben: '1', cleo: '1' });
  });

  it('has to be allowed to create, where it creates', async () => {
    api = await openApi({ authorize: async ({ verb }) => ({ allowed: verb !== 'create' }) });
    const { code, body } = await apply(`${paths.namespaces}/default`, { apiVersion: 'v1', kind: 'Namespace' });
    expect([code, body.kind]).toEqual([200, 'Namespace']);
    expect((await apply(configMap, bare('x'))).body).toMatchObject({
      code: 403,
      message: expect.stringContaining('cannot create resource "configmaps"'),
    });
  });

  it.each([
    ['no manager', configMap, bare('x'), '', 422, 'fieldManager: Required value'],
    ['another name', configMap, bare('y'), 'anna', 400, 'does not match the name on the URL'],
    ['another kind', configMap, clusterNamed('x'), 'anna', 400, 'this path takes kind ConfigMap'],
    ['no kind', configMap, { metadata: {} }, 'anna', 400, 'has apiVersion and kind'],
    ['managedFields', configMap, { ...bare('x'), metadata: { managedFields: [] } }, 'anna', 400, 'metadata.managedFields must be nil'],
    [
      'a finalizer twice',
      configMap,
      { ...bare('x'), metadata: { finalizers: ['a/b', 'a/b'] } },
      'anna',
      422,
      'metadata.finalizers[1]: Duplicate value',
    ],
    [
      'an item without key',
      configMap,
      { ...bare('x'), metadata: { ownerReferences: [{}] } },
      'anna',
      422,
      'metadata.ownerReferences[0]: Required value',
    ],
    ['what is invalid', configMap, bare('x', { data: { a: 1 } }), 'anna', 422, 'data.a: Invalid value'],
    ['a text for a map', configMap, bare('x', { data: 'text' }), 'anna', 422, 'data: Invalid value'],
    ['the uid of one that is gone', configMap, { ...bare('x'), metadata: { uid: 'u' } }, 'anna', 409, 'no existing object was found'],
    ['no YAML', configMap, ': :\n- {', 'anna', 400, 'not valid YAML'],
  ])('with %s is refused', async (_, path, body, manager, code, words) => {
    const answer = await apply(path, body, manager);
    expect([answer.code, answer.body.message, api.failures]).toEqual([code, expect.stringContaining(words), []]);
    expect((await api.send('GET', configMap)).code).toBe(404);
  });

  it('over an outdated version is a conflict', async () => {
    const { metadata } = (await apply(configMap, bare('x'))).body;
    await apply(configMap, bare('x', { data: { a: '1' } }));
    const late = { ...bare('x'), metadata: { name: 'x', resourceVersion: metadata.resourceVersion } };
    expect((await apply(configMap, late)).body.message).toContain('the object has been modified');
  });
});

describe('managedFields', () => {
  it('say who created, updated and patched which fields', async () => {
    await api.send('POST', `${paths.configMaps}?fieldManager=maker`, configMapNamed('x', { a: '1', b: '1' }));
    await api.send('PATCH', configMap, { data: { b: '2' } }, { ...merge, 'user-agent': 'kubectl/v1.36.0 (linux)' });
    expect(await owners(configMap)).toEqual([
      ['Update kubectl', { 'f:data': { 'f:b': {} } }],
      ['Update maker', { 'f:data': { '.': {}, 'f:a': {} } }],
    ]);
  });

  it('are not touched by a write that changes nothing', async () => {
    await api.send('POST', `${paths.configMaps}?fieldManager=maker`, configMapNamed('x', { a: '1' }));
    const before = await read(configMap);
    await api.send('PUT', `${configMap}?fieldManager=other`, before);
    expect(await read(configMap)).toEqual(before);
  });

  it('stay when a client sends none, or none that can be read', async () => {
    await api.send('POST', paths.configMaps, configMapNamed('x', { a: '1' }));
    const before = await owners(configMap);
    for (const managedFields of [undefined, [{ manager: 'x', operation: 'Steal', apiVersion: 'v1' }], [{ fieldsV1: { 'k:{': {} } }]]) {
      await api.send('PUT', configMap, { ...configMapNamed('x', { a: '1' }), metadata: { name: 'x', managedFields } });
      expect(await owners(configMap)).toEqual(before);
    }
  });

  it('can be rewritten, as kubectl does when it takes over from client-side apply', async () => {
    await api.send('POST', `${paths.configMaps}?fieldManager=kubectl-client-side-apply`, configMapNamed('x', { a: '1' }));
    const { managedFields, resourceVersion } = (await read(configMap)).metadata;
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: [{ ...managedFields[0], manager: 'kubectl', operation: 'Apply' }] },
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ];
    const { body } = await api.send('PATCH', configMap, patch, jsonPatchType);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
    expect(await owners(configMap)).toEqual([['Apply kubectl', { 'f:data': { '.': {}, 'f:a': {} } }]]);
    await apply(configMap, bare('x', { data: {} }), 'kubectl');
    expect((await read(configMap)).data).toEqual({});
  });

  it("are kubectl's where its annotation says so, and the annotation is kept", async () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const configuration = bare('x', { data: { a: '1', b: '1' } });
    const annotated = { ...configuration, metadata: { name: 'x', annotations: { [annotation]: JSON.stringify(configuration) } } };
    await api.send('POST', `${paths.configMaps}?fieldManager=kubectl-client-side-apply`, annotated);
    await api.send('PATCH', `${configMap}?fieldManager=ui`, { data: { b: '2' } }, merge);
    const refused = await apply(configMap, bare('x', { data: { a: '3', b: '3' } }), 'kubectl');
    expect(refused.body.message).toBe('Apply failed with 1 conflict: conflict with "ui" using v1: .data.b');
    const { code, body } = await apply(configMap, bare('x', { data: { a: '3' } }), 'kubectl');
    expect([code, body.data]).toEqual([200, { a: '3', b: '2' }]);
    expect(JSON.parse(body.metadata.annotations[annotation])).toEqual(bare('x', { data: { a: '3' } }));
  });

  it('keep the ten latest updates, and one for all before', async () => {
    await api.send('POST', `${paths.configMaps}?fieldManager=m0`, configMapNamed('x', { k0: '1' }));
    for (let i = 1; i <= 12; i++) {
      await api.clock.advance(1000);
      await api.send('PATCH', `${configMap}?fieldManager=m${i}`, { data: { [`k${i}`]: '1' } }, merge);
    }
    const found = await owners(configMap);
    expect(found).toHaveLength(10);
    expect(found[0]).toEqual(['Update ancient-changes', { 'f:data': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {}, 'f:k3': {} } }]);
  });

  it('are not recorded for objects of which nothing was: those that a reconciler made', async () => {
    const made = await api.store.create(machineKind, {
      ...machineNamed('m'),
      metadata: { ...machineNamed('m').metadata, namespace: 'default' },
    } as never);
    const path = `${paths.machines}/${made.metadata.name}`;
    await api.send('PATCH', path, { metadata: { labels: { a: 'b' } } }, merge);
    expect(await owners(path)).toEqual([]);
  });
});
