import { machine as machineKind } from '../../kinds/machine/kind.ts';
import type { Happening } from '../../kinds/operation.ts';
import { recordEvent } from '../../reconcile/events.ts';
import { clusterOf } from '../../reconcile/gather.ts';
import { type CloudStepPorts, pace, settled, waiting } from '../step.ts';
import { atCloud, memoOf } from './at-cloud.ts';
import { type MachineAtHand, note, tearingDown } from './of-machine.ts';
import { deletingFor } from './reach-node.ts';

/** Deletes everything made for the machine in its cloud. A reserved address is free again when its instance is gone. */
export const deleteInstance = tearingDown<CloudStepPorts>(async (at, _input, ports) => {
  const memo = memoOf(at);
  if (memo === undefined && at.machine.providerID === undefined) return settled('no instance was ever asked for');
  const cluster = await clusterOf(at.object, ports);
  const unknown = { namespace: at.machine.namespace, name: at.machine.clusterName ?? '', uid: '' };
  const { ask, ref } = await atCloud(at, cluster ?? unknown, ports);
  const { gone, says } = await ask((provisioner) => provisioner.machines.delete(ref, memo));
  if (at.machine.status.lastOperation?.description !== says) await note(at, { says }, 'quiet', ports);
  if (gone) await recordEvent(machineKind, at.object, deleted(at), ports);
  // At the host's pace: it knows whether an instance goes in a moment or in a minute.
  return gone ? settled(says) : waiting(says, pace(deletingFor(at, ports) * 1000, ports.settings));
});

const deleted = ({ machine }: MachineAtHand): Happening => ({
  type: 'Normal',
  reason: 'InstanceDeleted',
  message: machine.providerID === undefined ? 'No instance is left of it' : `Instance ${machine.providerID} is deleted`,
});
