import { describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { event } from '../../shared/kinds/core/event.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineClass } from '../../shared/kinds/machine-class/kind.ts';
import { type MachineDeploymentObject, machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { allAreReady, instancesOf, isRolledOut, nothingIsLeft, raiseCluster, whyNotReady } from './look.ts';
import { aClassWorker, aMachineClass, fromClass, workers } from './objects.ts';
import { type Simulation, simulate } from './simulation.ts';

/** The same workers, made of a class. */
function of(className: string, deployment: MachineDeploymentObject): MachineDeploymentObject {
  const { template } = deployment.spec;
  const spec = { ...template.spec, providerSpec: fromClass(className) };
  return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } };
}

const imagesOfWorkers = (plane: Simulation): string[] =>
  instancesOf(plane)
    .filter(({ machineName }) => machineName !== 'c-master-0')
    .map(({ image }) => image)
    .sort();

describe('workers by MachineClass', () => {
  it('wait for their class, are made of it, stay what they are when it changes or goes, and go', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: {} });
    await plane.apply(machineDeployment, of('large', workers('c', 'west', 2)));
    await plane.pass(20);
    const waiting = (await plane.machines()).filter(({ metadata }) => metadata.name !== 'c-master-0');
    const words = 'MachineClass default/large does not exist: apply it, or correct spec.providerSpec.valueFrom.machineClass.name';
    expect(waiting.map(whyNotReady)).toEqual(Array(2).fill(`WaitingForMachineClass: ${words}`));
    expect(waiting.map(({ status }) => [status?.phase, status?.execution])).toEqual(Array(2).fill(['Pending', undefined]));
    expect(imagesOfWorkers(plane)).toEqual([]);
    const told = (await plane.store.list(event)).items.filter(({ reason }) => reason === 'WaitingForMachineClass');
    expect(told.map(({ involvedObject, type, message }) => [involvedObject.name, type, message])).toEqual(
      waiting.map(({ metadata }) => [metadata.name, 'Warning', words]),
    );

    await plane.apply(machineClass, aMachineClass('large', 'west', 'talos-1'));
    const started = async () => (await plane.machines()).every(({ status }) => status?.execution !== undefined);
    await plane.until('their making begins', started, 4);
    await plane.until('3 machines are ready', allAreReady(plane, 3));
    expect(imagesOfWorkers(plane)).toEqual(['talos-1', 'talos-1']);

    const names = (await plane.machines()).map(({ metadata }) => metadata.name);
    await plane.change(machineClass, 'large', (large) => ({
      ...large,
      providerSpec: aMachineClass('large', 'west', 'talos-2').providerSpec,
    }));
    await plane.pass(700);
    expect((await plane.machines()).map(({ metadata }) => metadata.name)).toEqual(names);
    expect(await allAreReady(plane, 3)()).toBe(true);

    // Who comes later is what the class is by then; the others stay.
    await plane.change(machineDeployment, 'c-west', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas: 3 } }));
    await plane.until('4 machines are ready', allAreReady(plane, 4));
    expect(imagesOfWorkers(plane)).toEqual(['talos-1', 'talos-1', 'talos-2']);

    await plane.remove(machineClass, 'large');
    await plane.pass(700);
    expect(await allAreReady(plane, 4)()).toBe(true);
    await plane.remove(cluster, 'c');
    await plane.until('nothing is left', () => nothingIsLeft(plane));
    plane.end();
  });

  it('are replaced when the template names another class, in another cloud too', async () => {
    const plane = await simulate();
    await plane.apply(machineClass, aMachineClass('large', 'west'));
    await plane.apply(machineClass, aMachineClass('small', 'east', 'talos-2'));
    await raiseCluster(plane, { workers: {} });
    await plane.apply(machineDeployment, of('large', workers('c', 'west', 2)));
    await plane.until('3 machines are ready', allAreReady(plane, 3));
    await plane.change(machineDeployment, 'c-west', (deployment) => of('small', deployment));
    await plane.until('all are replaced', isRolledOut(plane, 'c-west'));
    await plane.until('3 machines are ready', allAreReady(plane, 3));
    expect(imagesOfWorkers(plane)).toEqual(['talos-2', 'talos-2']);
    plane.end();
  });

  it.each([0, 3, 8, 12, 20])('go although their class was deleted after %d s of their creation, and they then', async (seconds) => {
    const plane = await simulate();
    await plane.apply(machineClass, aMachineClass('large', 'west'));
    await raiseCluster(plane, { workers: {} });
    await plane.apply(machine, aClassWorker('c', 'w', 'large'));
    await plane.pass(seconds);
    await plane.remove(machineClass, 'large');
    await plane.remove(machine, 'w');
    await plane.until('the worker is gone', allAreReady(plane, 1), 120);
    expect(imagesOfWorkers(plane)).toEqual([]);
    plane.end();
  });

  it('never started go at once when they are deleted', async () => {
    const plane = await simulate();
    await raiseCluster(plane, { workers: {} });
    await plane.apply(machine, aClassWorker('c', 'w', 'missing'));
    await plane.pass(5);
    await plane.remove(machine, 'w');
    await plane.until('the worker is gone', async () => (await plane.machines()).length === 1, 4);
    plane.end();
  });
});
