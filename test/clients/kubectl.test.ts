import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { event } from '../../shared/kinds/core/event.ts';
import { kindNamed, kinds } from '../../shared/kinds/index.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { clusterNamed, deploymentNamed } from '../api/harness.ts';
import { type Plane, startPlane } from './plane.ts';

/** What a person does with the real kubectl, over HTTPS. No reconciler runs: status is written by the tests. */

let plane: Plane;
beforeAll(async () => {
  plane = await startPlane();
});
afterAll(() => plane.close());

/** Runs a command that has to succeed; says what it printed. */
async function kubectl(args: string, stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl.run(args.split(' '), stdin);
  if (code !== 0) throw new Error(`kubectl ${args} ended with ${code}: ${stderr}`);
  return stdout + stderr;
}

const image = 'https://www.googleapis.com/compute/v1/projects/talos-testbed/global/images/talos-e2e';

const machine = (name: string): KubeObject => ({
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind: 'Machine',
  metadata: { name, labels: { 'cluster.k8s.io/cluster-name': 'c', set: 'master' } },
  spec: {
    providerSpec: {
      value: {
        apiVersion: 'talosproviderconfig/v1alpha1',
        kind: 'TalosMachineProviderSpec',
        platform: {
          type: 'gce',
          config: stringify({ zone: 'us-central1-c', project: 'talos-testbed', instances: { type: 'n1-standard-2', image } }),
        },
      },
    },
  },
});
const deployment = (): KubeObject => {
  const object = deploymentNamed('d', 3);
  const spec = object.spec as { template: { spec: unknown } };
  spec.template.spec = machine('m').spec;
  return object;
};
const yaml = (...objects: KubeObject[]) => objects.map((object) => stringify(object)).join('---\n');

/** A status as the reconciler would write it. */
async function writeStatus(name: string, status: Record<string, unknown>): Promise<void> {
  const kind = kindNamed('cluster.k8s.io', 'Machine')!;
  const live = await plane.store.get(kind, { namespace: 'default', name });
  await plane.store.update(kind, { ...live!, status });
}

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

  it('merges Secrets and ConfigMaps strategically', async () => {
    const config = (data: Record<string, string>): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cm' }, data });
    const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'dmFsdWU=' } };
    await kubectl('apply -f -', yaml(config({ a: '1', b: '2' }), secret));
    plane.requests();
    expect(await kubectl('apply -f -', yaml(config({ b: '3' }), secret))).toBe('configmap/cm configured\nsecret/s unchanged\n');
    expect(await kubectl('get cm cm -o jsonpath={.data}')).toBe('{"b":"3"}');
    expect(await kubectl('get secret s -o jsonpath={.data.key}')).toBe('dmFsdWU=');
  });

  it('shows a difference without making it', async () => {
    const { code, stdout } = await plane.kubectl.run(
      ['diff', '-f', '-'],
      yaml({ ...clusterNamed('c'), metadata: { name: 'c', labels: { new: 'label' } } }),
    );
    expect([code, stdout]).toEqual([1, expect.stringContaining('+    new: label')]);
    expect(await kubectl('get cluster c -o jsonpath={.metadata.labels}')).toBe('');
  });
});

