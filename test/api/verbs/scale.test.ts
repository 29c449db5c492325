import { beforeEach, describe, expect, it } from '@jest/globals';
import { deploymentNamed, type Harness, jsonPatchType, merge, openApi, paths } from '../harness.ts';

let api: Harness;
const scale = `${paths.deployments}/d/scale`;
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

  it('is a subresource of what has replicas alone', async () => {
    expect((await api.send('GET', `${paths.machines}/m/scale`)).code).toBe(404);
  });
});
