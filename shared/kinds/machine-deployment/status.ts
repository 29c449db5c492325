import { type Claim, claim, conditionsFrom } from '../machine-set/status.ts';
import { timestamp } from '../object.ts';
import { formatSelector } from '../selector.ts';
import { isPaused, type MachineDeploymentFacts } from './facts.ts';
import { findCurrent, outOfDate } from './find-current.ts';
import type { MachineDeploymentStatus } from './kind.ts';
import type { Rollout } from './model.ts';
import { countsOf, isComplete, isHeld, lastProgress, progressing, secondsToDeadline } from './progress.ts';
import { total } from './situation.ts';

/** What `kubectl get machinedeployment` says: the Machines counted, and how far a rollout is, in words. */
export function machineDeploymentStatus(facts: MachineDeploymentFacts, rollout: Rollout | undefined): MachineDeploymentStatus {
  const { deployment, machineSets, now } = facts;
  const counts = countsOf(facts);
  const progress = lastProgress(facts);
  return {
    phase: phaseOf(facts),
    replicas: counts.replicas,
    updatedReplicas: counts.updated,
    readyReplicas: counts.ready,
    availableReplicas: counts.available,
    unavailableReplicas: Math.max(total(machineSets, (set) => set.desired) - counts.available, 0),
    labelSelector: formatSelector(deployment.selector),
    observedGeneration: deployment.generation,
    ...(progress !== undefined && { lastProgressTime: timestamp(progress) }),
    ...(rollout !== undefined && { rollout: { ...rollout, startedAt: timestamp(rollout.startedAt) } }),
    conditions: conditionsFrom(
      [available(facts), progressingClaim(facts), rollingOut(facts), ...scaling(facts), deleting(facts), paused(facts)],
      deployment.reported.conditions,
      now,
    ),
  };
}

function phaseOf(facts: MachineDeploymentFacts): string {
  const { deployment } = facts;
  const { replicas } = countsOf(facts);
  if (deployment.deleting || replicas > deployment.replicas) return 'ScalingDown';
  return replicas < deployment.replicas ? 'ScalingUp' : 'Running';
}

function available(facts: MachineDeploymentFacts): Claim {
  const { replicas, maxUnavailable, deleting: isDeleting, strategy } = facts.deployment;
  if (isDeleting) return claim('Available', false, 'Deletion in progress');
  const count = countsOf(facts).available;
  const minimum = Math.max(replicas - maxUnavailable, 0);
  if (count >= minimum) return claim('Available', true);
  const pace = strategy === 'OnDelete' ? '' : `spec.strategy.rollingUpdate.maxUnavailable is ${maxUnavailable}, `;
  return claim('Available', false, `${count} available replicas, at least ${minimum} required (${pace}spec.replicas is ${replicas})`);
}

function progressingClaim(facts: MachineDeploymentFacts): Claim {
  const type = 'Progressing';
  if (isHeld(facts)) return { type, status: 'Unknown', reason: progressing.paused, message: 'No Machine is replaced while it is paused' };
  if (isComplete(facts)) return claim(type, true, 'All Machines are up to date and available', progressing.complete);
  if (secondsToDeadline(facts) !== 0) return claim(type, true, '', progressing.going);
  const message = `No progress for ${facts.deployment.progressDeadlineSeconds} seconds (spec.progressDeadlineSeconds): see which Machines are not available`;
  return claim(type, false, message, progressing.exceeded);
}

function rollingOut({ deployment, machineSets, now }: MachineDeploymentFacts): Claim {
  const outdated = findCurrent(deployment, machineSets, now).old.filter((set) => set.existing > 0);
  const count = total(outdated, (set) => set.existing);
  if (count === 0) return claim('RollingOut', false);
  const reasons = new Set(outdated.flatMap((set) => outOfDate(set.template.rollout, deployment.template.rollout)));
  const lines = [...reasons].map((reason) => `\n* ${reason}`).join('');
  return claim('RollingOut', true, `Rolling out ${count} not up-to-date replicas${lines}`);
}

function scaling(facts: MachineDeploymentFacts): Claim[] {
  const wanted = facts.deployment.deleting ? 0 : facts.deployment.replicas;
  const { replicas } = countsOf(facts);
  return [
    claim('ScalingUp', replicas < wanted, replicas < wanted ? `Scaling up from ${replicas} to ${wanted} replicas` : ''),
    claim('ScalingDown', replicas > wanted, replicas > wanted ? `Scaling down from ${replicas} to ${wanted} replicas` : ''),
  ];
}

function deleting({ deployment, machineSets }: MachineDeploymentFacts): Claim {
  const left = machineSets.length;
  return claim('Deleting', deployment.deleting, deployment.deleting ? `Deleting ${left} MachineSet${left === 1 ? '' : 's'}` : '');
}

const paused = (facts: MachineDeploymentFacts): Claim =>
  claim('Paused', isPaused(facts), isPaused(facts) ? 'Nothing is done while it is paused' : '');
