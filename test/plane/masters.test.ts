import { describe, expect, it } from '@jest/globals';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { allAreReady, raiseCluster } from './look.ts';
import { aMaster, reserved } from './objects.ts';
import { type Simulation, simulate } from './simulation.ts';

const stepsOf = (plane: Simulation, uid: string) => {
  const execution = plane.executions().find(({ name }) => name === `teardown-${uid}-1`);
  const output = execution?.output as Record<string, { readonly says: string }> | undefined;
  return (step: string): string | undefined => output?.[step]?.says;
};

describe('three masters', () => {
  it('bootstrap etcd once, and are its members', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { masters: 3, workers: { east: 1 } });
    expect(plane.fleet.bootstraps()).toBe(1);
    expect(plane.fleet.members()).toEqual(['c-master-0', 'c-master-1', 'c-master-2']);
    plane.end();
  });

  it.each([0, 1])('keep etcd while master %d is replaced: it leaves, and its successor joins with the same address', async (index) => {
    const plane = await simulate();
    await raiseCluster(plane, { masters: 3, workers: { east: 1 } });
    const former = await plane.get(machine, `c-master-${index}`);
    await plane.remove(machine, `c-master-${index}`);
    await plane.until('it is gone', async () => (await plane.machines()).length === 3);
    expect(plane.fleet.members()).toHaveLength(2);
    expect(stepsOf(plane, former.metadata.uid!)('LeaveEtcd')).toBe('it left etcd');
    await plane.apply(machine, aMaster('c', index));
    await plane.until('4 machines are ready', allAreReady(plane, 4));
    expect(plane.fleet.bootstraps()).toBe(1);
    expect(plane.fleet.members()).toHaveLength(3);
    expect(plane.clouds.east.reserved.get(reserved[index]!)).toBe(plane.clouds.east.instances.at(-1)?.id);
    plane.end();
  });

  it('take one that does not answer out of etcd after a minute', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { masters: 3, workers: {} });
    plane.fleet.deafen('c-master-2');
    const { uid } = (await plane.get(machine, 'c-master-2')).metadata;
    await plane.remove(machine, 'c-master-2');
    await plane.pass(50);
    expect(plane.fleet.members()).toHaveLength(3);
    await plane.until('it is gone', async () => (await plane.machines()).length === 2);
    expect(plane.fleet.members()).toEqual(['c-master-0', 'c-master-1']);
    expect(stepsOf(plane, uid!)('LeaveEtcd')).toBe('another master took it out of etcd, since it did not answer');
    plane.end();
  });

  it('let one leave by itself although its drain took longer than a minute', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { masters: 3, workers: {} });
    let guarded = true;
    plane.fleet.place('c-master-2', { name: 'web', guarded: () => guarded });
    const { uid } = (await plane.get(machine, 'c-master-2')).metadata;
    await plane.remove(machine, 'c-master-2');
    await plane.pass(180);
    guarded = false;
    await plane.until('it is gone', async () => (await plane.machines()).length === 2);
    expect(stepsOf(plane, uid!)('LeaveEtcd')).toBe('it left etcd');
    plane.end();
  });

  it('are not torn down while a hook holds them', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { masters: 3, workers: {} });
    const hooks = {
      'pre-drain.delete.hook.machine.cluster.x-k8s.io/backup': '',
      'pre-terminate.delete.hook.machine.cluster.x-k8s.io/ops': '',
    };
    const annotate = (annotations: Record<string, string>) =>
      plane.change(machine, 'c-master-1', (object) => ({ ...object, metadata: { ...object.metadata, annotations } }));
    await annotate(hooks);
    await plane.remove(machine, 'c-master-1');
    await plane.pass(300);
    expect(plane.fleet.members()).toHaveLength(3);
    await annotate({ 'pre-terminate.delete.hook.machine.cluster.x-k8s.io/ops': '' });
    await plane.pass(120);
    expect(plane.fleet.members()).toHaveLength(2);
    expect(plane.clouds.east.reserved.get(reserved[1]!)).toBeDefined();
    await annotate({});
    await plane.until('it is gone', async () => (await plane.machines()).length === 2);
    plane.end();
  });

  it('that all go leave etcd alone to the last', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { masters: 2, workers: {} });
    await plane.remove(machine, 'c-master-1');
    await plane.until('one is left', async () => (await plane.machines()).length === 1);
    await plane.remove(machine, 'c-master-0');
    await plane.until('none is left', async () => (await plane.machines()).length === 0);
    expect(plane.fleet.members()).toEqual(['c-master-0']);
    plane.end();
  });
});
