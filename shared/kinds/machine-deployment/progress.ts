import { conditionOf } from '../conditions.ts';
import { isPaused, type MachineDeploymentFacts } from './facts.ts';
import { findCurrent } from './find-current.ts';
import type { Counts } from './model.ts';
import { total } from './situation.ts';

/** The Machines of a MachineDeployment, counted; up to date are those of the current MachineSet. */
export function countsOf({ deployment, machineSets, now }: MachineDeploymentFacts): Counts {
  return {
    replicas: total(machineSets, (set) => set.existing),
    updated: findCurrent(deployment, machineSets, now).current?.existing ?? 0,
    ready: total(machineSets, (set) => set.ready),
    available: total(machineSets, (set) => set.available),
  };
}

/** All Machines are up to date and available, no more and no fewer than asked for. */
export function isComplete(facts: MachineDeploymentFacts): boolean {
  const { replicas, updated, available } = countsOf(facts);
  const all = facts.deployment.replicas;
  return replicas === all && updated === all && available === all;
}

export const isHeld = (facts: MachineDeploymentFacts): boolean => isPaused(facts) || facts.deployment.paused;

/** Reasons of the condition Progressing. While one of the first two holds, no time is counted. */
export const progressing = { complete: 'Complete', paused: 'Paused', exceeded: 'ProgressDeadlineExceeded', going: 'RollingOut' } as const;

/**
 * When a rollout last got nearer to its end, ms since 1970. A new spec, and going on after a pause or after all was
 * well, begin the count anew.
 */
export function lastProgress(facts: MachineDeploymentFacts): number | undefined {
  const { reported, generation } = facts.deployment;
  if (isHeld(facts) || isComplete(facts)) return reported.lastProgress;
  const reason = conditionOf(reported.conditions, 'Progressing')?.reason;
  const begins = reason === undefined || reason === progressing.complete || reason === progressing.paused;
  return begins || reported.observedGeneration !== generation || isNearer(reported.counts, countsOf(facts))
    ? facts.now
    : reported.lastProgress;
}

const isNearer = (before: Counts, after: Counts): boolean =>
  after.updated > before.updated ||
  after.ready > before.ready ||
  after.available > before.available ||
  after.replicas - after.updated < before.replicas - before.updated;

/** Seconds until a rollout without progress counts as stuck, 0: it is; undefined: nothing is counted. */
export function secondsToDeadline(facts: MachineDeploymentFacts): number | undefined {
  const { deployment, now } = facts;
  const since = lastProgress(facts);
  const counted = deployment.strategy === 'RollingUpdate' && !deployment.deleting && !isHeld(facts) && !isComplete(facts);
  if (!counted || since === undefined) return undefined;
  return Math.max(Math.ceil((since - now) / 1000 + deployment.progressDeadlineSeconds), 0);
}
