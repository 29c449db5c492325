import type { Cluster } from '../../kinds/cluster/model.ts';
import { placesOf } from '../machine/ensure-instance.ts';
import { type StepPorts, settled, waiting } from '../step.ts';
import { tearingDown } from './of-cluster.ts';

/** Starts one execution for each cloud in which the cluster ever had a machine, and waits until all have found nothing left. */
export const emptyClouds = tearingDown<StepPorts>(async ({ cluster }, _input, ports) => {
  const platforms = [...new Set(placesOf(cluster).map(({ platform }) => platform))].sort();
  if (platforms.length === 0) return settled('it never had a machine in any cloud');
  const open: string[] = [];
  for (const platform of platforms) if (!(await isEmpty(cluster, platform, ports))) open.push(platform);
  return open.length === 0
    ? settled(`nothing of it is left in ${platforms.join(' and ')}`)
    : waiting(`looks for what is left in ${open.join(' and ')}`, 2);
});

async function isEmpty(cluster: Cluster, platform: string, { workflows }: StepPorts): Promise<boolean> {
  // The attempt of the teardown is part of the name: a failed look is followed by another when the teardown is tried again.
  const name = `empty-${platform}-${cluster.uid}-${cluster.status.attempt ?? 1}`;
  const execution = await workflows.describe('empty-cloud', name);
  const look = lastLook(execution?.output);
  if (execution?.status === 'SUCCEEDED' && look?.settled === true) return true;
  if (execution !== undefined && execution.status !== 'RUNNING')
    throw new Error(`${platform} could not be emptied: ${look?.says ?? execution.cause ?? execution.status}`);
  if (execution === undefined) {
    const { namespace, name: clusterName, uid } = cluster;
    await workflows.start('empty-cloud', name, { kind: 'Cluster', namespace, name: clusterName, uid, platform });
  }
  return false;
}

/** What EmptyCloud said last: an execution that looked too often ends, too, and leaves the rest to the next one. */
const lastLook = (output: unknown): { readonly settled?: unknown; readonly says?: unknown } | undefined =>
  (output as { readonly EmptyCloud?: { readonly settled?: unknown; readonly says?: unknown } } | undefined)?.EmptyCloud;
