import { keys } from '../fields.ts';
import { holdBack, tearDown } from '../machine-set/finalizers.ts';
import type { Operation, Plan } from '../operation.ts';
import { changeMachineSets } from './change-machine-sets.ts';
import { isPaused, type MachineDeploymentFacts } from './facts.ts';
import type { MachineDeploymentStatus } from './kind.ts';
import { secondsToDeadline } from './progress.ts';
import { isUnderWay, needsRollout, rolloutOutcome, type Start, startRollout } from './rollout.ts';
import { machineDeploymentStatus } from './status.ts';

/**
 * What to do for a MachineDeployment. Replacing Machines is left to the rollout's execution: the reconciler only starts
 * it, and while it runs only reports. Creating the first MachineSet, scaling and tidying up need no execution.
 */
export function planMachineDeployment(facts: MachineDeploymentFacts): Plan<MachineDeploymentStatus> {
  const { operations, rollout, waits } = decide(facts);
  const { rolloutAfter } = facts.deployment;
  const restart = rolloutAfter !== undefined && rolloutAfter > facts.now ? Math.ceil((rolloutAfter - facts.now) / 1000) : undefined;
  const checks = [waits, secondsToDeadline(facts), restart].filter((seconds): seconds is number => seconds !== undefined && seconds > 0);
  return {
    operations,
    status: machineDeploymentStatus(facts, rollout),
    ...(checks.length > 0 && { checkAgainIn: Math.min(...checks) }),
  };
}

function decide(facts: MachineDeploymentFacts): Start {
  const { deployment, machineSets, by } = facts;
  const { rollout } = deployment.reported;
  const only = (operations: readonly Operation[]): Start => ({ rollout, operations });
  const self = { ...deployment, kind: 'MachineDeployment' };
  if (isPaused(facts)) return only([]);
  if (deployment.deleting) return only(by === 'rollout' ? [] : tearDown(self, keys.machineDeploymentFinalizer, 'MachineSet', machineSets));
  const outcome = rolloutOutcome(facts);
  if (by === 'rollout') return only(outcome === 'superseded' || outcome === 'paused' ? [] : changeMachineSets(facts));
  const hold = holdBack(self, keys.machineDeploymentFinalizer, 'its MachineSets must be gone before it goes');
  if (isUnderWay(facts)) return only(hold);
  if (!needsRollout(facts)) return only([...hold, ...changeMachineSets(facts)]);
  // Past its deadline a rollout goes on where it can: it may have been the plane that stood still, and not a Machine.
  if (outcome === 'deadline exceeded' && changeMachineSets(facts).length === 0) return only(hold);
  const start = startRollout(facts);
  return { ...start, operations: [...hold, ...start.operations] };
}