describe('kubectl get', () => {
  it('prints our columns, more of them when wide', async () => {
    await writeStatus('m-0', {
      phase: 'Running',
      nodeRef: { name: 'node-0' },
      addresses: [{ type: 'ExternalIP', address: '203.0.113.10' }],
    });
    expect(await kubectl('get ma')).toMatch(/^NAME +CLUSTER +PHASE +READY +NODENAME +AGE\nm-0 +c +Running +node-0 +\d+s\n$/);
    expect(await kubectl('get machines -o wide')).toMatch(/PROVIDERID +ADDRESS +AGE\nm-0 .* 203\.0\.113\.10 +\d+s\n$/);
  });

  it.each([
    ['get machine/m-0 -o name', /^machine\.cluster\.k8s\.io\/m-0\n$/],
    ['get cluster c -o yaml', /^apiVersion: cluster\.k8s\.io\/v1alpha1\nkind: Cluster\n/],
    ['get md d -o json', /^\{\n {4}"apiVersion": "cluster\.k8s\.io\/v1alpha1",\n {4}"kind": "MachineDeployment",/],
    ['get ma -l set=master --show-labels', /m-0 .*cluster\.k8s\.io\/cluster-name=c,set=master/],
    ['get ma -l set=worker', /^No resources found in default namespace\.\n$/],
    ['get cluster-api -A', /default +machinedeployment\.cluster\.k8s\.io\/d/],
    ['get ma --sort-by=.metadata.name', /^NAME/],
    ['get ns', /default +Active +\d+s/],
    ['api-resources --api-group=cluster.k8s.io', /machinedeployments +md +cluster\.k8s\.io\/v1alpha1 +true +MachineDeployment/],
    ['version', /Server Version: v1\./],
  ])('%s', async (args, output) => {
    expect(await kubectl(args)).toMatch(output);
  });

  it('-w prints what changes, until it is left', async () => {
    const { process, output } = await plane.kubectl.start([
      'get',
      'ma',
      '-w',
      '-o',
      'custom-columns=N:.metadata.name,L:.metadata.labels.step',
    ]);
    let printed = '';
    process.stdout!.on('data', (chunk) => {
      printed += String(chunk);
    });
    const sees = async (text: string) => {
      while (!printed.includes(text)) await once(process.stdout!, 'data');
    };
    await sees('m-0');
    await kubectl('label ma m-0 step=one');
    await sees('one');
    await kubectl('label ma m-0 step=two --overwrite');
    await sees('two');
    process.kill('SIGINT');
    await output;
    expect(printed).toMatch(/^N +L\nm-0 +<none>\nm-0 +one\nm-0 +two\n$/);
  });
});

it('kubectl describe tells what happened', async () => {
  const { metadata } = (await plane.store.get(kindNamed('cluster.k8s.io', 'Machine')!, { namespace: 'default', name: 'm-0' }))!;
  const time = new Date().toISOString().replace(/\.\d+/, '');
  await plane.store.create(event, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'm-0.1', namespace: 'default' },
    involvedObject: { apiVersion: 'cluster.k8s.io/v1alpha1', kind: 'Machine', name: 'm-0', namespace: 'default', uid: metadata.uid! },
    reason: 'Created',
    message: 'made the instance m-0',
    type: 'Normal',
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component: 'plastron' },
  });
  const described = await kubectl('describe machine m-0');
  expect(described).toMatch(/^Name: +m-0\n/);
  expect(described).toMatch(/Normal +Created +\d+s +plastron +made the instance m-0/);
  expect(await kubectl('events --for machine/m-0')).toContain('made the instance m-0');
  expect(await kubectl('get events')).toMatch(
    /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\d+s +Normal +Created +machine\/m-0 +made the instance m-0\n$/,
  );
});

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

describe('kubectl explain', () => {
  it.each([
    ['machinedeployment.spec.strategy --recursive', /KIND: +MachineDeployment[\s\S]*rollingUpdate\t<Object>\n {4}maxSurge\t<IntOrString>/],
    ['machine.spec.providerSpec.value.platform', /Where the machine is made, and of what\.[\s\S]*config\t<string> -required-/],
    ['cluster.status', /What the cluster is\./],
    ['secret', /KIND: +Secret[\s\S]*data\t<map\[string\]string>/],
  ])('%s', async (args, output) => {
    expect(await kubectl(`explain ${args}`)).toMatch(output);
  });
});

describe('kubectl auth', () => {
  it.each([
    ['auth whoami', /Username +tester\n/],
    ['auth can-i create machines', /^yes\n$/],
    ['auth can-i --list', /machines\.cluster\.k8s\.io .*\[create delete deletecollection get list patch update watch\]/],
  ])('%s', async (args, output) => {
    expect(await kubectl(args)).toMatch(output);
  });
});

describe('kubectl waits', () => {
  it('for a condition, a field, and an end', async () => {
    await kubectl('apply -f -', yaml(machine('w')));
    const waits = ['condition=Ready', 'jsonpath={.status.phase}=Running', 'delete'].map((what) =>
      kubectl(`wait ma/w --for=${what} --timeout=20s`),
    );
    await writeStatus('w', { phase: 'Running', observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] });
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
