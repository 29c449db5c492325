import { type ClusterObject, cluster } from '../kinds/cluster/kind.ts';
import { type Cluster, toCluster } from '../kinds/cluster/model.ts';
import type { ClusterFacts } from '../kinds/cluster/plan.ts';
import { secret } from '../kinds/core/secret.ts';
import { keys, systemNamespace } from '../kinds/fields.ts';
import { type MachineObject, machine } from '../kinds/machine/kind.ts';
import type { MachineSelf } from '../kinds/machine/model.ts';
import type { MachineFacts } from '../kinds/machine/plan.ts';
import { toMachineSelf } from '../kinds/machine/to-model.ts';
import { machineClass } from '../kinds/machine-class/kind.ts';
import type { MachineDeploymentFacts } from '../kinds/machine-deployment/facts.ts';
import type { MachineDeploymentObject } from '../kinds/machine-deployment/kind.ts';
import { lastExecution } from '../kinds/machine-deployment/rollout.ts';
import { toMachineDeployment } from '../kinds/machine-deployment/to-model.ts';
import type { MachineSetFacts } from '../kinds/machine-set/facts.ts';
import { type MachineSetObject, machineSet } from '../kinds/machine-set/kind.ts';
import { toMachineSet, toMember } from '../kinds/machine-set/to-model.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { ReconcilePorts } from './reconcile.ts';

/** What plans are told: each function reads what one kind's plan needs, and nothing else. */

export async function gatherMachine(object: MachineObject, _turn: number, ports: ReconcilePorts): Promise<MachineFacts> {
  const self = toMachineSelf(object);
  const [owner, execution, secretVersion, ofClass] = await Promise.all([
    clusterOf(object, ports),
    hasNothingToDecide(self) ? undefined : executionOf(self.status.execution, 'machine', ports),
    self.status.waitingFor?.secret === undefined ? undefined : versionOfSecret(self.status.waitingFor.secret, ports),
    self.machineClass === undefined || self.deleting
      ? undefined
      : ports.store.get(machineClass, { namespace: self.namespace, name: self.machineClass }),
  ]);
  return {
    now: ports.clock.now(),
    machine: self,
    ...(owner !== undefined && {
      cluster: {
        deleting: owner.deleting,
        paused: owner.paused,
        secretsReady: owner.status.secretsReady === true,
        masterAddresses: owner.masterAddresses,
      },
    }),
    ...(execution !== undefined && { execution }),
    ...(secretVersion !== undefined && { secretVersion }),
    ...(ofClass !== undefined && { machineClass: { providerSpec: ofClass.providerSpec } }),
  };
}

/** Whose Node came needs no execution any more until it goes. */
const hasNothingToDecide = ({ deleting, status }: MachineSelf): boolean => !deleting && status.nodeRef !== undefined;

export async function gatherCluster(object: ClusterObject, _turn: number, ports: ReconcilePorts): Promise<ClusterFacts> {
  const self = toCluster(object);
  const execution = await executionOf(self.status.execution, 'cluster', ports);
  return { now: ports.clock.now(), cluster: self, ...(execution !== undefined && { execution }) };
}

export async function gatherMachineSet(object: MachineSetObject, turn: number, ports: ReconcilePorts): Promise<MachineSetFacts> {
  const { namespace = '', uid = '' } = object.metadata;
  const [machines, owner] = await Promise.all([ports.store.ownedBy(machine, namespace, uid), clusterOf(object, ports)]);
  return {
    now: ports.clock.now(),
    turn,
    machineSet: toMachineSet(object),
    machines: machines.map(toMember),
    clusterPaused: owner?.paused === true,
    clusterStarts: owner !== undefined && !owner.deleting && owner.status.secretsReady !== true,
  };
}

/** `rollout`: the execution that asks, when it is a rollout's that plans. */
export async function gatherMachineDeployment(
  object: MachineDeploymentObject,
  ports: ReconcilePorts,
  rollout?: string,
): Promise<MachineDeploymentFacts> {
  const { namespace = '', uid = '' } = object.metadata;
  const deployment = toMachineDeployment(object);
  const [sets, owner, execution] = await Promise.all([
    ports.store.ownedBy(machineSet, namespace, uid),
    clusterOf(object, ports),
    rollout === undefined ? rolloutOf(lastExecution(deployment), ports) : { name: rollout, running: true },
  ]);
  return {
    now: ports.clock.now(),
    by: rollout === undefined ? 'reconcile' : 'rollout',
    deployment,
    machineSets: sets.map(toMachineSet),
    ...(execution !== undefined && { execution }),
    clusterPaused: owner?.paused === true,
  };
}

async function rolloutOf(name: string | undefined, { workflows }: ReconcilePorts): Promise<{ name: string; running: boolean } | undefined> {
  const execution = name === undefined ? undefined : await workflows.describe('rollout', name);
  return execution && { name: execution.name, running: execution.status === 'RUNNING' };
}

/** The Cluster that an object's label names, if there is one. */
export async function clusterOf(object: KubeObject, { store }: Pick<ReconcilePorts, 'store'>): Promise<Cluster | undefined> {
  const name = object.metadata.labels?.[keys.clusterName];
  if (name === undefined) return undefined;
  const found = await store.get(cluster, { namespace: object.metadata.namespace ?? '', name });
  return found === undefined ? undefined : toCluster(found);
}

/** `create-<uid>-1` of a machine is an execution of the state machine create-machine. */
async function executionOf(
  name: string | undefined,
  of: string,
  { workflows }: ReconcilePorts,
): Promise<{ name: string; running: boolean } | undefined> {
  if (name === undefined) return undefined;
  const execution = await workflows.describe(`${name.split('-', 1)[0]}-${of}`, name);
  return execution === undefined ? undefined : { name, running: execution.status === 'RUNNING' };
}

/** The version of a credentials Secret; 'none' when it is missing, so that its appearance is a change. */
export async function versionOfSecret(name: string, { store }: Pick<ReconcilePorts, 'store'>): Promise<string> {
  const found = await store.get(secret, { namespace: systemNamespace, name });
  return found?.metadata.resourceVersion ?? 'none';
}
