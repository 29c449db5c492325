import { clusterOf } from '../../reconcile/gather.ts';
import { type CloudStepPorts, settled, superseded, waiting } from '../step.ts';
import { addressOf, atCloud, memoOf, toAddresses } from './at-cloud.ts';
import { creating, note } from './of-machine.ts';

/** Gives a master its reserved address, where the cloud could not do so when it made the instance. Workers need none. */
export const attachAddress = creating<CloudStepPorts>(async (at, _input, ports) => {
  if (at.machine.role === 'worker') return settled('a worker keeps the address that the cloud gave it');
  const cluster = await clusterOf(at.object, ports);
  if (cluster === undefined) return superseded(`Cluster ${at.machine.clusterName} is gone`);
  const address = addressOf(at, cluster);
  if (address === undefined) return waiting(`Cluster ${cluster.name} has no address for master ${at.machine.index}`, 30);
  const { ask, ref } = await atCloud(at, cluster, ports);
  const attached = await ask((provisioner) => provisioner.addresses.attach(address, ref));
  if (!attached.settled) return waiting(attached.says, attached.checkAgainIn);
  const instance = await ask((provisioner) => provisioner.machines.get(ref, memoOf(at)));
  const addresses = instance === undefined ? (at.machine.status.addresses ?? []) : toAddresses(instance.addresses);
  if (!at.machine.status.addresses?.some((known) => known.address === address))
    await note(at, { status: { addresses }, says: attached.says }, 'quiet', ports);
  return settled(attached.says);
});
