import { isAnnotatedPaused } from '../machine-set/annotations.ts';
import type { MachineSet } from '../machine-set/model.ts';
import type { MachineDeployment } from './model.ts';

/** What is known when a MachineDeployment is looked at. */
export interface MachineDeploymentFacts {
  /** ms since 1970. */
  readonly now: number;
  /** Who plans: the reconciler, or the rollout's execution, which alone replaces Machines. */
  readonly by: 'reconcile' | 'rollout';
  readonly deployment: MachineDeployment;
  /** The MachineSets that it controls, those that are being deleted too. */
  readonly machineSets: readonly MachineSet[];
  /** By rollout: the execution that asks. By reconcile: the last one started (`lastExecution`), if it is known. */
  readonly execution?: { readonly name: string; readonly running: boolean };
  readonly clusterPaused: boolean;
}

/** Nothing at all is done; `spec.paused` stops rollouts only. */
export const isPaused = ({ deployment, clusterPaused }: MachineDeploymentFacts): boolean =>
  clusterPaused || isAnnotatedPaused(deployment.annotations);
