import { type Intents, intend, type Situation, total } from './situation.ts';

/**
 * Gets a rollout going that waits for itself. With 3 replicas, surge 1, unavailable 0, 3 old Machines of which 1 is
 * ill, and the 1 new one ready: no more may be made (4 exist), and none may go (3 are available, and the MachineSet
 * might pick a healthy one). So one old Machine goes, below the minimum if it must: MachineSets give up ill ones first.
 */
export function breakDeadlock({ current, old }: Situation, intents: Intents): Intents {
  const all = [current, ...old];
  const someUnavailable = total(old, (set) => set.existing) !== total(old, (set) => set.available);
  const settled = intents.size === 0 && all.every((set) => set.desired === set.existing);
  if (!someUnavailable || !settled || current.available !== current.existing) return intents;
  const stuck = old.find((set) => set.available !== set.existing && set.desired > 0);
  if (stuck === undefined) return intents;
  return intend(
    intents,
    stuck,
    stuck.desired - 1,
    `scaling down by 1 to unblock rollout stuck due to unavailable Machine on ${stuck.name}`,
  );
}
