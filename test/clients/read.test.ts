import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { event } from '../../shared/kinds/core/event.ts';
import { kindNamed } from '../../shared/kinds/index.ts';
import { clusterNamed } from '../api/harness.ts';
import { deployment, machine, yaml } from './manifests.ts';
import { type Plane, startPlane } from './plane.ts';

/** The real kubectl over HTTPS, where it goes on or needs what only the plane writes. The rest is in transcripts/reading.txt. */

let plane: Plane;
let kubectl: Plane['succeed'];
beforeAll(async () => {
  plane = await startPlane();
  kubectl = plane.succeed;
  await kubectl('apply -f -', yaml(clusterNamed('c'), machine('m-0'), deployment()));
});
afterAll(() => plane.close());

describe('kubectl get', () => {
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
