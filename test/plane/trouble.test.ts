import { describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { conditionOf } from '../../shared/kinds/conditions.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { systemNamespace } from '../../shared/kinds/fields.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { newNamespace } from '../../shared/store/namespaces.ts';
import { allAreReady, applyCluster, instancesOf, isReady, isRolledOut, raiseCluster, whyNotReady } from './look.ts';
import { aCluster, aMaster, aWorker, reserved, withImage, workers } from './objects.ts';
import { type Simulation, simulate } from './simulation.ts';

const pausing = (plane: Simulation, paused: boolean) =>
  plane.change(cluster, 'c', (object) => ({ ...object, spec: { ...object.spec, paused } }));

const workerOf = async (plane: Simulation) => (await plane.machines()).find(({ metadata }) => metadata.name !== 'c-master-0')!;

describe('a machine', () => {
  it('of a cluster that does not exist waits for it, and says so', async () => {
    const plane = await simulate();
    await plane.apply(machine, aMaster('c', 0));
    await plane.pass(30);
    expect(whyNotReady(await plane.get(machine, 'c-master-0'))).toMatch(/^WaitingForCluster: Cluster default\/c does not exist: apply it/);
    await plane.apply(cluster, aCluster('c'));
    await plane.until('it is ready', allAreReady(plane, 1), 120);
    plane.end();
  });

  it('that is one master too many says which address is missing, and comes up when it is added', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: {} });
    await plane.apply(machine, aMaster('c', 1));
    await plane.pass(30);
    expect(whyNotReady(await plane.get(machine, 'c-master-1'))).toContain(
      'masters.ips of Cluster c has 1 addresses, and master 1 needs masters.ips[1]',
    );
    const { spec } = aCluster('c', reserved.slice(0, 2));
    await plane.change(cluster, 'c', (object) => ({ ...object, spec }));
    await plane.until('both are ready', allAreReady(plane, 2), 300);
    plane.end();
  });

  it('whose address nobody reserved says so, and comes up when it is mended', async () => {
    const plane = await simulate();
    await plane.apply(cluster, aCluster('c', ['192.0.2.1']));
    await plane.apply(machine, aMaster('c', 0));
    await plane.pass(60);
    expect(whyNotReady(await plane.get(machine, 'c-master-0'))).toContain('192.0.2.1 (masters.ips[0]) is not reserved at this place');
    await plane.change(cluster, 'c', (object) => ({ ...object, spec: aCluster('c').spec }));
    await plane.until('it is ready', allAreReady(plane, 1), 1_300);
    plane.end();
  });

  it('whose node never joins fails after the timeout, with what its Talos API says', async () => {
    const plane = await simulate({ joinTimeout: 300 });
    await raiseCluster(plane, { workers: {} });
    plane.fleet.neverJoins('stranger', 'the token of the cluster was refused');
    await plane.apply(machine, aWorker('c', 'stranger'));
    await plane.pass(290);
    expect((await plane.get(machine, 'stranger')).status?.phase).toBe('Provisioned');
    await plane.pass(60);
    const { status } = await plane.get(machine, 'stranger');
    expect(status).toMatchObject({ phase: 'Failed', errorReason: 'JoinClusterTimeoutError' });
    expect(status?.errorMessage).toBe(
      "no Node came within 300 s of the instance's start; its Talos API answers: kubelet is Running (the token of the cluster was refused)",
    );
    const executions = plane.executions().length;
    await plane.pass(7_200);
    expect(plane.executions()).toHaveLength(executions);
    plane.end();
  });

  it('that waits for a control plane which comes late does not time out over it', async () => {
    const plane = await simulate({ joinTimeout: 300 });
    await plane.apply(cluster, aCluster('c'));
    await plane.apply(machineDeployment, workers('c', 'west', 2));
    await plane.pass(1_200);
    await plane.apply(machine, aMaster('c', 0));
    await plane.until('3 machines are ready', allAreReady(plane, 3), 300);
    plane.end();
  });

  it('whose instance vanishes has failed, and is never made twice', async () => {
    const plane = await simulate();
    await raiseCluster(plane);
    const worker = await workerOf(plane);
    plane.clouds.east.vanish(worker.metadata.name);
    await plane.until('it has failed', async () => (await plane.get(machine, worker.metadata.name)).status?.phase === 'Failed', 120);
    expect((await plane.get(machine, worker.metadata.name)).status?.errorMessage).toMatch(
      /^instance east:.* is gone from the cloud; a machine is never made twice/,
    );
    await plane.pass(3_600);
    expect(instancesOf(plane)).toHaveLength(3);
    await plane.remove(machine, worker.metadata.name);
    await plane.until('another took its place', allAreReady(plane, 4), 300);
    plane.end();
  });

  it('whose instance vanishes while it is created has failed, and is never made twice', async () => {
    const plane = await simulate();
    await applyCluster(plane);
    await plane.until('it is running', async () => plane.clouds.east.instances.filter(plane.clouds.east.isRunning).length === 4, 60);
    const worker = await workerOf(plane);
    plane.clouds.east.vanish(worker.metadata.name);
    await plane.until('it has failed', async () => (await plane.get(machine, worker.metadata.name)).status?.phase === 'Failed', 900);
    await plane.remove(machine, worker.metadata.name);
    await plane.until('another took its place', allAreReady(plane, 4), 300);
    plane.end();
  });

  it('whose kubelet falls silent is not ready, and is again when it speaks', async () => {
    const plane = await simulate();
    await raiseCluster(plane);
    const { name } = (await workerOf(plane)).metadata;
    plane.fleet.silence(name);
    await plane.until('it is not ready', async () => !isReady(await plane.get(machine, name)), 120);
    expect(whyNotReady(await plane.get(machine, name))).toBe('NodeStatusUnknown: kubelet stopped');
    expect((await plane.get(machineDeployment, 'c-east')).status).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
    plane.fleet.silence(name, false);
    await plane.until('all are ready', allAreReady(plane, 4), 120);
    expect((await plane.get(machineDeployment, 'c-east')).status).toMatchObject({ readyReplicas: 3, availableReplicas: 3 });
    plane.end();
  });
});

