import { conditionOf } from '../conditions.ts';
import { annotation } from './annotations.ts';
import type { DeletePolicy, Member } from './model.ts';

/** A Machine that goes, and why it and not another. */
export interface Victim {
  readonly machine: Member;
  readonly because: string;
}

/**
 * The Machines to give up when there are `count` too many, the first to go first (priorities of Cluster API). Machines
 * that are being deleted already come first: they make room, so fewer others go.
 * @param now ms since 1970
 */
export function chooseVictims(machines: readonly Member[], count: number, policy: DeletePolicy, now: number): Victim[] {
  return machines
    .map((machine) => ({ machine, ...rank(machine, policy, now) }))
    .sort((a, b) => b.priority - a.priority || (a.machine.name < b.machine.name ? -1 : 1))
    .slice(0, count)
    .map(({ machine, because }) => ({ machine, because }));
}

interface Rank {
  /** 0 to 100, higher goes first. */
  readonly priority: number;
  readonly because: string;
}

function rank(machine: Member, policy: DeletePolicy, now: number): Rank {
  if (machine.deleting) return { priority: 100, because: 'it is being deleted already' };
  if (isMarked(machine)) return { priority: 80, because: 'it is annotated with delete-machine' };
  if (isUnhealthy(machine)) return { priority: 50, because: 'it is not healthy' };
  switch (policy) {
    case 'Random':
      return { priority: 20, because: 'all are healthy, and the policy is Random' };
    case 'Oldest':
      return { priority: seniority(machine, now), because: 'it is the oldest of the healthy ones' };
    case 'Newest':
      return { priority: 50 - seniority(machine, now), because: 'it is the newest of the healthy ones' };
  }
}

const isMarked = (machine: Member): boolean => (annotation(machine.annotations, 'delete-machine') ?? '') !== '';

/** A Machine without a Node, with a terminal error, or seen to be ill. One of which nothing is known counts as healthy. */
function isUnhealthy(machine: Member): boolean {
  const ill = ['NodeHealthy', 'HealthCheckSucceeded'].some((type) => conditionOf(machine.conditions, type)?.status === 'False');
  return machine.failed || machine.nodeName === undefined || machine.ready === false || ill;
}

const tenDays = 864_000_000;

/** 0 for a Machine of now, near 50 after some ten days, growing ever more slowly: it never reaches an unhealthy one's 50. */
const seniority = (machine: Member, now: number): number => 50 * (1 - Math.exp(-Math.max(now - machine.createdAt, 0) / tenDays));
