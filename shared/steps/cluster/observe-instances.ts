import { cluster as clusterKind } from '../../kinds/cluster/kind.ts';
import type { ClusterStatus } from '../../kinds/cluster/model.ts';
import { type MachineObject, machine as machineKind } from '../../kinds/machine/kind.ts';
import { providerSpecOf, providerSpecPath } from '../../kinds/machine/provider-spec.ts';
import { toMachineSelf } from '../../kinds/machine/to-model.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import type { Instance, InstanceRef } from '../../provisioners/provisioner.ts';
import { recordEvent } from '../../reconcile/events.ts';
import { versionOfSecret } from '../../reconcile/gather.ts';
import { CredentialsRefused, type OpenCloud, openCloud, parseConfig } from '../credentials.ts';
import { placesOf } from '../machine/ensure-instance.ts';
import { note } from '../machine/of-machine.ts';
import { type CloudStepPorts, settled } from '../step.ts';
import { type ClusterAtHand, note as noteCluster, tearingDown as ofCluster } from './of-cluster.ts';

/**
 * Compares a cloud's instances with the cluster's Machines. A Machine that lost its instance has failed: it is never made
 * again. An instance that lost its Machine is deleted only with proof that the Machine was deleted, else it is reported, so
 * that a plane restored from a backup kills nothing.
 */
export const observeInstances = ofCluster<CloudStepPorts>(async (at, { platform = '' }, ports) => {
  const known = refusedIn(at.cluster.status)[platform];
  if (known !== undefined && known.version === (await versionOfSecret(known.secret, ports)))
    return settled(`not looked at: ${platform} refused the credentials in Secret ${known.secret}, which has not changed since`);
  try {
    return await compare(at, platform, ports);
  } catch (error) {
    if (error instanceof CredentialsRefused) await rememberRefusal(at, platform, error, ports);
    throw error;
  }
});

async function compare(at: ClusterAtHand, platform: string, ports: CloudStepPorts): Promise<StepOutcome> {
  const open = await openCloud(platform, ports);
  const { namespace, name, uid } = at.cluster;
  const instances: { instance: Instance; config: unknown }[] = [];
  for (const { config } of placesOf(at.cluster).filter((place) => place.platform === platform)) {
    const found = await open.ask((provisioner) => provisioner.machines.list({ namespace, name, uid }, [config]));
    instances.push(...found.filter(({ state }) => state !== 'Deleted').map((instance) => ({ instance, config })));
  }
  // After the instances: whoever was made in between is known, and not taken for one that nobody knows.
  const machines = (await ports.store.ofCluster(machineKind, namespace, name)).filter(
    (object) => providerSpecOf(object)?.platform.type === platform,
  );
  let lost = 0;
  const alive = new Set(instances.map(({ instance }) => instance.providerID));
  for (const machine of machines) if (await isLost(machine, alive, at, open, ports)) lost++;
  const uids = new Set(machines.map(({ metadata }) => metadata.uid));
  const orphans = instances.filter(({ instance }) => instance.machineUid !== undefined && !uids.has(instance.machineUid));
  for (const { instance, config } of orphans) await dealWith(instance, config, at, open, ports);
  return settled(
    `${instances.length} instances in ${platform}, ${lost} machines lost theirs, ${orphans.length} instances lost their machine`,
  );
}

type Refused = Readonly<Record<string, { readonly secret: string; readonly version: string }>>;

/** The Secrets that each cloud refused when it was looked at: a cloud is not asked every minute with what it refused. */
const refusedIn = ({ providerStatus }: ClusterStatus): Refused => (providerStatus?.refused ?? {}) as Refused;

const rememberRefusal = (at: ClusterAtHand, platform: string, { secret, secretVersion }: CredentialsRefused, ports: CloudStepPorts) => {
  const refusal = { [platform]: { secret, version: secretVersion } };
  return noteCluster(
    at,
    (status) => ({ providerStatus: { ...status.providerStatus, refused: { ...refusedIn(status), ...refusal } } }),
    'quiet',
    ports,
  );
};

/** A list may lag behind: only the cloud's answer about this one instance counts. */
async function isLost(
  object: MachineObject,
  alive: ReadonlySet<string>,
  { cluster }: ClusterAtHand,
  { ask, cloud }: OpenCloud,
  ports: CloudStepPorts,
): Promise<boolean> {
  const { providerID } = object.spec;
  const madeOf = providerSpecOf(object);
  const { name, namespace = '', uid = '', deletionTimestamp } = object.metadata;
  if (providerID === undefined || madeOf === undefined || alive.has(providerID)) return false;
  if (deletionTimestamp !== undefined || object.status?.errorReason !== undefined) return false;
  const config = parseConfig(cloud, madeOf.platform.config, `${providerSpecPath(object)}.platform.config`);
  const ref: InstanceRef = { cluster, machine: { namespace, name, uid }, config, providerID };
  const instance = await ask((provisioner) => provisioner.machines.get(ref, object.status?.providerStatus));
  if (instance !== undefined && instance.state !== 'Deleted') return false;
  const errorMessage = `instance ${providerID} is gone from the cloud; a machine is never made twice: delete the Machine, and its owner makes another`;
  const status = { errorReason: 'UpdateError', errorMessage, observedGeneration: object.metadata.generation ?? 1 };
  await note({ object, machine: toMachineSelf(object) }, { status, says: errorMessage }, 'loud', ports);
  await recordEvent(machineKind, object, { type: 'Warning', reason: 'InstanceGone', message: errorMessage }, ports);
  return true;
}

async function dealWith(
  instance: Instance,
  config: unknown,
  { object, cluster }: ClusterAtHand,
  { ask }: OpenCloud,
  ports: CloudStepPorts,
): Promise<void> {
  const { machineName, machineUid = '', id, providerID } = instance;
  const proven =
    machineName !== undefined &&
    (await ports.store.wasDeleted(machineKind, { namespace: cluster.namespace, name: machineName }, machineUid));
  if (proven) {
    const machine = { namespace: cluster.namespace, name: machineName, uid: machineUid };
    await ask((provisioner) => provisioner.machines.delete({ cluster, machine, config, providerID }, undefined));
  }
  const message = proven
    ? `deletes instance ${id}: its Machine ${machineName} was deleted`
    : `instance ${id} says that it belongs to this cluster, but its Machine is not known: look at it, and delete it if it is not needed`;
  await recordEvent(clusterKind, object, { type: 'Warning', reason: 'OrphanedInstance', message }, ports);
}
