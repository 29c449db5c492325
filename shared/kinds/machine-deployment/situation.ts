import type { MachineSet } from '../machine-set/model.ts';

/** The counts of a MachineSet that a rollout is decided from. */
export type Counted = Pick<MachineSet, 'name' | 'createdAt' | 'desired' | 'existing' | 'available'>;

/** What a rollout is decided from: numbers only. */
export interface Situation {
  readonly replicas: number;
  /** Absent: the strategy knows no surge. */
  readonly maxSurge?: number;
  readonly maxUnavailable: number;
  /** The MachineSet that has what the template asks for. */
  readonly current: Counted;
  /** The others, the oldest first. */
  readonly old: readonly Counted[];
}

/** How many Machines a MachineSet shall have, and why. */
export interface Intent {
  readonly replicas: number;
  readonly because: readonly string[];
}

/** What is intended, by name of the MachineSet. Those that are not in it stay as they are. */
export type Intents = ReadonlyMap<string, Intent>;

export const nothingIntended: Intents = new Map();

/** The number that a MachineSet will have: what is intended, else what it has now. */
export const intended = (intents: Intents, machineSet: Counted): number => intents.get(machineSet.name)?.replicas ?? machineSet.desired;

/** The intents with one more. A reason that was given before is not given twice. */
export function intend(intents: Intents, machineSet: Counted, replicas: number, because: string): Intents {
  const before = intents.get(machineSet.name)?.because ?? [];
  return new Map(intents).set(machineSet.name, { replicas, because: before.includes(because) ? before : [...before, because] });
}

export const total = <T>(items: readonly T[], count: (item: T) => number): number => items.reduce((sum, item) => sum + count(item), 0);

/** The oldest first; of those made in the same second, by name. */
export const byAge = (a: Pick<Counted, 'createdAt' | 'name'>, b: Pick<Counted, 'createdAt' | 'name'>): number =>
  a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1);
