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

/** Each kind that is reconciled: what is read, and what decides. */
export const controllers = {
  cluster: { kind: cluster, gather: gatherCluster, plan: planCluster },
  machine: { kind: machine, gather: gatherMachine, plan: planMachine },
  machineSet: { kind: machineSet, gather: gatherMachineSet, plan: planMachineSet },
  machineDeployment: {
    kind: machineDeployment,
    gather: (object: MachineDeploymentObject, _turn: number, ports: ReconcilePorts) => gatherMachineDeployment(object, ports),
    plan: planMachineDeployment,
  },
};
