import { alignCurrent } from './rolling-update.ts';
import { type Intents, intend, intended, nothingIntended, type Situation, total } from './situation.ts';

/**
 * One step of a rollout at the user's pace: an old Machine is replaced when the user deletes it. The old MachineSets
 * follow their Machines down (they make none), the current one fills up, without surge.
 */
export function planOnDelete(situation: Situation, prior: Intents = nothingIntended): Intents {
  const grown = alignCurrent(situation, prior);
  const followed = situation.old
    .filter((set) => set.desired > set.existing)
    .reduce((intents, set) => intend(intents, set, set.existing, 'scale down to align to existing Machines'), grown);
  return dropSurplus(situation, followed);
}

/** When `replicas` was lowered below what there is, the oldest MachineSets give up the difference. */
function dropSurplus({ current, old, replicas }: Situation, intents: Intents): Intents {
  let surplus = total([current, ...old], (set) => intended(intents, set)) - replicas;
  let result = intents;
  for (const set of old) {
    const fewer = Math.min(intended(result, set), surplus);
    if (fewer <= 0) continue;
    const because = 'scale down to align MachineSet spec.replicas to MachineDeployment spec.replicas';
    result = intend(result, set, intended(result, set) - fewer, because);
    surplus -= fewer;
  }
  return result;
}
