import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { kinds } from '../../shared/kinds/index.ts';
import { clusterRole } from '../../shared/kinds/rbac/cluster-role.ts';
import { type Plane, startPlane } from './plane.ts';

/** Wrong manifests get an error that says where and what to write instead, through the real kubectl, and nothing is stored. */

let plane: Plane;
beforeAll(async () => {
  plane = await startPlane();
});
afterAll(() => plane.close());

const cluster = `apiVersion: cluster.k8s.io/v1alpha1
kind: Cluster
metadata:
  name: talos-gce
spec:
  clusterNetwork:
    pods: {cidrBlocks: [192.168.0.0/16]}
    services: {cidrBlocks: [10.96.0.0/12]}
    serviceDomain: cluster.local
  providerSpec:
    value:
      apiVersion: talosproviderconfig/v1alpha1
      kind: TalosClusterProviderSpec
      masters:
        ips: [203.0.113.10]
`;

const config = `zone: us-central1-c
project: talos-testbed
instances:
  type: n1-standard-2
  image: https://www.googleapis.com/compute/v1/projects/talos-testbed/global/images/talos-e2e
  disks:
    size: 50
`;

const machine = (
  platform: { type?: string; config?: string } = {},
  labels: Record<string, string> | null = { 'cluster.k8s.io/cluster-name': 'talos-gce' },
) =>
  stringify({
    apiVersion: 'cluster.k8s.io/v1alpha1',
    kind: 'Machine',
    metadata: { name: 'talos-gce-master-0', labels },
    spec: {
      providerSpec: {
        value: {
          apiVersion: 'talosproviderconfig/v1alpha1',
          kind: 'TalosMachineProviderSpec',
          platform: { type: 'gce', config, ...platform },
        },
      },
    },
  });

const field = 'spec.providerSpec.value';

describe('kubectl apply refuses', () => {
  it.each([
    [
      'x.x.x.x left in',
      cluster.replace('203.0.113.10', 'x.x.x.x'),
      `${field}.masters.ips[0]: Invalid value: "x.x.x.x": write an address that you reserved`,
    ],
    ['no address', cluster.replace('[203.0.113.10]', '[]'), `${field}.masters.ips: Required value: write at least one address`],
    ['an unknown platform', machine({ type: 'digitalocean' }), `${field}.platform.type`],
    ['a config that is no YAML', machine({ config: 'zone: "us\nproject: [' }), /platform\.config.*line \d+, column \d+/],
    ['a config without a key that it needs', machine({ config: config.replace(/zone.*\n/, '') }), /platform\.config.*zone/],
    ['a config with a key that nobody knows', machine({ config: `${config}region: x\n` }), /platform\.config.*region/],
    ['a placeholder left in', machine({ config: config.replace('talos-e2e', '{{IMAGE}}') }), /platform\.config.*\{\{IMAGE\}\}/],
    [
      'a Machine without its cluster',
      machine({}, null),
      'metadata.labels[cluster.k8s.io/cluster-name]: Required value: write the name of the Cluster',
    ],
    ['a name that is no DNS label', cluster.replace('name: talos-gce', 'name: Talos_GCE'), 'metadata.name: Invalid value: "Talos_GCE"'],
    [
      'an unknown field',
      cluster.replace('  clusterNetwork:', '  nodes: 3\n  clusterNetwork:'),
      'strict decoding error: unknown field "spec.nodes"',
    ],
    [
      'a manifest of 2 MB',
      `${cluster}  paused: false\n`.replace('metadata:', `metadata:\n  annotations: {a: "${'x'.repeat(2_000_000)}"}`),
      'Request entity too large: limit is 3145728',
    ],
    [
      'another version',
      cluster.replace('cluster.k8s.io/v1alpha1', 'cluster.k8s.io/v1beta1'),
      'no matches for kind "Cluster" in version "cluster.k8s.io/v1beta1"',
    ],
  ])('%s', async (_, manifest, words) => {
    const { code, stdout, stderr } = await plane.kubectl.run(['apply', '-f', '-'], manifest);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(words);
    // What the plane itself makes stays.
    for (const kind of kinds.filter(({ group }) => !['', clusterRole.group].includes(group)))
      expect((await plane.store.list(kind)).items).toEqual([]);
  });

  it('a patch type that our kinds do not have', async () => {
    await plane.kubectl.run(['apply', '-f', '-'], cluster);
    const { code, stderr } = await plane.kubectl.run(['patch', 'cluster', 'talos-gce', '-p', '{"spec":{"paused":true}}']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('the body of the request was in an unknown format - accepted media types include'),
    ]);
  });
});

it('a Machine of a cluster that does not exist is accepted', async () => {
  const { code, stdout } = await plane.kubectl.run(['apply', '-f', '-'], machine({}, { 'cluster.k8s.io/cluster-name': 'not-yet' }));
  expect([code, stdout]).toEqual([0, 'machine.cluster.k8s.io/talos-gce-master-0 created\n']);
});

it('a wrong token is told so', async () => {
  const { code, stderr } = await plane.kubectl.run(['get', 'machines', '--token', 'wrong']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('You must be logged in to the server (Unauthorized)')]);
});
