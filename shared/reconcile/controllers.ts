import { cluster } from '../kinds/cluster/kind.ts';
import { planCluster } from '../kinds/cluster/plan.ts';
import { machine } from '../kinds/machine/kind.ts';
import { planMachine } from '../kinds/machine/plan.ts';
import { type MachineDeploymentObject, machineDeployment } from '../kinds/machine-deployment/kind.ts';
import { planMachineDeployment } from '../kinds/machine-deployment/plan.ts';
import { machineSet } from '../kinds/machine-set/kind.ts';
import { planMachineSet } from '../kinds/machine-set/plan.ts';
import { gatherCluster, gatherMachine, gatherMachineDeployment, gatherMachineSet } from './gather.ts';
import type { ReconcilePorts } from './reconcile.ts';

/** Of each kind that is reconciled: what is read, and what decides. Each by itself, so that a bundle holds no other. */
export const clusterController = { kind: cluster, gather: gatherCluster, plan: planCluster };
export const machineController = { kind: machine, gather: gatherMachine, plan: planMachine };
export const machineSetController = { kind: machineSet, gather: gatherMachineSet, plan: planMachineSet };
export const machineDeploymentController = {
  kind: machineDeployment,
  gather: (object: MachineDeploymentObject, _turn: number, ports: ReconcilePorts) => gatherMachineDeployment(object, ports),
  plan: planMachineDeployment,
};

export const controllers = {
  cluster: clusterController,
  machine: machineController,
  machineSet: machineSetController,
  machineDeployment: machineDeploymentController,
};
