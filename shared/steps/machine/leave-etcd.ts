import { RetryLater } from '../../errors.ts';
import { machine as machineKind } from '../../kinds/machine/kind.ts';
import { roleOf } from '../../kinds/machine/to-model.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import type { TalosApi } from '../../nodes/nodes.ts';
import { clusterOf } from '../../reconcile/gather.ts';
import { talosconfigOf } from '../secrets.ts';
import { type StepPorts, settled, waiting } from '../step.ts';
import { type MachineAtHand, tearingDown } from './of-machine.ts';
import { deletingFor, likelyNames } from './reach-node.ts';

/** After this many seconds a master that does not answer is taken out of etcd by another. */
const giveUpAsking = 60;

/** Takes a master out of etcd before its instance goes, so that the others keep their quorum. The last member never leaves. */
export const leaveEtcd = tearingDown<StepPorts>(async (at, _input, ports) => {
  if (at.machine.role === 'worker') return settled('a worker is no member of etcd');
  const cluster = await clusterOf(at.object, ports);
  if (cluster === undefined || cluster.deleting) return settled('not left: its cluster goes as a whole');
  const talosconfig = await talosconfigOf(cluster, ports);
  if (talosconfig === undefined) return settled(`not left: Secret ${cluster.name}-talosconfig is gone`);
  // Itself first: etcd knows its members before any of them has a Node.
  const own = externalAddress(at.object.status?.addresses);
  const left = own === undefined ? undefined : await using(ports.nodes.talos(talosconfig, own), leave);
  if (left !== undefined) return left;
  const other = await otherMasterAddress(at, ports);
  if (other === undefined) return settled('not left: it is the last master');
  if (own !== undefined && deletingFor(at, ports) < giveUpAsking) return waiting('its Talos API does not answer', 5);
  return using(ports.nodes.talos(talosconfig, other), (talos) => removeFrom(talos, at));
});

/** Undefined: it does not answer. */
async function leave(talos: TalosApi): Promise<StepOutcome | undefined> {
  try {
    // It may have left without our hearing of it: its etcd answers no more questions then.
    if ((await talos.services()).some(({ id, state }) => id === 'etcd' && state === 'Finished')) return settled('it left etcd');
    if ((await talos.etcdMembers()).length < 2) return settled('not left: it is the last member of etcd');
    await talos.etcdForfeitLeadership();
    await talos.etcdLeave();
    return settled('it left etcd');
  } catch (error) {
    if (error instanceof RetryLater) return undefined;
    throw error;
  }
}

async function removeFrom(talos: TalosApi, at: MachineAtHand): Promise<StepOutcome> {
  const short = (name: string) => name.split('.', 1)[0]?.toLowerCase();
  const names = likelyNames(at).map(short);
  const members = await talos.etcdMembers();
  const member = members.find(({ hostname }) => names.includes(short(hostname)));
  if (member === undefined) return settled('it is no member of etcd');
  if (members.length < 2) return settled('not removed: it is the last member of etcd');
  await talos.etcdRemoveMember(member.id);
  return settled('another master took it out of etcd, since it did not answer');
}

async function otherMasterAddress({ machine }: MachineAtHand, { store }: StepPorts): Promise<string | undefined> {
  const all = await store.ofCluster(machineKind, machine.namespace, machine.clusterName ?? '');
  const other = all.find(
    (m) =>
      m.metadata.uid !== machine.uid &&
      roleOf(m) === 'master' &&
      m.metadata.deletionTimestamp === undefined &&
      m.status?.nodeRef !== undefined,
  );
  return externalAddress(other?.status?.addresses);
}

const externalAddress = (addresses: readonly { type: string; address: string }[] | undefined): string | undefined =>
  (addresses?.find(({ type }) => type === 'ExternalIP') ?? addresses?.find(({ type }) => type === 'InternalIP'))?.address;

async function using<T>(talos: TalosApi, ask: (talos: TalosApi) => Promise<T>): Promise<T> {
  try {
    return await ask(talos);
  } finally {
    talos.close();
  }
}
