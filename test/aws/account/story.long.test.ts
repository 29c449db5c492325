import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookIntoClouds, nodesOf } from '../../../infra/local/demo/observe.ts';
import type { Endpoints } from '../../../infra/local/files.ts';
import { systemClock as clock } from '../../../infra/system.ts';
import type { MachineObject } from '../../../shared/kinds/machine/kind.ts';
import { awsSecret, gceSecret, serviceAccount } from '../../host/credentials.ts';
import { allHistories, executionsOf } from '../../host/executions.ts';
import { cluster, deployment, machine, platforms, yamlOf } from '../../host/manifests.ts';
import { findIn, secretsOf, storedTexts } from '../../host/secrets.ts';
import { type DeployedPlane, deployPlane } from './plane.ts';

let plane: DeployedPlane;
let secrets: readonly string[];
let serviceAccountFile: string;
const clouds = () => lookIntoClouds(plane.world.endpoints as Endpoints);

beforeAll(async () => {
  plane = await deployPlane({ bootSeconds: 2 });
  serviceAccountFile = serviceAccount(`${plane.world.endpointOf('gce')}/token`);
}, 120_000);
afterAll(() => plane.close());

/** Asks every two seconds; throws with what was last seen. */
async function eventually(what: string, seconds: number, look: () => Promise<unknown>, holds: (seen: unknown) => boolean): Promise<void> {
  const until = clock.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return;
    if (clock.now() > until) throw new Error(`${what}, but after ${seconds} s: ${JSON.stringify(seen)}`);
    await clock.sleep(2_000);
  }
}

const phases = async (): Promise<unknown> => ((await plane.list('machines')) as MachineObject[]).map(({ status }) => status?.phase);
const allRunning = (count: number) => (seen: unknown) =>
  (seen as string[]).length === count && (seen as string[]).every((phase) => phase === 'Running');

describe('the template, on an account of this machine, with real bundles, rights, queues, streams and state machines', () => {
  it('makes a cluster over two clouds', async () => {
    const { reservedAddresses } = plane.world.endpoints;
    await plane.apply(yamlOf([gceSecret(serviceAccountFile), awsSecret()]));
    await plane.apply(
      yamlOf([
        cluster('fleet', reservedAddresses.gce.slice(0, 1)),
        machine('fleet-master-0', { cluster: 'fleet', platform: platforms.gce, set: 'master' }),
        deployment('gce-workers', 1, { cluster: 'fleet', platform: platforms.gce }),
        deployment('aws-workers', 1, { cluster: 'fleet', platform: platforms.aws }),
      ]),
    );
    await eventually('three machines run', 180, phases, allRunning(3));
    const kubeconfig = join(plane.data, 'fleet');
    writeFileSync(kubeconfig, await plane.secretText('fleet-kubeconfig', 'value'));
    expect((await nodesOf(kubeconfig)).map(({ ready }) => ready)).toEqual([true, true, true]);
    secrets = await secretsOf(plane, 'fleet', [serviceAccountFile]);
  }, 240_000);

  it('links every object to its last execution', async () => {
    for (const resource of ['clusters', 'machines'])
      for (const { metadata } of await plane.list(resource))
        expect(metadata.annotations?.['plastron.dev/execution']).toMatch(
          /^https:\/\/us-east-1\.console\.aws\.amazon\.com\/states\/home\?region=us-east-1#\/v2\/executions\/details\/arn:aws:states:us-east-1:\d{12}:execution:Plastron-create-/,
        );
  });

  it('looks at clusters by the schedule', async () => {
    const before = plane.account.functions.measured.get('Plastron-steps')!.rss.length;
    for (let minute = 1; minute <= 12; minute++) await plane.account.tick(clock.now() + minute * 60_000);
    await eventually(
      'the steps were called',
      30,
      async () => plane.account.functions.measured.get('Plastron-steps')!.rss.length,
      (calls) => (calls as number) > before,
    );
  }, 60_000);

  it('scales', async () => {
    await plane.must('scale', 'machinedeployment/aws-workers', '--replicas=2');
    await eventually('four machines run', 120, phases, allRunning(4));
  }, 150_000);

  it('shows no secret in a log, a history, a queue, or the table', async () => {
    expect(secrets.length).toBeGreaterThan(20);
    const histories = (await allHistories(plane.account.stepFunctions)).map(({ name, text }) => ({
      place: `the history of ${name}`,
      text,
    }));
    const queued = [...plane.account.queues].map(([name, { sent }]) => ({ place: name, text: sent.join('\n') }));
    const items = await storedTexts(plane.account.dynamodb, plane.account.table);
    expect([histories.length >= 5, queued.every(({ text }) => text !== ''), items.length > 20]).toEqual([true, true, true]);
    const objects = await Promise.all(
      ['events', 'clusters', 'machines', 'machinesets', 'machinedeployments'].map(async (place) => ({
        place,
        text: JSON.stringify(await plane.list(place)),
      })),
    );
    expect(findIn([{ place: 'the logs', text: plane.log() }, ...histories, ...queued, ...items, ...objects], secrets)).toEqual([]);
  }, 60_000);

  it('collects what has lost its owner, and ends a namespace with all that is in it', async () => {
    await plane.must('create', 'namespace', 'demo');
    await plane.must('create', 'configmap', 'parent', '-n', 'demo');
    await plane.must('create', 'secret', 'generic', 'kept', '-n', 'demo', '--from-literal=a=b');
    const uid = await plane.must('get', 'configmap', 'parent', '-n', 'demo', '-o', 'jsonpath={.metadata.uid}');
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid, blockOwnerDeletion: true }];
    await plane.apply(yamlOf([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'child', namespace: 'demo', ownerReferences } }]));
    await plane.must('delete', 'configmap', 'parent', '-n', 'demo', '--cascade=foreground', '--timeout=60s');
    expect(await plane.must('get', 'configmaps', '-n', 'demo', '-o', 'name')).toBe('');
    await plane.must('delete', 'namespace', 'demo', '--timeout=60s');
    expect(await plane.must('get', 'secrets', '-n', 'demo', '-o', 'name')).toBe('');
  }, 150_000);

  it('deletes the cluster, and leaves nothing of it in the clouds but what the user had', async () => {
    await plane.must('delete', 'machinedeployments,clusters', '--all', '--wait=false');
    await eventually(
      'nothing is left',
      300,
      () => plane.list('machines,clusters'),
      (left) => (left as unknown[]).length === 0,
    );
    const { gce, aws } = await clouds();
    expect([...gce.instances, ...aws.instances].filter(({ state }) => !/terminated/i.test(state))).toEqual([]);
  }, 330_000);

  it('never wanted more rights than its roles have, and lost no wake', async () => {
    expect(plane.account.denied).toEqual([]);
    expect([...plane.account.queues].filter(([, { dead }]) => dead.length > 0)).toEqual([]);
    const ended = await executionsOf(plane.account.stepFunctions);
    expect(ended.filter(({ status }) => status !== 'SUCCEEDED').map(({ name, status }) => `${name} ${status}`)).toEqual([]);
  });
});