describe('a plane', () => {
  it('goes on with a rollout over which it was down for longer than the progress deadline', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: { east: 2 } });
    await plane.change(machineDeployment, 'c-east', (deployment) => withImage(deployment, 'talos-2'));
    // At this moment nothing is on its way: no count will change by itself.
    await plane.until('the first new machine is ready', async () => {
      const { status } = await plane.get(machineDeployment, 'c-east');
      return status?.updatedReplicas === 1 && status.availableReplicas === 3;
    });
    plane.halt();
    await plane.pass(3_600);
    plane.resume();
    await plane.until('the rollout is complete', isRolledOut(plane, 'c-east'), 600);
    plane.end();
  });

  it('goes on at once with a rollout whose execution was stopped', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: { east: 2 } });
    await plane.change(machineDeployment, 'c-east', (deployment) => withImage(deployment, 'talos-2'));
    await plane.pass(10);
    await plane.stop(({ workflow }) => workflow === 'rollout');
    await plane.pass(3);
    expect(
      plane
        .executions()
        .filter(({ workflow }) => workflow === 'rollout')
        .map(({ status }) => status),
    ).toEqual(['ABORTED', 'RUNNING']);
    await plane.until('the rollout is complete', isRolledOut(plane, 'c-east'), 600);
    plane.end();
  });
});

describe('two Clusters of one name in two namespaces', () => {
  it('both come up; the second says whose the ConfigMap of the seed is', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: {} });
    await plane.apply(namespace, newNamespace('other'));
    await plane.apply(cluster, aCluster('c', reserved.slice(1, 2), 'other'));
    await plane.apply(machine, aMaster('c', 0, { namespace: 'other' }));
    await plane.until('both are ready', allAreReady(plane, 2));
    const first = await plane.get(cluster, 'c');
    const second = await plane.get(cluster, { namespace: 'other', name: 'c' });
    expect(conditionOf(first.status?.conditions, 'TalosconfigPublished')).toMatchObject({ status: 'True' });
    expect(conditionOf(second.status?.conditions, 'TalosconfigPublished')).toMatchObject({
      status: 'False',
      reason: 'NameTaken',
      message: expect.stringContaining('read Secret c-talosconfig instead'),
    });
    const published = await plane.get(configMap, { namespace: systemNamespace, name: 'c-master-0' });
    expect(published.metadata.labels).toMatchObject({ 'plastron.dev/cluster-uid': first.metadata.uid });
    plane.end();
  });
});

describe('a paused cluster', () => {
  it('is let be: nothing is created, changed or deleted until it goes on', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: { east: 1 } });
    await pausing(plane, true);
    await plane.change(machineDeployment, 'c-east', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas: 2 } }));
    await plane.apply(machine, aWorker('c', 'single'));
    const worker = await workerOf(plane);
    await plane.remove(machine, worker.metadata.name);
    await plane.pass(3_600);
    expect(instancesOf(plane)).toHaveLength(2);
    expect(await plane.machines()).toHaveLength(3);
    await pausing(plane, false);
    await plane.until('what was asked for is done', allAreReady(plane, 4), 180);
    plane.end();
  });

  it('resumes a MachineDeployment that has no Machine yet', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: {} });
    await pausing(plane, true);
    await plane.apply(machineDeployment, workers('c', 'east', 1));
    await plane.pass(120);
    expect(await plane.machines()).toHaveLength(1);
    await pausing(plane, false);
    await plane.until('its machine is ready', allAreReady(plane, 2), 120);
    plane.end();
  });

  it('does not call machines that run anything but ready', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: { east: 1 } });
    await pausing(plane, true);
    await plane.pass(30);
    expect((await plane.machines()).map(isReady)).toEqual([true, true]);
    plane.end();
  });
});
