import { breakDeadlock } from './deadlock.ts';
import { type Counted, type Intents, intend, intended, nothingIntended, type Situation, total } from './situation.ts';

/**
 * One step of a rolling update: as many new Machines as the surge allows, and as many old ones fewer as can be
 * spared. Called again whenever counts change, it ends with all Machines in the current MachineSet.
 */
export function planRollingUpdate(situation: Situation): Intents {
  return breakDeadlock(situation, scaleDownOld(situation, alignCurrent(situation, nothingIntended)));
}

const align = 'scale down to align MachineSet spec.replicas to MachineDeployment spec.replicas';
const unavailableFirst =
  'scale down to align to existing Machines or scale down by removing unavailable replicas (and no available replicas exist on the MachineSet)';

/** Brings the current MachineSet to `replicas`: down at once, since nothing of what it has is old; up as far as there is room. */
export function alignCurrent(situation: Situation, intents: Intents): Intents {
  const { current, replicas } = situation;
  if (current.desired > replicas) return intend(intents, current, replicas, align);
  return current.desired < replicas ? growCurrent(situation, intents) : intents;
}

/**
 * Room is what is left below replicas + maxSurge. A MachineSet that is being scaled down takes room until its Machines
 * are gone, one that is being scaled up from the start: with 3 replicas and surge 1, 2 of 3 old ones wanted but 3
 * there and 1 new one there, there is no room.
 */
export function growCurrent(situation: Situation, intents: Intents): Intents {
  const { current, old, replicas, maxSurge } = situation;
  const machines = total([current, ...old], (set) => Math.max(set.desired, set.existing));
  const room = replicas + (maxSurge ?? 0) - machines;
  if (room <= 0) return intents;
  const surge = maxSurge === undefined ? '' : ` + ${maxSurge} maxSurge`;
  return intend(
    intents,
    current,
    current.desired + Math.min(room, replicas - current.desired),
    `${machines} current Machines < ${replicas} MachineDeployment spec.replicas${surge}`,
  );
}

/**
 * Scales old MachineSets down, those Machines first that are of no use, and never so far that fewer than
 * replicas - maxUnavailable stay available, even if each Machine that goes is an available one: the MachineSet picks.
 */
export function scaleDownOld(situation: Situation, intents: Intents): Intents {
  const { current, old, replicas, maxUnavailable } = situation;
  if (total(old, (set) => set.desired) === 0) return intents;
  const all = [current, ...old];
  const minimum = Math.max(replicas - maxUnavailable, 0);
  // Machines that are on their way out, and new ones that are not available yet, cannot be replaced a second time.
  const leaving = total(all, (set) => Math.max(set.existing - Math.min(set.desired, intended(intents, set)), 0));
  const coming = Math.max(current.desired - current.available, 0);
  let budget = Math.max(total(all, (set) => set.desired) - leaving - minimum - coming, 0);
  let available = total(all, (set) => set.available);
  let result = intents;

  for (const onlyUnavailable of [true, false]) {
    for (const set of old) {
      const wanted = intended(result, set);
      const most = onlyUnavailable ? Math.max(wanted - set.available, 0) : wanted;
      const asked = Math.min(most, budget);
      if (asked === 0) continue;
      // Upstream forgets here what other MachineSets are still losing, and could go below the minimum by as much.
      const sure = set.available + total(all, (other) => (other === set ? 0 : staying(result, other)));
      const { fewer, lost } = spare({ set, wanted, fewer: asked, spareable: Math.max(Math.min(available, sure) - minimum, 0) });
      const because = lost > 0 ? `${available} available replicas > ${minimum} minimum available replicas` : unavailableFirst;
      if (fewer > 0) result = intend(result, set, wanted - fewer, because);
      available -= lost;
      budget -= fewer;
    }
  }
  return result;
}

/** The available Machines that are sure to stay when a MachineSet comes down to what is intended: it may pick them first. */
const staying = (intents: Intents, set: Counted): number => Math.max(set.available - Math.max(set.existing - intended(intents, set), 0), 0);

interface Ask {
  readonly set: Counted;
  /** What it shall have so far. */
  readonly wanted: number;
  readonly fewer: number;
  /** How many available Machines may go. */
  readonly spareable: number;
}

/** How many fewer the MachineSet may really have, and how many available Machines that costs at worst. */
function spare({ set, wanted, fewer, spareable }: Ask): { fewer: number; lost: number } {
  const deleted = (by: number) => Math.max(set.existing - (wanted - by), 0);
  if (set.available === 0 || deleted(fewer) === 0) return { fewer, lost: 0 };
  // Down to existing - spareable at most: 4 existing, 2 spareable, then 2 stay, however many are wanted.
  const safe = deleted(fewer) > spareable ? wanted - Math.min(set.existing - spareable, wanted) : fewer;
  return { fewer: safe, lost: Math.min(set.available, deleted(safe)) };
}
