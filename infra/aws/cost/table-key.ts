import { functionsOf, hoursOfMonth, keyCacheMinutes } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { type Sort, sorts, type Usage } from './usage.ts';

/** Minutes between two times at which functions of a sort are called when nothing changes; absent: they are not called. */
function pauses({ settings: { cadence } }: Measured['under']): Partial<Record<Sort, number>> {
  const { nodes = 1, instances = 1, everything = 10 } = cadence ?? {};
  return { sweep: 1, steps: nodes, cloudSteps: instances, reconcile: everything, dispatch: everything };
}

/**
 * Requests to KMS in a month for the key of the table: one for each function and each time of five minutes in which it calls. Every
 * call for a change counts as one in a time of its own, as long as there are so many times in a month.
 */
export function tableKeyRequests(ofChanges: Usage, { under }: Measured): number {
  const idle = pauses(under);
  return sorts.reduce((sum, sort) => {
    const whenIdle = (hoursOfMonth * 60) / Math.max(keyCacheMinutes, idle[sort] ?? Number.POSITIVE_INFINITY);
    const most = (hoursOfMonth * 60) / keyCacheMinutes;
    return sum + functionsOf[sort] * Math.min(most, whenIdle + ofChanges.functions[sort].calls / functionsOf[sort]);
  }, 0);
}
