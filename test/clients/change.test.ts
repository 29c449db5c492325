import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clusterNamed } from '../api/harness.ts';
import { deployment, machine, yaml } from './manifests.ts';
import { type Plane, startPlane } from './plane.ts';

/** The real kubectl over HTTPS, waiting for what comes later: status is written by the tests. The rest is in transcripts/. */

let plane: Plane;
let kubectl: Plane['succeed'];
beforeAll(async () => {
  plane = await startPlane();
  kubectl = plane.succeed;
  await kubectl('apply -f -', yaml(clusterNamed('c'), machine('m-0'), deployment()));
});
afterAll(() => plane.close());

describe('kubectl waits', () => {
  it('for a condition, a field, and an end', async () => {
    await kubectl('apply -f -', yaml(machine('w')));
    const waits = ['condition=Ready', 'jsonpath={.status.phase}=Running', 'delete'].map((what) =>
      kubectl(`wait ma/w --for=${what} --timeout=20s`),
    );
    await plane.writeStatus('w', { phase: 'Running', observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] });
    expect(await Promise.all(waits.slice(0, 2))).toEqual([
      'machine.cluster.k8s.io/w condition met\n',
      'machine.cluster.k8s.io/w condition met\n',
    ]);
    expect(await kubectl('wait ma/w --for=condition=Ready --timeout=20s')).toContain('condition met');
    await kubectl('delete ma w');
    expect(await waits[2]).toContain('condition met');
  });

  it('until what it deletes is gone', async () => {
    const finalized = machine('f');
    await kubectl('apply -f -', yaml({ ...finalized, metadata: { ...finalized.metadata, finalizers: ['machine.cluster.k8s.io'] } }));
    const deleted = kubectl('delete ma f');
    for (;;) if ((await kubectl('get ma f -o jsonpath={.metadata.deletionTimestamp}')) !== '') break;
    await kubectl('patch ma f --type=merge -p {"metadata":{"finalizers":null}}');
    expect(await deleted).toContain('machine.cluster.k8s.io "f" deleted');
  });

  it('for nothing when it deletes what nobody holds', async () => {
    expect(await kubectl('delete md --all')).toContain('machinedeployment.cluster.k8s.io "d" deleted');
    await kubectl('create ns demo');
    expect(await kubectl('delete ns demo')).toContain('namespace "demo" deleted');
    expect(await kubectl('get md')).toBe('No resources found in default namespace.\n');
  });
});
