import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { type Chaos, calm } from './chaos.ts';
import { allAreReady, applyCluster, isRolledOut, nothingIsLeft } from './look.ts';
import { meddler } from './meddle.ts';
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
 * A cluster comes up, is meddled with, is rolled over and goes again, all of it in a storm. Laws are kept at every moment;
 * whenever the storm is over, everything comes to rest.
 */
export async function tellInStorm(seed: number): Promise<void> {
  const plane = await simulate({ seed, chaos: storm, joinTimeout: 3_600 });
  const { lot } = plane;
  const masters = lot.falls(0.25) ? 3 : 1;
  const sizes: Record<CloudName, number> = { east: lot.between(1, 3), west: lot.between(0, 2) };
  const total = () => masters + sizes.east + sizes.west;
  const rest = () => plane.until(`all ${total()} machines are ready`, allAreReady(plane, total()), patience);

  await applyCluster(plane, { masters, workers: sizes });
  await plane.pass(lot.between(0, 120));
  const { meddle, mend } = meddler(plane, sizes, masters);
  for (let deeds = lot.between(1, 3); deeds > 0; deeds--) {
    await meddle();
    await plane.pass(lot.between(0, 90));
  }
  await mend();
  plane.let(calm);
  await rest();

  await rollOver(plane, sizes.east);
  await rest();

  plane.let(storm);
  await plane.remove(cluster, 'c');
  await plane.pass(lot.between(0, 240));
  plane.let(calm);
  await plane.until('nothing is left', () => nothingIsLeft(plane), patience);
  plane.end();
}

/** Replaces all workers of the east, who stay within the bounds of their strategy however it blows. */
async function rollOver(plane: Simulation, count: number): Promise<void> {
  const east = { namespace: 'default', name: 'c-east' };
  plane.let({ ...storm, full: 0.3 });
  plane.store.bound(east, { least: count, most: count + 1 });
  await plane.change(machineDeployment, east, (deployment) => withImage(deployment, 'talos-9'));
  await plane.pass(plane.lot.between(60, 300));
  plane.let(calm);
  await plane.until('the rollout is complete', isRolledOut(plane, 'c-east'), patience);
  plane.store.bound(east, undefined);
}
