import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kinds } from '../../shared/kinds/index.ts';
import { clusterNamed } from '../api/harness.ts';
import { deployment, machine, yaml } from './manifests.ts';
import { type Plane, startPlane } from './plane.ts';

/** The real kubectl over HTTPS. No reconciler runs: status is written by the tests. */

let plane: Plane;
let kubectl: Plane['succeed'];
beforeAll(async () => {
  plane = await startPlane();
  kubectl = plane.succeed;
  await kubectl('apply -f -', yaml(clusterNamed('c'), machine('m-0'), deployment()));
});
afterAll(() => plane.close());

describe('kubectl changes', () => {
  const stored = (type: string, name: string) => {
    const kind = kinds.find(({ plural }) => plural === type)!;
    return plane.store.get(kind, { namespace: kind.scope === 'Cluster' ? '' : 'default', name });
  };

  it.each([
    ['scale md d --replicas=7', 'machinedeployments', 'd', { spec: { replicas: 7 } }],
    ['scale md d --replicas=8 --current-replicas=7', 'machinedeployments', 'd', { spec: { replicas: 8 } }],
    ['label ma m-0 a=b', 'machines', 'm-0', { metadata: { labels: { a: 'b' } } }],
    ['annotate cluster c x=y', 'clusters', 'c', { metadata: { annotations: { x: 'y' } } }],
    ['patch cluster c --type=merge -p {"spec":{"paused":true}}', 'clusters', 'c', { spec: { paused: true } }],
    ['patch cluster c --type=json -p [{"op":"replace","path":"/spec/paused","value":false}]', 'clusters', 'c', { spec: { paused: false } }],
    [
      'patch cluster c --type=merge --subresource=status -p {"status":{"phase":"Failed"}}',
      'clusters',
      'c',
      { status: { phase: 'Failed' } },
    ],
    ['create ns demo', 'namespaces', 'demo', { status: { phase: 'Active' } }],
    ['create cm made --from-literal=a=b', 'configmaps', 'made', { data: { a: 'b' } }],
    ['create secret generic made --from-literal=a=b', 'secrets', 'made', { type: 'Opaque', data: { a: 'Yg==' } }],
  ])('%s', async (args, type, name, expected) => {
    expect(await kubectl(args)).toMatch(/^\S+ (scaled|labeled|annotated|patched|created)\n$/);
    expect(await stored(type, name)).toMatchObject(expected);
  });

  it('by replacing what it read', async () => {
    const read = JSON.parse(await kubectl('get cluster c -o json'));
    expect(await kubectl('replace -f -', JSON.stringify({ ...read, spec: { ...read.spec, paused: true } }))).toBe(
      'cluster.cluster.k8s.io/c replaced\n',
    );
    const late = await plane.kubectl.run(['replace', '-f', '-'], JSON.stringify({ ...read, spec: { ...read.spec, paused: false } }));
    expect([late.code, late.stderr]).toEqual([
      1,
      expect.stringContaining('the object has been modified; please apply your changes to the latest version'),
    ]);
  });
});

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
    expect(await kubectl('delete ns demo')).toContain('namespace "demo" deleted');
    expect(await kubectl('get md')).toBe('No resources found in default namespace.\n');
  });
});
