import type { MachineDeploymentFacts } from '../../../shared/kinds/machine-deployment/facts.ts';
import type { MachineDeployment } from '../../../shared/kinds/machine-deployment/model.ts';
import type { MachineSet } from '../../../shared/kinds/machine-set/model.ts';
import { aDeployment, aMachineSet, now } from './builders.ts';

export const facts = (
  deployment: Partial<MachineDeployment>,
  machineSets: MachineSet[],
  more: Partial<MachineDeploymentFacts> = {},
): MachineDeploymentFacts => ({
  now,
  by: 'reconcile',
  deployment: aDeployment({ generation: 2, ...deployment }),
  machineSets,
  clusterPaused: false,
  ...more,
});
export const full = (name: string, version: string, replicas = 3, more: Partial<MachineSet> = {}) =>
  aMachineSet(name, version, { desired: replicas, existing: replicas, ready: replicas, available: replicas, ...more });
export const reported = (more: Partial<MachineDeployment['reported']>) => ({
  reported: { ...aDeployment().reported, observedGeneration: 2, ...more },
});
export const rollout = (attempt: number, secondsAgo: number, generation = 2) => ({
  generation,
  attempt,
  startedAt: now - secondsAgo * 1000,
});
export const old = () => full('old', 'v1');
