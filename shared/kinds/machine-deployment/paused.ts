import { annotationKeys, numberIn } from '../machine-set/annotations.ts';
import type { MachineSet } from '../machine-set/model.ts';
import type { MachineDeployment } from './model.ts';
import { byAge, type Intents, intend, nothingIntended, total } from './situation.ts';

/**
 * Scaling while the rollout is paused: no new MachineSet is made and none is drained, but `replicas` counts. With one
 * active MachineSet it takes all; with several, each keeps its share (as Kubernetes does for Deployments).
 * @param machineSets those that are not being deleted
 */
export function planPaused(deployment: MachineDeployment, machineSets: readonly MachineSet[], current: MachineSet | undefined): Intents {
  const { replicas, strategy } = deployment;
  const active = machineSets.filter((set) => set.desired > 0);
  if (active.length <= 1) {
    const only = active[0] ?? current ?? [...machineSets].sort(byAge).at(-1);
    if (only === undefined || only.desired === replicas) return nothingIntended;
    return intend(nothingIntended, only, replicas, `paused, and the only active MachineSet: spec.replicas is ${replicas}`);
  }
  if (current !== undefined && isSaturated(current, replicas))
    return active
      .filter((set) => set !== current)
      .reduce((intents, set) => intend(intents, set, 0, `the current MachineSet has all ${replicas} replicas`), nothingIntended);
  return strategy === 'OnDelete'
    ? nothingIntended
    : shareOut(
        deployment,
        active,
        total(machineSets, (set) => set.existing),
      );
}

/** It was asked for all replicas, has them, and they are available. */
export const isSaturated = (set: MachineSet, replicas: number): boolean =>
  set.desired === replicas && set.available === replicas && numberIn(set.annotations, annotationKeys.desiredReplicas) === replicas;

/**
 * Spreads a change of size over the active MachineSets in proportion to their own sizes, the larger first; what
 * rounding leaves goes to the largest. From 10 to 15 with surge 3, having 8 and 5: 18 - 13 = 5 more;
 * round(8 * 18 / 13) - 8 = 3 for the first, 2 for the second.
 */
function shareOut({ replicas, maxSurge }: MachineDeployment, active: readonly MachineSet[], existing: number): Intents {
  const allowed = replicas > 0 ? replicas + maxSurge : 0;
  const change = allowed - total(active, (set) => set.desired);
  if (change === 0) return nothingIntended;
  const bySize = [...active].sort((a, b) => b.desired - a.desired || (change > 0 ? byAge(b, a) : byAge(a, b)));
  const shares = new Map<MachineSet, number>();
  let left = change;
  for (const set of bySize) {
    const before = numberIn(set.annotations, annotationKeys.maxReplicas) ?? existing;
    const fraction = replicas === 0 ? -set.desired : Math.round((set.desired * allowed) / Math.max(before, 1)) - set.desired;
    const share = left === 0 ? 0 : change > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    shares.set(set, share);
    left -= share;
  }
  return bySize.reduce((intents, set, index) => {
    const wanted = Math.max(set.desired + (shares.get(set) ?? 0) + (index === 0 ? left : 0), 0);
    if (wanted === set.desired) return intents;
    return intend(
      intents,
      set,
      wanted,
      `paused midway: its share of ${allowed} Machines (spec.replicas ${replicas} + maxSurge ${maxSurge})`,
    );
  }, nothingIntended);
}
