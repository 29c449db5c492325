import { expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { type EventObject, event } from '../../shared/kinds/core/event.ts';
import { type MachineDeploymentObject, machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { allAreReady, nothingIsLeft, raiseCluster } from './look.ts';
import { simulate } from './simulation.ts';

it('the Events of a cluster tell its life in sentences', async () => {
  const plane = await simulate();
  await raiseCluster(plane, { workers: { east: 2 } });
  const scaled = (deployment: MachineDeploymentObject) => ({ ...deployment, spec: { ...deployment.spec, replicas: 1 } });
  await plane.change(machineDeployment, 'c-east', scaled);
  await plane.until('2 machines are ready', allAreReady(plane, 2));
  const living = new Set((await plane.machines()).map(({ metadata }) => metadata.name));
  const { items } = await plane.store.list(event, { namespace: 'default' });
  const of = (kind: string, chosen: (name: string) => boolean = () => true) =>
    items.filter(({ involvedObject }) => involvedObject.kind === kind && chosen(involvedObject.name ?? '')).sort(byTime);
  const told = (events: readonly EventObject[]) => events.map(({ reason, message }) => `${reason}: ${message}`);

  const gone = of('Machine', (name) => !living.has(name));
  const [name] = gone.map(({ involvedObject }) => involvedObject.name);
  expect(told(gone)).toEqual([
    expect.stringMatching(/^InstanceRunning: Instance east:\S+ is running$/),
    expect.stringMatching(/^NodeReady: Node \S+ is ready$/),
    expect.stringMatching(/^Started: Started execution teardown-\S+-1: it is being deleted$/),
    expect.stringMatching(/^NodeDrained: Node \S+ has no Pods left that must go$/),
    expect.stringMatching(/^InstanceDeleted: Instance east:\S+ is deleted$/),
  ]);
  expect(told(of('MachineSet'))).toEqual([
    expect.stringMatching(/^SuccessfulCreate: Created Machines c-east-\S+, c-east-\S+: has 0 Machines, spec\.replicas is 2$/),
    expect.stringMatching(new RegExp(`^SuccessfulDelete: Deleted Machine ${name}: has 2 Machines, spec.replicas is 1; `)),
  ]);
  expect(told(of('MachineDeployment'))).toEqual([
    expect.stringMatching(/^SuccessfulCreate: Created MachineSet c-east-\S+: no MachineSets exist/),
    expect.stringMatching(/^SuccessfulScale: Scaled MachineSet c-east-\S+ to 1: /),
  ]);
  expect(told(of('Cluster'))).toEqual([
    expect.stringMatching(/^Started: Started execution create-\S+-1: it has no secrets yet$/),
    'ControlPlaneInitialized: The control plane runs: bootstrapped etcd on c-master-0',
  ]);
  await plane.remove(cluster, 'c');
  await plane.until('nothing is left', () => nothingIsLeft(plane));
  plane.end();
});

/** To the second, and what came first in it has the lower version. */
const byTime = (a: EventObject, b: EventObject): number => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion);
