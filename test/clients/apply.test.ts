import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clusterNamed } from '../api/harness.ts';
import { deployment, machine, yaml } from './manifests.ts';
import { type Plane, startPlane } from './plane.ts';

/** The real kubectl over HTTPS, and whose fields it leaves alone. The rest is in transcripts/applying.txt. */

let plane: Plane;
let kubectl: Plane['succeed'];
beforeAll(async () => {
  plane = await startPlane();
  kubectl = plane.succeed;
});
afterAll(() => plane.close());

describe('kubectl apply', () => {
  it('creates, leaves alone what is unchanged, changes, and takes away what was taken out', async () => {
    const cluster = clusterNamed('c');
    expect(await kubectl('apply -f -', yaml(cluster, machine('m-0'), deployment()))).toBe(
      'cluster.cluster.k8s.io/c created\nmachine.cluster.k8s.io/m-0 created\nmachinedeployment.cluster.k8s.io/d created\n',
    );
    expect(await kubectl('apply -f -', yaml(cluster, machine('m-0'), deployment()))).toBe(
      'cluster.cluster.k8s.io/c unchanged\nmachine.cluster.k8s.io/m-0 unchanged\nmachinedeployment.cluster.k8s.io/d unchanged\n',
    );
    const paused = { ...cluster, metadata: { name: 'c', labels: { a: 'b' } }, spec: { ...(cluster.spec as object), paused: true } };
    expect(await kubectl('apply -f -', yaml(paused))).toBe('cluster.cluster.k8s.io/c configured\n');
    expect(await kubectl('get cluster c -o jsonpath={.spec.paused}/{.metadata.generation}/{.metadata.labels}')).toBe('true/2/{"a":"b"}');
    await kubectl('apply -f -', yaml(cluster));
    expect(await kubectl('get cluster c -o jsonpath={.spec.paused}/{.metadata.generation}/{.metadata.labels}')).toBe('/3/');
  });

  it('keeps fields that others own', async () => {
    await kubectl('scale md d --replicas 5');
    const { replicas: _, ...spec } = deployment().spec as { replicas: number };
    await kubectl('label md d other=tool');
    await kubectl('apply -f -', yaml({ ...deployment(), spec: { ...spec, minReadySeconds: 3 } }));
    expect(await kubectl('get md d -o jsonpath={.spec.minReadySeconds}/{.metadata.labels.other}')).toBe('3/tool');
  });
});
