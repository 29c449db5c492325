import type { StoredCondition } from '../conditions.ts';
import type { LabelSelector } from '../fields.ts';
import type { Machine, RolloutSpec } from '../machine/model.ts';
import type { InPlaceSpec } from './in-place.ts';

/** A number of equal Machines, as plans see it. */
export interface MachineSet {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  /** ms since 1970. */
  readonly createdAt: number;
  readonly deleting: boolean;
  readonly generation: number;
  /** The generation that the counts below speak of. */
  readonly observedGeneration: number | undefined;
  /** How many Machines there should be (`spec.replicas`). */
  readonly desired: number;
  /** How many there are, those that are being deleted too (`status.replicas`). */
  readonly existing: number;
  readonly ready: number;
  readonly available: number;
  /** Seconds for which a Machine must be ready before it counts as available. */
  readonly minReadySeconds: number;
  readonly deletePolicy: DeletePolicy;
  readonly selector: LabelSelector;
  readonly template: MachineTemplate;
  readonly conditions: readonly StoredCondition[];
}

/** Which of several equally good Machines goes first. */
export type DeletePolicy = 'Random' | 'Newest' | 'Oldest';

/** What a Machine is made from. */
export interface MachineTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The Machine's spec; copied, never looked into. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** The part of it that makes another machine. */
  readonly rollout: RolloutSpec;
  /** Of `rollout`: equal texts mean that the same machine comes of it. */
  readonly fingerprint: string;
  /** The part of it that changes on a Machine that runs. */
  readonly inPlace: InPlaceSpec;
}

/** A Machine as its MachineSet sees it. */
export interface Member extends Machine {
  readonly inPlace: InPlaceSpec;
}
