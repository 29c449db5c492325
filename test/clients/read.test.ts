import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { event } from '../../shared/kinds/core/event.ts';
import { kindNamed } from '../../shared/kinds/index.ts';
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

describe('kubectl get', () => {
  it('prints our columns, more of them when wide', async () => {
    await plane.writeStatus('m-0', {
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
    ['auth can-i --list', /\*\.\* .*\[\*\]/],
  ])('%s', async (args, output) => {
    expect(await kubectl(args)).toMatch(output);
  });
});
