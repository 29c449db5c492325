import { Conflict, Invalid, NotFound } from '../../errors.ts';
import { canonical } from '../../kinds/canonical.ts';
import { cluster as clusterKind } from '../../kinds/cluster/kind.ts';
import { type Cluster, toCluster } from '../../kinds/cluster/model.ts';
import { withCondition } from '../../kinds/conditions.ts';
import { timestamp } from '../../kinds/object.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import type { DesiredInstance, Ensured } from '../../provisioners/provisioner.ts';
import { recentCluster } from '../recent.ts';
import { type CloudStepPorts, settled, superseded, waiting } from '../step.ts';
import { type AtCloud, addressOf, atCloud, memoOf, toAddresses } from './at-cloud.ts';
import { creating, type MachineAtHand, note } from './of-machine.ts';
import { bootstrapDataOf } from './render-bootstrap.ts';

/** Brings the machine's instance nearer to running. What the provisioner wants to remember is stored before it goes on. */
export const ensureInstance = creating<CloudStepPorts>(async (at, _input, ports) => {
  const cluster = await recentCluster(at.object, ports);
  if (cluster === undefined) return superseded(`Cluster ${at.machine.clusterName} is gone`);
  const cloud = await atCloud(at, cluster, ports);
  await rememberPlace(cluster, cloud, ports);
  const hindered = at.machine.role === 'master' ? await prepareMaster(at, cluster, cloud) : undefined;
  if (hindered !== undefined) return hindered;
  const userData = await bootstrapDataOf(at.machine, ports);
  if (userData === undefined) return waiting('its bootstrap data are gone: they are rendered by the next execution', 10);
  const address = addressOf(at, cluster);
  return ensure(at, cloud, { ...cloud.ref, role: at.machine.role, userData, ...(address !== undefined && { address }) }, ports);
});

async function ensure(first: MachineAtHand, { ask }: AtCloud, desired: DesiredInstance, ports: CloudStepPorts): Promise<StepOutcome> {
  let at = first;
  for (;;) {
    const ensured = await ask((provisioner) => provisioner.machines.ensure(desired, memoOf(at)));
    if (ensured.instance?.state === 'Deleted' || ensured.instance?.state === 'Deleting')
      throw new Invalid(`instance ${ensured.instance.id} was deleted by somebody else: a machine is never made twice, delete the Machine`);
    at = await remember(at, ensured, ports);
    if (ensured.again) continue;
    return ensured.settled ? settled(ensured.says) : waiting(ensured.says, ensured.checkAgainIn);
  }
}

/** Only what changed is written: a look that finds the same costs no write. */
async function remember(
  at: MachineAtHand,
  { memo, instance, settled: running, says }: Ensured,
  ports: CloudStepPorts,
): Promise<MachineAtHand> {
  const { status } = at.machine;
  const addresses = instance === undefined ? (status.addresses ?? []) : toAddresses(instance.addresses);
  const next = {
    providerStatus: { ...memo, ...(running && { runningSince: status.providerStatus?.runningSince ?? timestamp(ports.clock.now()) }) },
    addresses,
    ...(running && {
      conditions: withCondition(
        status.conditions,
        { type: 'InfrastructureReady', status: 'True', reason: 'Running', message: says },
        ports.clock.now(),
      ),
    }),
  };
  const same =
    canonical({ providerStatus: status.providerStatus, addresses: status.addresses ?? [] }) ===
      canonical({ providerStatus: next.providerStatus, addresses }) &&
    (instance === undefined || instance.providerID === at.object.spec.providerID);
  if (same) return at;
  return note(at, { status: next, ...(instance !== undefined && { providerID: instance.providerID }), says }, 'quiet', ports);
}

/** A master's ports are opened before it boots, and its address must be one that the user reserved. */
async function prepareMaster(at: MachineAtHand, cluster: Cluster, { ask, ref }: AtCloud): Promise<StepOutcome | undefined> {
  if (at.object.spec.providerID !== undefined) return undefined;
  const firewall = await ask((provisioner) => provisioner.firewall.ensure(ref.cluster, ref.config));
  if (!firewall.settled) return waiting(firewall.says, firewall.checkAgainIn);
  const address = addressOf(at, cluster);
  if (address === undefined) return waiting(`Cluster ${cluster.name} has no address for master ${at.machine.index}`, 30);
  const reserved = await ask((provisioner) => provisioner.addresses.get(address, ref.config));
  if (reserved === undefined)
    throw new NotFound(
      `${address} (masters.ips[${at.machine.index}]) is not reserved at this place: reserve it in the cloud, or write one that is`,
    );
  return undefined;
}

/** Where a cluster has machines is written on the Cluster before the first is made there, so that its teardown looks everywhere. */
async function rememberPlace(cluster: Cluster, { cloud, ref }: AtCloud, { store, clock }: CloudStepPorts): Promise<void> {
  const place = `${cloud.platform}/${cloud.placeOf(ref.config)}`;
  if (placesByName(cluster)[place] !== undefined) return;
  for (;;) {
    const object = await store.get(clusterKind, cluster);
    if (object === undefined || object.metadata.uid !== cluster.uid) throw new NotFound(`Cluster ${cluster.name} is gone`);
    const places = placesByName(toCluster(object));
    if (places[place] !== undefined) return;
    const providerStatus = {
      ...object.status?.providerStatus,
      places: { ...places, [place]: { platform: cloud.platform, config: ref.config } },
    };
    try {
      await store.update(
        clusterKind,
        { ...object, status: { ...object.status, providerStatus } },
        { dueAt: clock.now() + 600_000, wakes: 'nobody' },
      );
      return;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

/** The places where a cluster has, or had, machines. */
export const placesOf = (cluster: Cluster): Place[] => Object.values(placesByName(cluster));

interface Place {
  readonly platform: string;
  readonly config: unknown;
}

const placesByName = ({ status }: Cluster): Record<string, Place> => (status.providerStatus?.places ?? {}) as Record<string, Place>;
