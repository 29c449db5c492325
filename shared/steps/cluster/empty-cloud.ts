import type { ClusterStatus } from '../../kinds/cluster/model.ts';
import type { Cloud, ClusterRef, Provisioner } from '../../provisioners/provisioner.ts';
import { openCloud } from '../credentials.ts';
import { placesOf } from '../machine/ensure-instance.ts';
import { type CloudStepPorts, settled, waiting } from '../step.ts';
import { type ClusterAtHand, note, tearingDown } from './of-cluster.ts';

/**
 * Deletes what one cloud still has of a cluster that goes: instances whose Machine is long forgotten, then the
 * firewall. It is done after two empty looks, the cloud's settling time apart: a list may lag behind a creation.
 */
export const emptyCloud = tearingDown<CloudStepPorts>(async (at, { platform = '' }, ports) => {
  const { namespace, name, uid } = at.cluster;
  const ref: ClusterRef = { namespace, name, uid };
  const { ask, cloud } = await openCloud(platform, ports);
  const configs = placesOf(at.cluster)
    .filter((place) => place.platform === platform)
    .map(({ config }) => config);
  const left = await ask((provisioner) => deleteInstances(provisioner, ref, configs));
  if (left > 0) return waiting(`${left} instances are being deleted`, 2);
  for (const config of configs) {
    const firewall = await ask((provisioner) => provisioner.firewall.delete(ref, config));
    if (!firewall.gone) return waiting(firewall.says, firewall.checkAgainIn);
  }
  return secondLook(at, cloud, ports);
});

async function deleteInstances(provisioner: Provisioner, cluster: ClusterRef, configs: readonly unknown[]): Promise<number> {
  let left = 0;
  for (const config of configs) {
    for (const { providerID, machineUid = '', id, state } of await provisioner.machines.list(cluster, [config])) {
      if (state === 'Deleted') continue;
      const machine = { namespace: cluster.namespace, name: id, uid: machineUid };
      const { gone } = await provisioner.machines.delete({ cluster, machine, config, providerID }, undefined);
      if (!gone) left++;
    }
  }
  return left;
}

/** When each cloud was first found empty, ms since 1970. */
const looksOf = (providerStatus: ClusterStatus['providerStatus']): Record<string, number> =>
  (providerStatus?.emptySince ?? {}) as Record<string, number>;

async function secondLook(at: ClusterAtHand, cloud: Cloud, ports: CloudStepPorts) {
  const settling = ports.settings.settling ?? cloud.settlingSeconds;
  const first = looksOf(at.cluster.status.providerStatus)[cloud.platform];
  const now = ports.clock.now();
  if (first === undefined) {
    // Each cloud has an execution of its own: the others write here too.
    const looked = ({ providerStatus }: ClusterStatus) => ({
      providerStatus: { ...providerStatus, emptySince: { ...looksOf(providerStatus), [cloud.platform]: now } },
    });
    await note(at, looked, 'quiet', ports);
    return waiting('nothing is left; looks once more', settling);
  }
  const rest = Math.ceil((first + settling * 1000 - now) / 1000);
  return rest > 0 ? waiting('nothing is left; looks once more', rest) : settled(`nothing is left in ${cloud.platform}`);
}
