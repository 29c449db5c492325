import { Conflict, Invalid, NotFound, RetryLater } from '../../errors.ts';
import { canonical } from '../../kinds/canonical.ts';
import { cluster as clusterKind } from '../../kinds/cluster/kind.ts';
import { type Cluster, toCluster } from '../../kinds/cluster/model.ts';
import { withCondition } from '../../kinds/conditions.ts';
import { machine as machineKind } from '../../kinds/machine/kind.ts';
import type { Happening } from '../../kinds/operation.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import type { DesiredInstance, Ensured, Instance } from '../../provisioners/provisioner.ts';
import { recordEvent } from '../../reconcile/events.ts';
import { safetyNet } from '../due.ts';
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
  const address = addressOf(at, cluster);
  const userData = () => bootDataOf(at, ports);
  const desired = { ...cloud.ref, role: at.machine.role, userData, ...(address !== undefined && { address }) };
  const outcome = await ensure(at, cloud, desired, ports);
  return outcome.settled && at.machine.role === 'master' ? onceReachable(outcome, cloud) : outcome;
});

async function bootDataOf({ machine }: MachineAtHand, ports: CloudStepPorts): Promise<string> {
  const data = await bootstrapDataOf(machine, ports);
  if (data === undefined) throw new RetryLater('its bootstrap data are gone: they are rendered by the next execution', { retryAfter: 10 });
  return data;
}

/** A master's ports are opened while it boots. */
async function onceReachable(outcome: StepOutcome, { ask, ref }: AtCloud): Promise<StepOutcome> {
  const firewall = await ask((provisioner) => provisioner.firewall.ensure(ref.cluster, ref.config));
  return firewall.settled ? outcome : waiting(firewall.says, firewall.checkAgainIn);
}

async function ensure(first: MachineAtHand, { ask }: AtCloud, desired: DesiredInstance, ports: CloudStepPorts): Promise<StepOutcome> {
  let at = first;
  for (;;) {
    const ensured = await ask((provisioner) => provisioner.machines.ensure(desired, memoOf(at)));
    if (ensured.instance?.state === 'Deleted' || ensured.instance?.state === 'Deleting')
      throw new Invalid(`instance ${ensured.instance.id} was deleted by somebody else: a machine is never made twice, delete the Machine`);
    const ranBefore = at.machine.status.providerStatus?.runningSince !== undefined;
    at = await remember(at, ensured, ports);
    if (ensured.again) continue;
    if (ensured.settled) {
      if (!ranBefore) await recordEvent(machineKind, at.object, running(at), ports);
      return settled(ensured.says);
    }
    return waiting(ensured.says, Math.max(ensured.checkAgainIn, restOfStart(at, ports)));
  }
}

const running = ({ machine }: MachineAtHand): Happening => ({
  type: 'Normal',
  reason: 'InstanceRunning',
  message: `Instance ${machine.providerID} is running`,
});

/**
 * Seconds until half of the quickest boot has passed: nobody needs to know sooner that a worker's instance runs, and whoever makes
 * a hundred has better to do. All wait for a master.
 */
function restOfStart({ machine }: MachineAtHand, { settings, clock }: CloudStepPorts): number {
  if (machine.role === 'master') return 0;
  return (settings.quickestBoot ?? 0) / 2 - (clock.now() - machine.createdAt) / 1000;
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
    providerStatus: { ...memo, ...(running && { runningSince: new Date(startOf(at, instance, ports.clock.now())).toISOString() }) },
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

/** Since when it runs, ms: at most since it was made, which the cloud knows better than who looks now and then. */
function startOf({ machine: { status } }: MachineAtHand, instance: Instance | undefined, now: number): number {
  const { runningSince } = status.providerStatus ?? {};
  return typeof runningSince === 'string' ? Date.parse(runningSince) : (instance?.createdAt ?? now);
}

/** A master's address must be one that the user reserved; its ports begin to be opened before it boots. */
async function prepareMaster(at: MachineAtHand, cluster: Cluster, { ask, ref }: AtCloud): Promise<StepOutcome | undefined> {
  if (at.object.spec.providerID !== undefined) return undefined;
  const address = addressOf(at, cluster);
  if (address === undefined) return waiting(`Cluster ${cluster.name} has no address for master ${at.machine.index}`, 30);
  const reserved = await ask((provisioner) => provisioner.addresses.get(address, ref.config));
  if (reserved === undefined)
    throw new NotFound(
      `${address} (masters.ips[${at.machine.index}]) is not reserved at this place: reserve it in the cloud, or write one that is`,
    );
  await ask((provisioner) => provisioner.firewall.ensure(ref.cluster, ref.config));
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
        { dueAt: safetyNet({ clock }), wakes: 'nobody' },
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
