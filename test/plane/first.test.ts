import { describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { aCluster, aMaster, workers } from './objects.ts';
import { simulate } from './simulation.ts';

describe('a cluster', () => {
  it('comes up', async () => {
    const plane = await simulate();
    await plane.apply(cluster, aCluster('c'));
    await plane.apply(machine, aMaster('c', 0));
    await plane.apply(machineDeployment, workers('c', 'east', 3));
    await plane.apply(machineDeployment, workers('c', 'west', 2));
    await plane.until('ready', async () => { const all = await plane.machines(); return all.length === 6 && all.every((m) => m.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')); });
    const t = plane.now();
    console.log((await plane.machines()).map((m) => m.metadata.name + ' ' + m.spec.providerID), plane.executions().map((e) => e.name + ' ' + e.status), new Date(t));
    plane.end();
    expect(1).toBe(1);
  });
});
