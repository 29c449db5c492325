import type { Operation } from '../operation.ts';
import type { MachineDeploymentFacts } from './facts.ts';
import { findCurrent } from './find-current.ts';
import type { MachineDeployment, Rollout } from './model.ts';
import { isComplete, isHeld, secondsToDeadline } from './progress.ts';

/** How a rollout stands; all but the last end its execution. */
export type RolloutOutcome = 'complete' | 'paused' | 'deadline exceeded' | 'superseded' | 'in progress';

export function rolloutOutcome(facts: MachineDeploymentFacts): RolloutOutcome {
  const { deployment, by, execution } = facts;
  if (deployment.deleting) return 'superseded';
  if (isHeld(facts)) return 'paused';
  if (by === 'rollout' && execution !== undefined && !rollsOut(execution.name, deployment)) return 'superseded';
  if (isComplete(facts)) return 'complete';
  return secondsToDeadline(facts) === 0 ? 'deadline exceeded' : 'in progress';
}

/** Old Machines are there, and replacing them is not over: a matter for an execution. Mere scaling is not. */
export function needsRollout(facts: MachineDeploymentFacts): boolean {
  const { deployment, machineSets, now } = facts;
  if (deployment.strategy !== 'RollingUpdate' || isHeld(facts)) return false;
  const { current, old } = findCurrent(deployment, machineSets, now);
  const replaced = current !== undefined && current.desired >= deployment.replicas;
  return old.some((set) => set.desired > 0 && !set.deleting) || (!replaced && old.some((set) => set.existing > 0));
}

/** The execution that `status.rollout` speaks of, if one was started. */
export const lastExecution = ({ uid, reported: { rollout } }: Pick<MachineDeployment, 'uid' | 'reported'>): string | undefined =>
  rollout && executionName(uid, rollout);

const executionName = (uid: string, { generation, attempt }: Pick<Rollout, 'generation' | 'attempt'>): string =>
  `rollout-${uid}-g${generation}-${attempt}`;

const rollsOut = (execution: string, { uid, generation }: MachineDeployment): boolean =>
  execution.startsWith(`rollout-${uid}-g${generation}-`);

/** The execution of this generation runs: it alone acts. */
export const isUnderWay = ({ deployment, execution }: MachineDeploymentFacts): boolean =>
  execution?.running === true && rollsOut(execution.name, deployment);

/** What is to be done so that an execution carries the rollout out: start one, or wait before the next is tried. */
export interface Start {
  readonly rollout: Rollout | undefined;
  readonly operations: readonly Operation[];
  /** Seconds. */
  readonly waits?: number;
}

/** An attempt that ended early is followed by another, after a pause that doubles up to a minute. */
export function startRollout({ deployment, execution, now }: MachineDeploymentFacts): Start {
  const { namespace, name, uid, generation, reported } = deployment;
  const former = reported.rollout?.generation === generation ? reported.rollout : undefined;
  const ended = former !== undefined && execution?.name === executionName(uid, former);
  const waits = ended ? Math.ceil((former.startedAt - now) / 1000 + Math.min(2 ** (former.attempt - 1), 60)) : 0;
  if (waits > 0) return { rollout: former, operations: [], waits };
  const rollout = former !== undefined && !ended ? former : { generation, attempt: (former?.attempt ?? 0) + 1, startedAt: now };
  const start: Operation = {
    op: 'start',
    workflow: 'rollout',
    execution: executionName(uid, rollout),
    input: { kind: 'MachineDeployment', namespace, name, uid, generation },
    because: ended ? `attempt ${former.attempt} ended before the rollout was complete` : 'Machines are to be replaced',
  };
  return { rollout, operations: [start] };
}
