import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clusterNamed } from '../api/harness.ts';
import { machine, yaml } from './manifests.ts';
import { type Plane, startPlane } from './plane.ts';

/** What the real kubectl finds out about the API, and the resources that are views of others. */

let plane: Plane;
let kubectl: Plane['succeed'];
beforeAll(async () => {
  plane = await startPlane();
  kubectl = plane.succeed;
  await kubectl('apply -f -', yaml(clusterNamed('c'), machine('m-0')));
});
afterAll(() => plane.close());

describe('kubectl knows', () => {
  it.each([
    [
      'api-resources',
      /events +ev +v1 +true +Event\n[\s\S]*customresourcedefinitions +crd,crds +apiextensions\.k8s\.io\/v1 +false[\s\S]*events +events\.k8s\.io\/v1/,
    ],
    ['api-resources --verbs=list --categories=cluster-api -o name', /^clusters\.cluster\.k8s\.io\nmachineclasses\.cluster\.k8s\.io\n/],
    ['get crd machines.cluster.k8s.io -o jsonpath={.spec.versions[0].subresources}', /^\{"status":\{\}\}$/],
    ['get crds', /^NAME +CREATED AT\nclusters\.cluster\.k8s\.io +1970-01-01T00:00:00Z\n/],
    ['wait --for=condition=established crd/machines.cluster.k8s.io --timeout=5s', /condition met\n$/],
    ['explain crd.spec.versions', /additionalPrinterColumns\t<\[\]Object>\n {4}What kubectl get shows beside the name\./],
    ['explain event --api-version=events.k8s.io/v1', /GROUP: +events\.k8s\.io\n[\s\S]*regarding\t<Object> -required-/],
    ['explain event', /KIND: +Event\nVERSION: +v1\n[\s\S]*involvedObject\t<Object> -required-/],
    ['explain machine.spec.deletion', /nodeDrainTimeoutSeconds\t<integer>\n {4}Seconds that evicting its Pods may take/],
    ['explain machine.metadata.ownerReferences', /ownerReferences <\[\]OwnerReference>[\s\S]*An object that this one depends on/],
    ['get --raw /readyz?verbose', /^\[\+\]ping ok\nreadyz check passed\n$/],
    ['get --raw /', /"\/apis\/cluster\.k8s\.io\/v1alpha1"/],
    ['version', /^Client Version: v1\.36\S*\nKustomize Version: \S+\nServer Version: v1\.35\.0\+plastron\n$/],
  ])('%s', async (args, output) => {
    expect(await kubectl(args)).toMatch(output);
  });

  it('that nobody deletes a definition', async () => {
    const { code, stderr } = await plane.kubectl.run(['delete', 'crd', 'machines.cluster.k8s.io']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('(MethodNotAllowed)')]);
  });
});

describe('an Event of events.k8s.io/v1', () => {
  const reported = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'm-0.1', namespace: 'default' },
    regarding: { apiVersion: 'cluster.k8s.io/v1alpha1', kind: 'Machine', name: 'm-0', namespace: 'default' },
    reason: 'Painted',
    note: 'painted it red',
    action: 'Painting',
    type: 'Warning',
    eventTime: new Date().toISOString().replace('Z', '000Z'),
    reportingController: 'example.com/painter',
    reportingInstance: 'painter-0',
  };

  it('is created, and printed alike as what it was created and as a core Event', async () => {
    await kubectl('create -f -', yaml(reported));
    const row = /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\d+s +Warning +Painted +machine\/m-0 +painted it red\n$/;
    expect(await kubectl('get events')).toMatch(row);
    expect(await kubectl('get events.events.k8s.io')).toMatch(row);
    expect(await kubectl('get events.v1.events.k8s.io m-0.1 -o wide')).toMatch(/example\.com\/painter, painter-0/);
    expect(await kubectl('get event m-0.1 -o jsonpath={.apiVersion}/{.involvedObject.name}')).toBe('v1/m-0');
  });

  it('is found by kubectl events, by its object and by its type', async () => {
    expect(await kubectl('events --for machine/m-0')).toMatch(/Warning +Painted +Machine\/m-0 +painted it red\n$/);
    expect(await kubectl('events -A --types=Warning')).toMatch(/default +\d+s +Warning +Painted/);
    expect(await kubectl('events --types=Normal')).toBe('No events found in default namespace.\n');
  });

  it('is applied by the server, and again', async () => {
    const manifest = yaml({ ...reported, metadata: { name: 'm-0.2', namespace: 'default' } });
    expect(await kubectl('apply --server-side -f -', manifest)).toBe('event.events.k8s.io/m-0.2 serverside-applied\n');
    expect(await kubectl('diff --server-side -f -', manifest)).toBe('');
    expect(await kubectl('get event m-0.2 --show-managed-fields -o jsonpath={.metadata.managedFields[*].apiVersion}')).toBe(
      'events.k8s.io/v1',
    );
  });

  it('is watched by kubectl get -w, counted up', async () => {
    const { process, output } = await plane.kubectl.start(['get', 'events', '-w', '-o', 'custom-columns=N:.metadata.name,C:.series.count']);
    let printed = '';
    process.stdout!.on('data', (chunk) => {
      printed += String(chunk);
    });
    const sees = async (text: RegExp) => {
      while (!text.test(printed)) await once(process.stdout!, 'data');
    };
    await sees(/m-0\.2 +<none>/);
    const series = { count: 2, lastObservedTime: reported.eventTime };
    await kubectl(`patch events.events.k8s.io m-0.1 --type merge -p ${JSON.stringify({ series })}`);
    await sees(/m-0\.1 +2/);
    process.kill('SIGINT');
    await output;
  });
});
