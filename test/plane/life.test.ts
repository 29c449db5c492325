import { describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { keys, systemNamespace } from '../../shared/kinds/fields.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { type MachineDeploymentObject, machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { allAreReady, applyCluster, instancesOf, isRolledOut, nothingIsLeft, raiseCluster } from './look.ts';
import { reserved, withImage } from './objects.ts';
import { simulate } from './simulation.ts';

const replicas = (count: number) => (deployment: MachineDeploymentObject) => ({
  ...deployment,
  spec: { ...deployment.spec, replicas: count },
});

describe('the life of a cluster', () => {
  it('brings one master and three workers up in two clouds, and bootstraps etcd once', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: { east: 2, west: 1 } });
    expect((await plane.get(cluster, 'c')).status).toMatchObject({
      phase: 'Provisioned',
      apiEndpoints: [{ host: reserved[0], port: 6443 }],
    });
    expect(plane.fleet.bootstraps()).toBe(1);
    expect(plane.clouds.east.reserved.get(reserved[0])).toBe(
      plane.clouds.east.instances.find(({ machineName }) => machineName === 'c-master-0')?.id,
    );
    const nodes = plane.fleet.nodesWith('c-master-0');
    expect(nodes.map(({ spec }) => spec.providerID?.split(':')[0]).sort()).toEqual(['east', 'east', 'east', 'west']);
    expect(nodes.find(({ metadata }) => metadata.name === 'c-master-0')?.metadata.annotations).toMatchObject({
      'cluster.k8s.io/machine': 'default/c-master-0',
    });
    plane.end();
  });

  it('publishes the talosconfig where the seed looks for it, and the client configs as Secrets', async () => {
    const plane = await simulate();
    await raiseCluster(plane);
    const published = await plane.get(configMap, { namespace: systemNamespace, name: 'c-master-0' });
    expect(published.metadata.labels).toMatchObject({ [keys.clusterName]: 'c', [keys.sensitive]: 'true' });
    expect(published.data).toHaveProperty('talosconfig');
    for (const name of ['c-talos', 'c-talosconfig', 'c-kubeconfig']) await expect(plane.get(secret, name)).resolves.toBeDefined();
    plane.end();
  });

  it('scales to five workers and back to three', async () => {
    const plane = await simulate();
    await raiseCluster(plane);
    await plane.change(machineDeployment, 'c-east', replicas(5));
    await plane.until('6 machines are ready', allAreReady(plane, 6));
    await plane.change(machineDeployment, 'c-east', replicas(3));
    await plane.until('4 machines are ready', allAreReady(plane, 4));
    expect(plane.fleet.nodesWith('c-master-0')).toHaveLength(4);
    plane.end();
  });

  it('keeps three available, and never makes more than four, while it replaces three', async () => {
    const plane = await simulate();
    await raiseCluster(plane);
    const former = new Set((await plane.machines()).map(({ metadata }) => metadata.uid));
    plane.store.bound({ namespace: 'default', name: 'c-east' }, { least: 3, most: 4 });
    await plane.change(machineDeployment, 'c-east', (deployment) => withImage(deployment, 'talos-2'));
    await plane.until('all are replaced', isRolledOut(plane, 'c-east'));
    await plane.until('4 machines are ready', allAreReady(plane, 4));
    const kept = (await plane.machines()).filter(({ metadata }) => former.has(metadata.uid));
    expect(kept.map(({ metadata }) => metadata.name)).toEqual(['c-master-0']);
    expect(new Set(instancesOf(plane).map(({ image }) => image))).toEqual(new Set(['talos-1', 'talos-2']));
    plane.end();
  });

  it('takes everything down with the Cluster, and gives the reserved address back', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: { east: 2, west: 1 } });
    await plane.remove(cluster, 'c');
    await plane.until('nothing is left', () => nothingIsLeft(plane));
    expect([...plane.clouds.east.reserved.keys()]).toContain(reserved[0]);
    const { items: secrets } = await plane.store.list(secret, { namespace: 'default' });
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual([]);
    expect(await plane.store.get(configMap, { namespace: systemNamespace, name: 'c-master-0' })).toBeUndefined();
    plane.end();
  });

  it.each([0, 3, 9, 16, 26])('takes it down when it is deleted after %d s of its creation', async (seconds) => {
    const plane = await simulate();
    await applyCluster(plane, { workers: { east: 1, west: 1 } });
    await plane.pass(seconds);
    await plane.remove(cluster, 'c');
    await plane.until('nothing is left', () => nothingIsLeft(plane));
    plane.end();
  });

  it.each([0, 5, 14, 19, 21, 24])('replaces a worker that is deleted after %d s of its creation', async (seconds) => {
    const plane = await simulate();
    await applyCluster(plane);
    await plane.until('the workers are there', async () => (await plane.machines()).length === 4, 10);
    await plane.pass(seconds);
    const worker = (await plane.machines()).find(({ metadata }) => metadata.name !== 'c-master-0')!;
    await plane.remove(machine, worker.metadata.name);
    // At first nobody has looked at it yet, and four are ready as they were.
    const isGone = async () => !(await plane.machines()).some(({ metadata }) => metadata.uid === worker.metadata.uid);
    await plane.until('the worker is gone', isGone);
    await plane.until('4 machines are ready', allAreReady(plane, 4));
    expect((await plane.machines()).map(({ metadata }) => metadata.name)).not.toContain(worker.metadata.name);
    plane.end();
  });
});
