import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { type Chaos, calm } from './chaos.ts';
import { allAreReady, applyCluster, isRolledOut, nothingIsLeft } from './look.ts';
import { type CloudName, withImage } from './objects.ts';
import { type Simulation, simulate } from './simulation.ts';

const storm: Chaos = {
  slow: 0.2,
  longest: 2_500,
  refuse: 0.03,
  loseReply: 0.03,
  nameless: 0.3,
  die: 0.004,
  untold: 0.1,
  twice: 0.1,
  full: 0.1,
};

/** After the storm: a pause of ten minutes, a sweep of everything, and what they start. */
const patience = 7_200;

/**
 * A cluster comes up, changes its size, is rolled over, loses machines and goes again, all of it in a storm. Laws are kept at
 * every moment; whenever the storm is over, everything comes to rest.
 */
export async function tellInStorm(seed: number): Promise<void> {
  const plane = await simulate({ seed, chaos: storm, joinTimeout: 3_600 });
  const { lot } = plane;
  const sizes: Record<CloudName, number> = { east: lot.between(1, 3), west: lot.between(0, 2) };
  const total = () => 1 + sizes.east + sizes.west;
  const rest = () => plane.until(`all ${total()} machines are ready`, allAreReady(plane, total()), patience);

  await applyCluster(plane, { workers: sizes });
  await plane.pass(lot.between(0, 120));
  for (let deeds = lot.between(1, 3); deeds > 0; deeds--) {
    await meddle(plane, sizes);
    await plane.pass(lot.between(0, 90));
  }
  plane.let(calm);
  await rest();

  await rollOverInStorm(plane, sizes.east);
  await rest();

  plane.let(storm);
  await plane.remove(cluster, 'c');
  await plane.pass(lot.between(0, 240));
  plane.let(calm);
  await plane.until('nothing is left', () => nothingIsLeft(plane), patience);
  plane.end();
}

/** Something that a user or a power cut does. */
async function meddle(plane: Simulation, sizes: Record<CloudName, number>): Promise<void> {
  const { lot } = plane;
  const platform: CloudName = lot.falls(0.5) ? 'east' : 'west';
  switch (lot.between(1, 4)) {
    case 1:
      sizes[platform] = lot.between(platform === 'east' ? 1 : 0, 4);
      await plane.change(machineDeployment, `c-${platform}`, (deployment) => ({
        ...deployment,
        spec: { ...deployment.spec, replicas: sizes[platform] },
      }));
      return;
    case 2: {
      const workers = (await plane.machines()).filter(({ metadata }) => metadata.name !== 'c-master-0');
      const victim = workers[lot.between(0, workers.length - 1)];
      if (victim !== undefined) await plane.remove(machine, victim.metadata.name);
      return;
    }
    case 3:
      await plane.change(machineDeployment, `c-${platform}`, (deployment) => withImage(deployment, `talos-${lot.between(2, 3)}`));
      return;
    default:
      plane.kill();
  }
}

/** Replaces all workers of the east, who stay within the bounds of their strategy however it blows. */
async function rollOverInStorm(plane: Simulation, count: number): Promise<void> {
  const east = { namespace: 'default', name: 'c-east' };
  plane.let({ ...storm, full: 0.3 });
  plane.store.bound(east, { least: count, most: count + 1 });
  await plane.change(machineDeployment, east, (deployment) => withImage(deployment, 'talos-9'));
  await plane.pass(plane.lot.between(60, 300));
  plane.let(calm);
  await plane.until('the rollout is complete', isRolledOut(plane, 'c-east'), patience);
  plane.store.bound(east, undefined);
}
