import { NotFound } from '../../errors.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { machine as machineKind } from '../../kinds/machine/kind.ts';
import { roleOf } from '../../kinds/machine/to-model.ts';
import { machineDeployment } from '../../kinds/machine-deployment/kind.ts';
import { machineSet } from '../../kinds/machine-set/kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { beginDeletion } from '../../reconcile/deletion.ts';
import { pace, type StepPorts, settled, waiting } from '../step.ts';
import { type ClusterAtHand, tearingDown } from './of-cluster.ts';

/** Deletes MachineDeployments, MachineSets and the workers that nobody owns, and waits until all workers are gone. */
export const deleteWorkers = tearingDown<StepPorts>(async (at, _input, ports) => {
  const deployments = await deleteAll(machineDeployment, await ofCluster(machineDeployment, at, ports), ports);
  const sets = await deleteAll(machineSet, await ofCluster(machineSet, at, ports), ports);
  const workers = (await ofCluster(machineKind, at, ports)).filter((object) => roleOf(object) === 'worker');
  await deleteAll(machineKind, workers, ports);
  if (deployments + sets + workers.length === 0) return settled('all workers are gone');
  return waiting(
    `${workers.length} workers, ${sets} MachineSets and ${deployments} MachineDeployments are being deleted`,
    patience(at, ports),
  );
});

/** Then the masters, together: etcd goes with its cluster. */
export const deleteMasters = tearingDown<StepPorts>(async (at, _input, ports) => {
  const masters = await deleteAll(machineKind, await ofCluster(machineKind, at, ports), ports);
  return masters === 0 ? settled('all masters are gone') : waiting(`${masters} masters are being deleted`, patience(at, ports));
});

const ofCluster = <T extends KubeObject>(kind: Kind<T>, { cluster }: ClusterAtHand, { store }: StepPorts): Promise<T[]> =>
  store.ofCluster(kind, cluster.namespace, cluster.name);

/** Marks what is not marked yet; returns how many there are. */
async function deleteAll<T extends KubeObject>(kind: Kind<T>, objects: readonly T[], { store, clock }: StepPorts): Promise<number> {
  for (const object of objects.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
    await beginDeletion(store, kind, object, clock.now()).catch((error: unknown) => {
      if (!(error instanceof NotFound)) throw error;
    });
  }
  return objects.length;
}

const patience = ({ object }: ClusterAtHand, { clock, settings }: StepPorts): number =>
  pace(clock.now() - Date.parse(object.metadata.deletionTimestamp ?? ''), settings);
