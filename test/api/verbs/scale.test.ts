import { beforeEach, describe, expect, it } from '@jest/globals';
import { deploymentNamed, type Harness, jsonPatchType, merge, openApi, paths } from '../harness.ts';

let api: Harness;
const scale = `${paths.deployments}/d/scale`;
const applyType = { 'content-type': 'application/apply-patch+yaml' };
const scaled = (replicas: number, more: object = {}, metadata: object = {}) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'd', ...metadata },
  spec: { replicas, ...more },
});
const owners = async (): Promise<unknown[]> => {
  const { body } = await api.send('GET', `${paths.deployments}/d`);
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  return body.metadata.managedFields.map(({ operation, manager, subresource, fieldsV1 }: any) => [
    operation,
    manager,
    subresource,
    fieldsV1,
  ]);
};
beforeEach(async () => {
  api = await openApi();
  await api.send('POST', paths.deployments, deploymentNamed('d', 3));
});

describe('the scale of a MachineDeployment', () => {
  it('is its replicas and its selector', async () => {
    const { body } = await api.send('GET', scale);
    expect(body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 3 },
      status: { replicas: 0, selector: 'cluster.k8s.io/cluster-name=c,set=worker' },
    });
  });

  it.each([
    ['a merge patch', 'PATCH', { spec: { replicas: 5 } }, merge],
    ['a JSON patch', 'PATCH', [{ op: 'replace', path: '/spec/replicas', value: 5 }], jsonPatchType],
    ['a PUT', 'PUT', { spec: { replicas: 5 } }, {}],
  ])('is changed by %s, which raises generation', async (_, method, body, headers) => {
    expect((await api.send(method, scale, body, headers)).body.spec).toEqual({ replicas: 5 });
    const { metadata, spec } = (await api.send('GET', `${paths.deployments}/d`)).body;
    expect([metadata.generation, spec.replicas]).toEqual([2, 5]);
  });

  it('is a conflict when its version is outdated', async () => {
    const { body } = await api.send('GET', scale);
    await api.send('PATCH', scale, { spec: { replicas: 4 } }, merge);
    expect((await api.send('PUT', scale, { ...body, spec: { replicas: 5 } })).code).toBe(409);
  });

  it.each([-1, 1.5, 'five', 2 ** 40])('cannot be %j', async (replicas) => {
    const { code, body } = await api.send('PATCH', scale, { spec: { replicas } }, merge);
    expect([code, body.details.causes[0].field]).toEqual([422, 'spec.replicas']);
  });

  it.each([
    ['a merge patch', 'PATCH', { spec: { replicas: 5 } }, merge],
    ['a JSON patch', 'PATCH', [{ op: 'replace', path: '/spec/replicas', value: 5 }], jsonPatchType],
    ['a PUT', 'PUT', { spec: { replicas: 5 } }, {}],
  ])('belongs to who changes it by %s', async (_, method, body, headers) => {
    await api.send(method, `${scale}?fieldManager=hpa`, body, headers);
    expect(await owners()).toContainEqual(['Update', 'hpa', 'scale', { 'f:spec': { 'f:replicas': {} } }]);
  });

  it.each([
    ['a merge patch', 'PATCH', { spec: { replica: 5 } }, merge, 422],
    ['a PUT', 'PUT', { spec: { replica: 5 } }, {}, 400],
    ['an apply', 'PATCH', scaled(5, { replica: 5 }), applyType, 400],
  ])('has no other fields, also in %s', async (_, method, body, headers, code) => {
    const refused = await api.send(method, `${scale}?fieldManager=a&fieldValidation=Strict`, body, headers);
    expect([refused.code, refused.body.message]).toEqual([code, expect.stringContaining('unknown field "spec.replica"')]);
    const force = headers === applyType ? '&force=true' : '';
    const warned = await api.send(method, `${scale}?fieldManager=a&dryRun=All${force}`, body, headers);
    expect([warned.code, warned.headers.get('warning')]).toEqual([200, '299 - "unknown field \\"spec.replica\\""']);
  });

  it('is a subresource of what has replicas alone', async () => {
    expect((await api.send('GET', `${paths.machines}/m/scale`)).code).toBe(404);
  });
});

describe('server-side apply of a scale', () => {
  const apply = (body: unknown, query = 'fieldManager=hpa') => api.send('PATCH', `${scale}?${query}`, body, applyType);

  it('conflicts with who wrote the replicas, unless it is forced', async () => {
    const refused = await apply(scaled(5));
    expect([refused.code, refused.body.details.causes[0].field]).toEqual([409, '.spec.replicas']);
    const { code, body } = await apply(scaled(5), 'fieldManager=hpa&force=true');
    expect([code, body.kind, body.spec]).toEqual([200, 'Scale', { replicas: 5 }]);
    expect(await owners()).toContainEqual(['Apply', 'hpa', 'scale', { 'f:spec': { 'f:replicas': {} } }]);
    expect((await api.send('GET', `${paths.deployments}/d`)).body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 5 } });
  });

  it('of what is so already changes no version', async () => {
    const first = await apply(scaled(5), 'fieldManager=hpa&force=true');
    const again = await apply(scaled(5));
    expect(again.body).toEqual(first.body);
  });

  it('is a conflict with an outdated version, and is not found where nothing is', async () => {
    const outdated = await apply(scaled(5, {}, { resourceVersion: '1' }), 'fieldManager=hpa&force=true');
    expect(outdated.code).toBe(409);
    const path = `${paths.deployments}/none/scale?fieldManager=hpa`;
    expect((await api.send('PATCH', path, scaled(5, {}, { name: 'none' }), applyType)).code).toBe(404);
  });

  it.each([
    ['without a manager', 422, scaled(5), ''],
    ['of another kind', 400, deploymentNamed('d', 5), 'fieldManager=hpa'],
    ['with managedFields', 400, scaled(5, {}, { managedFields: [] }), 'fieldManager=hpa'],
    ['of another name', 400, scaled(5, {}, { name: 'e' }), 'fieldManager=hpa'],
    ['of less than nothing', 422, scaled(-1), 'fieldManager=hpa&force=true'],
  ])('%s is refused with %d', async (_, code, body, query) => {
    expect((await apply(body, query)).code).toBe(code);
  });

  it('can be a dry run', async () => {
    expect((await apply(scaled(9), 'fieldManager=hpa&force=true&dryRun=All')).body.spec).toEqual({ replicas: 9 });
    expect((await api.send('GET', scale)).body.spec).toEqual({ replicas: 3 });
  });
});
