import { describe, expect, it } from '@jest/globals';
import { kindNamed } from '../../../shared/kinds/index.ts';
import { seededRandom } from '../../clock.ts';
import { clusterNamed, configMapNamed, machineNamed, openApi, paths } from '../harness.ts';

describe('create', () => {
  it('stores the object with what the server writes, and without status', async () => {
    const { send } = await openApi();
    const { code, body } = await send('POST', paths.clusters, { ...clusterNamed('c'), status: { phase: 'Running' } });
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'c', namespace: 'default', generation: 1, creationTimestamp: '2019-07-26T00:00:00Z' });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.status).toBeUndefined();
    expect((await send('GET', `${paths.clusters}/c`)).body).toEqual(body);
  });

  it('makes a reconciled object due at once', async () => {
    const { send, store, clock } = await openApi();
    await send('POST', paths.machines, machineNamed('m'));
    const machine = kindNamed('cluster.k8s.io', 'Machine')!;
    expect(await store.due(machine, 'default', clock.now() - 1)).toEqual([]);
    expect(await store.due(machine, 'default', clock.now())).toEqual([{ namespace: 'default', name: 'm' }]);
  });

  it('generates a name', async () => {
    const { send } = await openApi();
    const object = { ...configMapNamed(''), metadata: { generateName: `${'long-'.repeat(20)}` } };
    const names = await Promise.all([1, 2, 3].map(async () => (await send('POST', paths.configMaps, object)).body.metadata.name));
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^(long-)+lon[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('takes YAML too', async () => {
    const { send } = await openApi();
    const text = 'metadata:\n  name: y\ndata:\n  a: "1"\n';
    expect((await send('POST', paths.configMaps, text, { 'content-type': 'application/yaml' })).code).toBe(201);
    expect((await send('GET', `${paths.configMaps}/y`)).body.data).toEqual({ a: '1' });
  });

  it('folds stringData of a Secret into data', async () => {
    const { send } = await openApi();
    const secret = { metadata: { name: 's' }, data: { a: 'YQ==', b: 'Yg==' }, stringData: { b: 'c' } };
    const { body } = await send('POST', paths.secrets, secret);
    expect(body).toMatchObject({ type: 'Opaque', data: { a: 'YQ==', b: 'Yw==' } });
    expect(body.stringData).toBeUndefined();
  });

  it('writes nothing in a dry run', async () => {
    const { send } = await openApi();
    const { code, body } = await send('POST', `${paths.configMaps}?dryRun=All`, configMapNamed('dry'));
    expect(code).toBe(201);
    expect(body.metadata.uid).toBeDefined();
    expect((await send('GET', `${paths.configMaps}/dry`)).code).toBe(404);
  });

  it('refuses in a dry run what it would refuse', async () => {
    const { send } = await openApi();
    await send('POST', paths.configMaps, configMapNamed('c'));
    expect((await send('POST', `${paths.configMaps}?dryRun=All`, configMapNamed('c'))).body.reason).toBe('AlreadyExists');
  });

  it('warns of unknown and duplicate fields unless told otherwise', async () => {
    const { send } = await openApi();
    const text = '{"metadata":{"name":"w"},"data":{"a":"1","a":"2"},"x":{"y":1}}';
    const { code, headers, body } = await send('POST', paths.configMaps, text);
    expect(code).toBe(201);
    expect(headers.get('warning')).toBe('299 - "duplicate field \\"data.a\\"", 299 - "unknown field \\"x\\""');
    expect(body.x).toBeUndefined();
    const ignored = await send('POST', `${paths.configMaps}?fieldValidation=Ignore`, text.replace('"w"', '"i"'));
    expect([ignored.code, ignored.headers.get('warning')]).toEqual([201, null]);
  });
});

describe('create refuses', () => {
  const valid = clusterNamed('c');
  const spec = valid.spec as { providerSpec: { value: object } };
  const withMasters = (ips: unknown) => ({
    ...valid,
    spec: { ...spec, providerSpec: { value: { ...spec.providerSpec.value, masters: { ips } } } },
  });
  const secret = (data: unknown) => ({ metadata: { name: 's' }, data });

  it.each([
    ['no body', paths.clusters, '', 400, 'the request has no body'],
    ['no object', paths.clusters, [], 400, 'the body is not an object'],
    ['another kind', paths.clusters, machineNamed('m'), 400, 'cannot be handled as a Cluster'],
    ['another version', paths.clusters, { ...valid, apiVersion: 'cluster.k8s.io/v1' }, 400, 'cannot be handled as a Cluster'],
    ['a version that is a map', paths.clusters, { ...valid, apiVersion: { toString: 1 } }, 400, 'cannot be handled as a Cluster'],
    ['another namespace', paths.clusters, { ...valid, metadata: { name: 'c', namespace: 'x' } }, 400, 'does not match the namespace'],
    ['a version', paths.clusters, { ...valid, metadata: { name: 'c', resourceVersion: '1' } }, 400, 'resourceVersion should not be set'],
    ['metadata that is none', paths.clusters, { ...valid, metadata: 'c' }, 400, 'metadata is not an object'],
    ['no name', paths.clusters, { ...valid, metadata: {} }, 422, 'metadata.name: Required value: name or generateName is required'],
    [
      'a name that is no DNS label',
      paths.clusters,
      clusterNamed('a.b'),
      422,
      'metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label',
    ],
    ['a long name', paths.clusters, clusterNamed('a'.repeat(64)), 422, 'at most 63 characters'],
    ['a label value with a space', paths.machines, machineNamed('m', { a: 'b c' }), 422, 'metadata.labels: Invalid value: "b c"'],
    ['a bare finalizer', paths.configMaps, { metadata: { name: 'x', finalizers: ['mine'] } }, 422, 'fully qualified'],
    [
      'a label that is no text',
      paths.configMaps,
      { metadata: { name: 'x', labels: { a: 1 } } },
      422,
      'metadata.labels.a: Invalid value: 1',
    ],
    [
      'a placeholder for an address',
      paths.clusters,
      withMasters(['x.x.x.x']),
      422,
      'spec.providerSpec.value.masters.ips[0]: Invalid value: "x.x.x.x": write an address',
    ],
    ['no address', paths.clusters, withMasters([]), 422, 'spec.providerSpec.value.masters.ips: Required value: write at least one address'],
    [
      'an address twice',
      paths.clusters,
      withMasters(['1.1.1.1', '1.1.1.1']),
      422,
      'spec.providerSpec.value.masters.ips[1]: Duplicate value',
    ],
    [
      'a Machine of no cluster',
      paths.machines,
      { ...machineNamed('m'), metadata: { name: 'm' } },
      422,
      'metadata.labels[cluster.k8s.io/cluster-name]: Required value',
    ],
    ['no spec', paths.clusters, { metadata: { name: 'c' } }, 422, 'spec: Required value'],
    ['no base64', paths.secrets, secret({ k: '{{CREDENTIALS}}' }), 422, 'data.k: Invalid value: write base64'],
    ['a poisonous key', paths.configMaps, '{"metadata":{"name":"x"},"data":{"__proto__":"x"}}', 400, '"data.__proto__" is not allowed'],
    ['an unknown dry run', `${paths.clusters}?dryRun=Some`, valid, 422, 'dryRun: Unsupported value: "Some": supported values: "All"'],
    ['an unknown field validation', `${paths.clusters}?fieldValidation=Loose`, valid, 422, 'fieldValidation'],
    ['a namespace that is not there', paths.clusters.replace('default', 'nowhere'), valid, 404, 'namespaces "nowhere" not found'],
  ])('%s', async (_, path, object, code, words) => {
    const { send, failures } = await openApi();
    const answer = await send('POST', path, object);
    expect([answer.code, answer.body.code, answer.body.status]).toEqual([code, code, 'Failure']);
    expect(answer.body.message).toContain(words);
    expect(failures).toEqual([]);
    const left = await send('GET', path.split('?')[0]!.replace('nowhere', 'default'));
    expect(left.body.items).toEqual([]);
  });

  it('every unknown field at once when it is strict', async () => {
    const { send } = await openApi();
    const { code, body } = await send('POST', `${paths.clusters}?fieldValidation=Strict`, { ...valid, x: 1, spec: { ...spec, y: [] } });
    expect([code, body.message]).toEqual([
      400,
      'Cluster in version "v1alpha1" cannot be handled as a Cluster: strict decoding error: unknown field "spec.y", unknown field "x"',
    ]);
  });

  it('a secret without repeating it', async () => {
    const { send } = await openApi();
    const { body } = await send('POST', paths.secrets, secret({ k: 'hunter2!' }));
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('a name that is taken', async () => {
    const { send } = await openApi();
    await send('POST', paths.clusters, valid);
    const { code, body } = await send('POST', paths.clusters, valid);
    expect([code, body.message, body.details]).toEqual([
      409,
      'clusters.cluster.k8s.io "c" already exists',
      { name: 'c', group: 'cluster.k8s.io', kind: 'clusters' },
    ]);
  });

  it('a body of more than 3 MB', async () => {
    const { send } = await openApi();
    const { code, body } = await send('POST', paths.configMaps, configMapNamed('big', { a: 'x'.repeat(3 * 1024 * 1024) }));
    expect([code, body.reason]).toEqual([413, 'RequestEntityTooLarge']);
  });

  it('an object that is too large to be stored', async () => {
    const { send } = await openApi();
    const random = seededRandom(1);
    const data = { noise: Buffer.from(random.bytes(400_000)).toString('base64') };
    const { code, body } = await send('POST', paths.configMaps, configMapNamed('big', data));
    expect([code, body.reason]).toEqual([422, 'Invalid']);
  });

  it('what admission finds', async () => {
    const admit = async () => [{ field: 'spec.providerSpec.value.platform.type', message: 'write aws or gce' }];
    const { send } = await openApi({ admit });
    const { code, body } = await send('POST', paths.machines, machineNamed('m'));
    expect([code, body.details.causes]).toEqual([
      422,
      [{ reason: 'FieldValueInvalid', field: 'spec.providerSpec.value.platform.type', message: 'Invalid value: write aws or gce' }],
    ]);
  });
});
