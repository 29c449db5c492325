import { together } from '../../../shared/reconcile/observe.ts';
import { daysOfMonth, hoursOfMonth, looksOfChange } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { sumOf, times, type Usage, type Work } from './usage.ts';

/** What is asked: the cost of which plane. */
export interface Question {
  readonly clusters: number;
  /** Of each cluster. */
  readonly machines: number;
  /** In the whole plane; a change is one machine made and one deleted. */
  readonly changesPerDay: number;
  readonly dashboard: boolean;
  /** The functions are in a VPC, and reach the world through a NAT gateway. */
  readonly vpc: boolean;
}

/** What the hours of a month take. */
export function usageOfHours({ clusters, machines }: Question, { hour: { plane, cluster, machine } }: Measured): Usage {
  return times(sumOf([plane, withSharedLooks(cluster, clusters), times(machine, clusters * machines)]), hoursOfMonth);
}

/** What the changes of a month take. */
export const usageOfChanges = ({ changesPerDay }: Question, measured: Measured): Usage =>
  times(usageOfChange(measured), changesPerDay * daysOfMonth);

/** A machine made and deleted, and whoever looks at it meanwhile. */
export function usageOfChange({ make, remove }: Measured): Usage {
  const change = sumOf([make, remove]);
  return { ...change, functions: { ...change.functions, api: eachTimes(change.functions.api, 1 + looksOfChange) } };
}

/** Bytes of objects. */
export const storedBytes = ({ clusters, machines }: Question, { bytes }: Measured): number =>
  bytes.plane + clusters * (bytes.cluster + machines * bytes.machine);

/** Everything grows with the clusters, but one invocation looks at many of them. */
function withSharedLooks(cluster: Usage, clusters: number): Usage {
  const all = times(cluster, clusters);
  const invocations = Math.ceil(clusters / together);
  const shared = (sort: 'steps' | 'cloudSteps'): Work => ({ ...all.functions[sort], calls: cluster.functions[sort].calls * invocations });
  return { ...all, functions: { ...all.functions, steps: shared('steps'), cloudSteps: shared('cloudSteps') } };
}

const eachTimes = ({ calls, ms, reads, writes }: Work, factor: number): Work => ({
  calls: calls * factor,
  ms: ms * factor,
  reads: reads * factor,
  writes: writes * factor,
});
