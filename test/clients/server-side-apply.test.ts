import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clusterNamed, configMapNamed } from '../api/harness.ts';
import { deployment, yaml } from './manifests.ts';
import { type Plane, startPlane } from './plane.ts';

/** `kubectl apply --server-side` with the real kubectl, over HTTPS. */

let plane: Plane;
let kubectl: Plane['succeed'];
beforeAll(async () => {
  plane = await startPlane();
  kubectl = plane.succeed;
});
afterAll(() => plane.close());

const server = 'apply --server-side -f -';
/** Sorted: the server orders them by the second in which they wrote. */
const managers = async (what: string) => {
  const entries = '{range.metadata.managedFields[*]}{.operation}/{.manager}/{.subresource};{end}';
  const printed = await kubectl(`get ${what} --show-managed-fields -o jsonpath=${entries}`);
  return printed
    .match(/[^;]+;/g)
    ?.sort()
    .join('');
};
const fail = async (args: string, stdin: string) => {
  const { code, stderr } = await plane.kubectl.run(args.split(' '), stdin);
  expect(code).toBe(1);
  return stderr;
};

describe('kubectl apply --server-side', () => {
  it('creates, and again changes no version', async () => {
    expect(await kubectl(server, yaml(clusterNamed('c'), deployment()))).toBe(
      'cluster.cluster.k8s.io/c serverside-applied\nmachinedeployment.cluster.k8s.io/d serverside-applied\n',
    );
    const version = 'get cluster c -o jsonpath={.metadata.resourceVersion}/{.metadata.generation}';
    const before = await kubectl(version);
    await kubectl(server, yaml(clusterNamed('c')));
    expect(await kubectl(version)).toBe(before);
    expect(await managers('cluster c')).toBe('Apply/kubectl/;');
  });

  it('shows managedFields only when asked', async () => {
    expect(await kubectl('get cluster c -o yaml')).not.toContain('managedFields');
    expect(await kubectl('get cluster c -o yaml --show-managed-fields')).toContain('f:clusterNetwork');
  });

  it('tells of a conflict as kubectl knows it, and takes over with --force-conflicts', async () => {
    await kubectl('scale md d --replicas 5');
    expect(await managers('md d')).toBe('Apply/kubectl/;Update/kubectl/scale;');
    const refused = await fail(server, yaml(deployment()));
    expect(refused).toMatch(
      /Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using cluster.k8s.io\/v1alpha1: .spec.replicas/,
    );
    expect(refused).toContain('--force-conflicts');
    await kubectl(`${server} --force-conflicts`, yaml(deployment()));
    expect(await kubectl('get md d -o jsonpath={.spec.replicas}')).toBe('3');
    expect(await managers('md d')).toBe('Apply/kubectl/;');
  });

  it('keeps managers apart by --field-manager', async () => {
    const labelled = (labels: Record<string, string>) => yaml({ ...configMapNamed('x'), data: undefined, metadata: { name: 'x', labels } });
    await kubectl(`${server} --field-manager=anna`, labelled({ a: '1' }));
    await kubectl(`${server} --field-manager=ben`, labelled({ b: '1' }));
    await kubectl(`${server} --field-manager=anna`, labelled({}));
    expect(await kubectl('get cm x -o jsonpath={.metadata.labels}')).toBe('{"b":"1"}');
    expect(await fail(`${server} --field-manager=cleo`, labelled({ b: '2' }))).toContain('conflict with "ben": .metadata.labels.b');
  });

  it('takes over what was applied by the client before', async () => {
    await kubectl('apply -f -', yaml(configMapNamed('moved', { a: '1', b: '1' })));
    expect(await managers('cm moved')).toBe('Update/kubectl-client-side-apply/;');
    await kubectl(server, yaml(configMapNamed('moved', { a: '2' })));
    expect(await kubectl('get cm moved -o jsonpath={.data}')).toBe('{"a":"2"}');
    // kubectl hands its annotation to a manager of its own.
    expect(await managers('cm moved')).toBe('Apply/kubectl-last-applied/;Apply/kubectl/;');
    await kubectl('apply -f -', yaml(configMapNamed('moved', { a: '3' })));
    expect(await kubectl('get cm moved -o jsonpath={.data}')).toBe('{"a":"3"}');
  });

  it('shows what it would do, with --dry-run and diff', async () => {
    await kubectl(`${server} --dry-run=server`, yaml(configMapNamed('never', {})));
    expect((await plane.kubectl.run(['get', 'cm', 'never'])).code).toBe(1);
    const { code, stdout } = await plane.kubectl.run(['diff', '--server-side', '-f', '-'], yaml(configMapNamed('moved', { a: '4' })));
    expect([code, stdout]).toEqual([1, expect.stringMatching(/-\s+a: "3"\n\+\s+a: "4"/)]);
  });
});
