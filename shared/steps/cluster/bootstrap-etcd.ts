import { RetryLater } from '../../errors.ts';
import { cluster as clusterKind } from '../../kinds/cluster/kind.ts';
import { toCluster } from '../../kinds/cluster/model.ts';
import { withCondition } from '../../kinds/conditions.ts';
import { machine as machineKind } from '../../kinds/machine/kind.ts';
import { roleOf } from '../../kinds/machine/to-model.ts';
import { timestamp } from '../../kinds/object.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import type { TalosApi } from '../../nodes/nodes.ts';
import { recordEvent } from '../../reconcile/events.ts';
import { safetyNet } from '../due.ts';
import { talosconfigOf } from '../secrets.ts';
import { pace, type StepPorts, settled, waiting } from '../step.ts';
import { type ClusterAtHand, creating, note } from './of-cluster.ts';

/**
 * Bootstraps etcd, once in the cluster's life. The master that does it is written down first and stays the same; if etcd
 * has data anywhere it was bootstrapped before we heard of it. Two bootstraps would make two clusters.
 */
export const bootstrapEtcd = creating<StepPorts>(async (at, _input, ports) => {
  const { cluster } = at;
  if (cluster.status.bootstrap?.doneAt !== undefined) return settled('etcd was bootstrapped before');
  const all = await mastersOf(at, ports);
  // A chosen master that is gone took its data with it, if it ever had any: another may be chosen.
  const chosen = all.find(({ uid }) => uid === cluster.status.bootstrap?.machine) ?? all.find(({ address }) => address !== undefined);
  if (chosen?.address === undefined) return waiting('waits for a master Machine that runs', pace(waitedFor(at, ports), ports.settings));
  const talosconfig = await talosconfigOf(cluster, ports);
  if (talosconfig === undefined) return waiting(`Secret ${cluster.name}-talosconfig is gone`, 15);
  const held = await holdsBack(at, all, chosen, talosconfig, ports);
  if (held !== undefined) return waiting(held, pace(waitedFor(at, ports), ports.settings));
  const written = cluster.status.bootstrap?.machine === chosen.uid ? at : await choose(at, chosen, ports);
  for (const { uid, name, address } of all) {
    const found = address === undefined ? 'no' : await using(ports.nodes.talos(talosconfig, address), hasData);
    if (found === 'yes') return done(written, `etcd has data on ${name}`, ports);
    if (found === 'unknown' && uid === chosen.uid)
      return waiting(`the Talos API of ${name} does not answer yet`, pace(waitedFor(at, ports), ports.settings));
  }
  await using(ports.nodes.talos(talosconfig, chosen.address), (talos) => talos.bootstrap());
  return done(written, `bootstrapped etcd on ${chosen.name}`, ports);
});

/**
 * Why nobody else may be chosen yet, after a first choice. The former one may have bootstrapped without our hearing of it, and
 * others may have joined it: it must be gone, so that nobody joins any more, and all who run must say that they have no data.
 */
async function holdsBack(
  { object, cluster }: ClusterAtHand,
  all: readonly Master[],
  chosen: Master,
  talosconfig: string,
  { store, nodes }: StepPorts,
): Promise<string | undefined> {
  const former = cluster.status.bootstrap?.machine;
  if (former === undefined || former === chosen.uid) return undefined;
  const machines = await store.ofCluster(machineKind, cluster.namespace, cluster.name);
  const leaving = machines.find(({ metadata }) => metadata.uid === former);
  if (leaving !== undefined)
    return `${leaving.metadata.name} was to bootstrap etcd of ${object.metadata.name}: it must be gone before another may`;
  for (const { name, address } of all)
    if (address !== undefined && (await using(nodes.talos(talosconfig, address), hasData)) === 'unknown')
      return `${name} may have data of etcd, and does not answer`;
  return undefined;
}

/** Written on the condition that nobody wrote since we looked: two who choose cannot both win. */
async function choose(at: ClusterAtHand, { uid }: Master, { store, clock }: StepPorts): Promise<ClusterAtHand> {
  const status = { ...at.object.status, bootstrap: { machine: uid } };
  const stored = await store.update(clusterKind, { ...at.object, status }, { dueAt: safetyNet({ clock }), wakes: 'nobody' });
  return { object: stored, cluster: toCluster(stored) };
}

async function done(at: ClusterAtHand, says: string, ports: StepPorts): Promise<StepOutcome> {
  const now = ports.clock.now();
  const bootstrap = { machine: at.cluster.status.bootstrap?.machine ?? '', doneAt: timestamp(now) };
  const condition = { type: 'ControlPlaneInitialized', status: 'True' as const, reason: 'Bootstrapped', message: says };
  await note(at, ({ conditions }) => ({ bootstrap, conditions: withCondition(conditions, condition, now) }), 'quiet', ports);
  await recordEvent(
    clusterKind,
    at.object,
    { type: 'Normal', reason: 'ControlPlaneInitialized', message: `The control plane runs: ${says}` },
    ports,
  );
  return settled(says);
}

interface Master {
  readonly uid: string;
  readonly name: string;
  /** Its reserved address, once it has it. */
  readonly address: string | undefined;
}

/** The cluster's masters in the order of their names: the first is always the same. */
async function mastersOf({ cluster }: ClusterAtHand, { store }: StepPorts): Promise<Master[]> {
  const all = await store.ofCluster(machineKind, cluster.namespace, cluster.name);
  return all
    .filter((object) => roleOf(object) === 'master' && object.metadata.deletionTimestamp === undefined)
    .map(({ metadata, status }) => ({
      uid: metadata.uid ?? '',
      name: metadata.name,
      address: status?.addresses?.find((a) => cluster.masterAddresses.includes(a.address))?.address,
    }));
}

/** A quick look every time, for the first minutes: there is one of these, and all machines of the cluster wait for it. */
const waitedFor = ({ object }: ClusterAtHand, { clock }: StepPorts): number =>
  Math.max(0, clock.now() - Date.parse(object.metadata.creationTimestamp ?? '') - 180_000);

async function hasData(talos: TalosApi): Promise<'yes' | 'no' | 'unknown'> {
  try {
    return (await talos.hasEtcdData()) ? 'yes' : 'no';
  } catch (error) {
    if (error instanceof RetryLater) return 'unknown';
    throw error;
  }
}

async function using<T>(talos: TalosApi, ask: (talos: TalosApi) => Promise<T>): Promise<T> {
  try {
    return await ask(talos);
  } finally {
    talos.close();
  }
}
