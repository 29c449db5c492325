import { describe, expect, it } from '@jest/globals';
import { decode } from '../../infra/move/file/format.ts';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { event } from '../../shared/kinds/core/event.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { keys } from '../../shared/kinds/fields.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineClass } from '../../shared/kinds/machine-class/kind.ts';
import { type MachineDeploymentObject, machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { allAreReady, applyCluster, isRolledOut, nothingIsLeft, raiseCluster } from '../plane/look.ts';
import { aClassWorker, aCluster, aMachineClass, withImage } from '../plane/objects.ts';
import { createWorld } from './planes.ts';

const scale = (count: number) => (deployment: MachineDeploymentObject) => ({
  ...deployment,
  spec: { ...deployment.spec, replicas: count },
});

/** A world with a cluster of one master and four workers in two clouds. */
async function grown() {
  const world = createWorld();
  const a = await world.plane({ credentials: true });
  await raiseCluster(a, { workers: { east: 3, west: 1 } });
  return { world, a };
}

describe('a plane that moves', () => {
  it('has the same machines elsewhere: nothing is made twice, nothing is deleted, no execution starts', async () => {
    const { world, a } = await grown();
    const before = world.instances();
    const file = await a.export();
    a.end();
    const b = await world.plane();
    const { resumed, restored, there } = await b.import(file);
    expect({ resumed, there }).toEqual({ resumed: ['Cluster default/c'], there: 2 });
    expect(restored).toBe(decode(file).objects.length - 2);
    await b.pass(900);
    await b.until('all are ready', allAreReady(b, 5));
    expect(world.instances()).toEqual(before);
    expect(b.executions()).toEqual([]);
    expect(b.fleet.bootstraps()).toBe(1);
    expect((await b.get(cluster, 'c')).metadata.annotations).toEqual({ 'plastron.dev/imported-from': decode(file).header.sha256 });
    b.end();
  });

  it('scales, rolls out and takes its cluster down from where it went', async () => {
    const { world, a } = await grown();
    const file = await a.export();
    a.end();
    const b = await world.plane();
    await b.import(file);
    await b.change(machineDeployment, 'c-east', scale(4));
    await b.until('6 machines are ready', allAreReady(b, 6));
    expect(world.instances()).toHaveLength(6);
    b.store.bound({ namespace: 'default', name: 'c-east' }, { least: 4, most: 5 });
    await b.change(machineDeployment, 'c-east', (deployment) => withImage(deployment, 'talos-2'));
    await b.until('all are replaced', isRolledOut(b, 'c-east'));
    await b.until('6 machines are ready', allAreReady(b, 6));
    b.store.bound({ namespace: 'default', name: 'c-east' }, undefined);
    await b.remove(cluster, 'c');
    await b.until('nothing is left', () => nothingIsLeft(b));
    b.end();
  });

  it('keeps uids, owners, finalizers, status and times, and leaves Events behind', async () => {
    const { world, a } = await grown();
    const file = await a.export();
    const worker = (await a.machines()).find(({ metadata }) => metadata.name !== 'c-master-0')!;
    a.end();
    const b = await world.plane();
    await b.import(file, { keepPaused: true });
    const { resourceVersion: _, ...identity } = worker.metadata;
    expect(await b.get(machine, worker.metadata.name)).toMatchObject({ metadata: identity, spec: worker.spec, status: worker.status });
    expect(Object.keys(decode(file).header.counts)).not.toContain('Event');
    b.end();
  });

  it('brings MachineClasses along, and what Machines took from them', async () => {
    const world = createWorld();
    const a = await world.plane({ credentials: true });
    await a.apply(machineClass, aMachineClass('large', 'west'));
    await raiseCluster(a, { workers: {} });
    await a.apply(machine, aClassWorker('c', 'w', 'large'));
    await a.until('2 machines are ready', allAreReady(a, 2));
    const file = await a.export();
    a.end();
    const b = await world.plane();
    await b.import(file);
    expect((await b.get(machineClass, 'large')).providerSpec).toEqual((await b.get(machine, 'w')).status?.providerSpec);
    await b.remove(machineClass, 'large');
    await b.pass(60);
    await b.remove(machine, 'w');
    await b.until('1 machine is left', allAreReady(b, 1));
    expect(world.instances().map(({ deleted }) => deleted)).toEqual([false, true]);
    b.end();
  });

  it('does nothing more where it came from', async () => {
    const { world, a } = await grown();
    await a.export();
    const before = world.instances();
    await a.change(machineDeployment, 'c-east', scale(5));
    await a.remove(machine, (await a.machines()).at(-1)!.metadata.name);
    await a.remove(cluster, 'c');
    await a.pass(900);
    expect(world.instances()).toEqual(before);
    expect(await a.machines()).toHaveLength(5);
    a.end();
  });

  it('waits until what runs has ended', async () => {
    const world = createWorld();
    const a = await world.plane({ credentials: true });
    await applyCluster(a);
    await a.until('instances are made', () => world.instances().length > 0, 60);
    const file = await a.export();
    expect(a.told).toContain('pauses Cluster default/c');
    expect(a.told.join('\n')).toMatch(/waits for the end of create-/);
    expect(a.executions().filter(({ status }) => status === 'RUNNING')).toEqual([]);
    a.end();
    const b = await world.plane();
    await b.import(file);
    await b.until('all are ready', allAreReady(b, 4));
    b.end();
  });

  it('goes on where it is when what runs does not end in time, and says what that is', async () => {
    const world = createWorld();
    const a = await world.plane({ credentials: true });
    await applyCluster(a);
    await a.until('instances are made', () => world.instances().length > 0, 60);
    await expect(a.export({ waitMs: 4_000 })).rejects.toThrow(/^nothing was exported: in a plane executions run: create-.*wait longer/);
    expect((await a.get(cluster, 'c')).metadata.annotations).toEqual({});
    await a.until('all are ready', allAreReady(a, 4));
    a.end();
  });

  it('goes on where it is when the export is interrupted', async () => {
    const { world, a } = await grown();
    await expect(a.export({ signal: AbortSignal.abort() })).rejects.toThrow('interrupted: nothing was exported');
    await a.change(machineDeployment, 'c-east', scale(4));
    await a.until('6 machines are ready', allAreReady(a, 6));
    expect(world.instances()).toHaveLength(6);
    a.end();
  });

  it('leaves paused what a person had paused, here and there', async () => {
    const { world, a } = await grown();
    await a.apply(cluster, { ...aCluster('mine', ['203.0.113.11']), spec: { ...aCluster('mine').spec, paused: true } });
    const noted = aCluster('noted', ['203.0.113.12']);
    await a.apply(cluster, { ...noted, metadata: { ...noted.metadata, annotations: { [keys.paused]: 'until Monday' } } });
    const file = await a.export();
    a.end();
    const b = await world.plane();
    expect((await b.import(file)).resumed).toEqual(['Cluster default/c']);
    expect((await b.get(cluster, 'mine')).spec.paused).toBe(true);
    expect((await b.get(cluster, 'noted')).metadata.annotations).toEqual({ [keys.paused]: 'until Monday' });
    b.end();
  });

  it('stays paused for as long as that is wanted, and then goes on', async () => {
    const { world, a } = await grown();
    await a.change(machineDeployment, 'c-east', scale(2));
    const file = await a.export({ pause: false });
    a.end();
    const b = await world.plane();
    expect((await b.import(file, { keepPaused: true })).resumed).toEqual([]);
    await b.pass(900);
    expect(await b.machines()).toHaveLength(5);
    expect((await b.import(file)).resumed).toEqual(['Cluster default/c']);
    await b.until('4 machines are ready', allAreReady(b, 4));
    b.end();
  });
});

describe('a backup', () => {
  it('is taken without a write', async () => {
    const { world, a } = await grown();
    a.end();
    const all = async () => [await a.get(cluster, 'c'), ...(await a.machines())];
    const before = await all();
    const file = await a.export({ pause: false });
    expect(await all()).toEqual(before);
    expect(decode(file).header.counts).toMatchObject({ Cluster: 1, Machine: 5 });
    expect(world.instances()).toHaveLength(5);
  });

  it('kills nothing: instances that were made since are reported', async () => {
    const { world, a } = await grown();
    const file = await a.export({ pause: false });
    await a.change(machineDeployment, 'c-west', scale(3));
    await a.until('7 machines are ready', allAreReady(a, 7));
    a.end();
    const before = world.instances();
    const b = await world.plane();
    await b.import(file);
    await b.pass(3_600);
    expect(world.instances()).toEqual(before);
    const said = (await b.store.list(event)).items.filter(({ reason }) => reason === 'OrphanedInstance').map(({ message = '' }) => message);
    for (const { id } of before.slice(-2)) expect(said.join()).toContain(`instance ${id} says that it belongs to this cluster, but`);
    b.end();
  });

  it.each([2, 11, 19])('of a plane that died %d s into a cluster goes on in another plane, and makes no machine twice', async (seconds) => {
    const world = createWorld();
    const a = await world.plane({ credentials: true });
    await applyCluster(a);
    await a.pass(seconds);
    a.end();
    const file = await a.export({ pause: false });
    const b = await world.plane();
    await b.import(file);
    await b.until('all are ready', allAreReady(b, 4));
    expect(world.instances()).toHaveLength(4);
    b.end();
  });

  it.each([8, 35])('of a plane that died %d s into a rollout goes on in another plane', async (seconds) => {
    const { world, a } = await grown();
    await a.change(machineDeployment, 'c-east', (deployment) => withImage(deployment, 'talos-2'));
    await a.pass(seconds);
    a.end();
    const file = await a.export({ pause: false });
    const b = await world.plane();
    b.store.bound({ namespace: 'default', name: 'c-east' }, { least: 2, most: 4 });
    await b.import(file);
    await b.until('all are replaced', isRolledOut(b, 'c-east'));
    await b.until('5 machines are ready', allAreReady(b, 5));
    b.end();
  });

  it.each([10])('of a plane that died %d s into a teardown goes on in another plane', async (seconds) => {
    const { world, a } = await grown();
    await a.remove(cluster, 'c');
    await a.pass(seconds);
    a.end();
    const file = await a.export({ pause: false });
    const b = await world.plane();
    await b.import(file);
    await b.until('nothing is left', () => nothingIsLeft(b));
    expect((await b.store.list(secret, { namespace: 'default' })).items).toEqual([]);
    b.end();
  });
});
