import { Invalid } from '../../errors.ts';

/** 1, or "25%". */
export type IntOrPercent = number | string;

interface Asked {
  readonly replicas: number;
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
}

/**
 * How far a rollout may go above and below `replicas`, in Machines. As Kubernetes: the surge is rounded up, the
 * unavailable down; if both come out as 0 nothing could ever move, so one may be unavailable. 39% of 10 are 4 and 3.
 */
export function fenceposts({ replicas, maxSurge, maxUnavailable }: Asked): { maxSurge: number; maxUnavailable: number } {
  const surge = machines('maxSurge', maxSurge, replicas, Math.ceil);
  const unavailable = machines('maxUnavailable', maxUnavailable, replicas, Math.floor);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function machines(field: string, value: IntOrPercent, replicas: number, round: (share: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined)
    throw new Invalid(`spec.strategy.rollingUpdate.${field}: ${JSON.stringify(value)}: write a number, or a percentage such as "25%"`);
  return round((Number(percent) * replicas) / 100);
}
